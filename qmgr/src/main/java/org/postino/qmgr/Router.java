// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;

/// Where mail for a recipient goes.
@FunctionalInterface
interface Router {
    /// A way for a recipient.
    ///
    /// @param transport the name of a socket in `private`
    /// @param recipient the address as the agent shall have it
    record Route(String transport, String nexthop, String recipient) {}

    /// Finds the way for a recipient.
    ///
    /// @throws IOException cannot be said now, try later
    Route route(String sender, String recipient) throws IOException;
}
