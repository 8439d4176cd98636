// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;

/// Finds the name of a client. Safe for use by several threads.
@FunctionalInterface
interface ClientNames {
    /// Asks nobody (`smtpd_peername_lookup = no`).
    ClientNames OFF = _ -> ClientName.nameless(ClientName.Status.NONE);

    /// Blocks, but not for long.
    ClientName of(InetAddress address);
}
