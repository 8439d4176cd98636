// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.postino.util.InetText;

/// One place to connect to.
///
/// @param host its name; the address as text if it has none; our own name for a Unix socket
/// @param address null for a Unix socket
/// @param path of a Unix socket, or empty
/// @param preference of its MX record; lower is better
record Target(String host, @Nullable InetAddress address, String path, int port, int preference) {
    Target(String host, InetAddress address, int port, int preference) {
        this(host, address, "", port, preference);
    }

    /// Makes the target of a Unix socket on this machine.
    static Target unix(String myHostname, String path) {
        return new Target(myHostname, null, path, 0, 0);
    }

    /// Returns `HOST[ADDR]` or `HOST[PATH]`, as in reports of replies.
    String name() {
        return host + "[" + (address == null ? path : InetText.of(address)) + "]";
    }

    /// Returns `HOST[ADDR]:PORT` or `HOST[PATH]`, as in `relay=`.
    String relay() {
        return address == null ? name() : name() + ":" + port;
    }

    /// Returns the address and port, or the path. It is the same for two targets that lead to one listener, whatever their names.
    String place() {
        return address == null ? path : InetText.of(address) + ":" + port;
    }
}
