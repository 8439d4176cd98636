// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;

/// Finds the name of a client. A name must be confirmed: its own addresses contain the client's, else it is `unknown`.
@FunctionalInterface
interface ClientNames {
    String UNKNOWN = "unknown";

    /// Knows ourselves alone; asks nobody.
    ClientNames LOOPBACK_ONLY = address -> address.isLoopbackAddress() ? "localhost" : UNKNOWN;

    String nameOf(InetAddress address);
}
