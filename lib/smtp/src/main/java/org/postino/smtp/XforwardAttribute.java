// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The attributes of the command XFORWARD, in the order in which a server announces them.
///
/// Values are xtext (RFC 3461, 4), and [#UNAVAILABLE] where the sender does not know one.
public enum XforwardAttribute {
    /// The client's host name.
    NAME,
    /// Its address; one of IPv6 has [#IPV6] in front.
    ADDR,
    /// `SMTP` or `ESMTP`.
    PROTO,
    /// The name that it gave with HELO.
    HELO,
    /// `LOCAL` if missing header fields may be added, as for our own clients; `REMOTE`.
    SOURCE,
    PORT,
    /// The queue id at the sender of the command.
    IDENT;

    public static final String UNAVAILABLE = "[UNAVAILABLE]";

    public static final String IPV6 = "IPV6:";

    /// The attribute with that name, in letters of either case; null if there is none.
    public static @Nullable XforwardAttribute find(String name) {
        for (var attribute : values()) {
            if (attribute.name().equals(name.toUpperCase(Locale.ROOT))) {
                return attribute;
            }
        }
        return null;
    }

    /// The line of an EHLO reply that announces all of them.
    public static String keyword() {
        return Arrays.stream(values())
                .map(Enum::name)
                .collect(Collectors.joining(" ", "XFORWARD ", ""));
    }
}
