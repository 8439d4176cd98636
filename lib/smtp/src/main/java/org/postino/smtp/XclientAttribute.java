// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The attributes of the command XCLIENT, in the order in which a server announces them.
///
/// Values are xtext (RFC 3461, 4), [XforwardAttribute#UNAVAILABLE] where there is none, or [#TEMPORARY] where the sender could
/// not find a name out.
public enum XclientAttribute {
    /// The client's host name, as its own addresses confirm it.
    NAME,
    /// Its address; one of IPv6 has [XforwardAttribute#IPV6] in front.
    ADDR,
    /// `SMTP` or `ESMTP`.
    PROTO,
    /// The name that it gave with HELO.
    HELO,
    /// The name that its address claims, confirmed or not.
    REVERSE_NAME,
    PORT,
    /// The user who has logged in.
    LOGIN,
    /// The address to which the client has connected.
    DESTADDR,
    DESTPORT;

    public static final String TEMPORARY = "[TEMPUNAVAIL]";

    /// The attribute with that name, in letters of either case; null if there is none.
    public static @Nullable XclientAttribute find(String name) {
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
                .collect(Collectors.joining(" ", "XCLIENT ", ""));
    }
}
