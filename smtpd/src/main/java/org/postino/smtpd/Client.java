// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.postino.util.InetText;

/// The client at the other end of a connection: its name as far as it is known, its address and port.
///
/// @param address null for a client on a Unix socket
record Client(ClientName named, @Nullable InetAddress address, int port, boolean logPort) {
    /// The address of a client of which a proxy says that it does not know it. No client has it.
    static final InetAddress NO_ADDRESS = InetAddress.ofLiteral("0.0.0.0");

    /// A name that can be trusted, or `unknown`.
    String name() {
        return named.name();
    }

    /// The address as log lines show it: `192.0.2.1`, `2001:db8::1`.
    String addressText() {
        return address == null || address.equals(NO_ADDRESS) ? "unknown" : text(address);
    }

    /// The address as it stands in Received: header fields: `192.0.2.1`, `IPv6:2001:db8::1`.
    String literal() {
        return address instanceof Inet6Address ? "IPv6:" + addressText() : addressText();
    }

    /// `NAME[ADDRESS]`, as in every log line.
    @Override
    public String toString() {
        return name() + "[" + addressText() + "]" + (logPort ? ":" + port : "");
    }

    /// An address in its shortest form (RFC 5952).
    static String text(InetAddress address) {
        return InetText.of(address);
    }
}
