// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import java.util.Locale;
import org.postino.routing.Resolved;
import org.postino.routing.Resolver;
import org.postino.table.TableException;

/// Routes by the configuration's domains and tables.
record ResolverRouter(Resolver resolver) implements Router {
    @Override
    public Route route(String sender, String recipient) throws IOException {
        try {
            Resolved r = resolver.resolve(sender, recipient);
            // The text for error and discard is meant for people; any other nexthop names a host or
            // domain.
            boolean text = r.nexthop().indexOf(' ') >= 0;
            return new Route(
                    r.transport(),
                    text ? r.nexthop() : r.nexthop().toLowerCase(Locale.ROOT),
                    r.recipient());
        } catch (TableException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
