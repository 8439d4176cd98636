// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.postino.util.InetText;

/// One place to connect to.
///
/// @param host its name; the address as text if it has none; the path of a Unix socket
/// @param address null for a Unix socket
/// @param preference of its MX record; lower is better
record Target(String host, @Nullable InetAddress address, int port, int preference) {

    /// `HOST[ADDR]`, as in replies' reports.
    String name() {
        return address == null ? host : host + "[" + InetText.of(address) + "]";
    }

    /// `HOST[ADDR]:PORT`, as in `relay=`.
    String relay() {
        return address == null ? host : name() + ":" + port;
    }

    /// What tells one listener from another, whatever name it was found by: the address and port, or the path.
    String place() {
        return address == null ? host : InetText.of(address) + ":" + port;
    }
}
