// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import java.util.Locale;

/// The routes of mail: it finds the transport and nexthop of a recipient.
@FunctionalInterface
interface Router {
    /// The route of a recipient.
    ///
    /// @param transport the name of a socket in `private`
    /// @param recipient the address as the agent gets it
    record Route(String transport, String nexthop, String recipient) {
        private static final String SOCKET = "unix:";

        /// The route with a next hop as it was written, in lower case if it names a host or domain: not if it is the path of a
        /// socket, or text for people, as error and discard have.
        static Route of(String transport, String nexthop, String recipient) {
            boolean isName = nexthop.indexOf(' ') < 0 && !nexthop.startsWith(SOCKET);
            return new Route(
                    transport, isName ? nexthop.toLowerCase(Locale.ROOT) : nexthop, recipient);
        }
    }

    /// Finds the route of a recipient.
    ///
    /// @throws IOException the route is not known now; try later
    Route route(String sender, String recipient) throws IOException;

    /// The routes of probes of addresses.
    default Router ofProbes() {
        return this;
    }
}
