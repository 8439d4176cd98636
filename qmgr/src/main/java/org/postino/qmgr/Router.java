// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;

/// The routes of mail: it finds the transport and nexthop of a recipient.
@FunctionalInterface
interface Router {
    /// The route of a recipient.
    ///
    /// @param transport the name of a socket in `private`
    /// @param recipient the address as the agent gets it
    record Route(String transport, String nexthop, String recipient) {}

    /// Finds the route of a recipient.
    ///
    /// @throws IOException the route is not known now; try later
    Route route(String sender, String recipient) throws IOException;
}
