// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import org.postino.routing.Resolved;
import org.postino.routing.Resolver;
import org.postino.table.TableException;

/// Routes by the configuration's domains and tables.
///
/// @param probes the routes of probes of addresses
record ResolverRouter(Resolver resolver, Resolver probes) implements Router {
    @Override
    public Router ofProbes() {
        return new ResolverRouter(probes, probes);
    }

    @Override
    public Route route(String sender, String recipient) throws IOException {
        try {
            Resolved r = resolver.resolve(sender, recipient);
            return Route.of(r.transport(), r.nexthop(), r.recipient());
        } catch (TableException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
