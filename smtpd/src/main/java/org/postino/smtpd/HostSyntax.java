// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.Optional;
import org.postino.util.Cidr;

/// The syntax of host names. Nobody is asked whether they exist.
final class HostSyntax {
    private HostSyntax() {}

    /// Letters, digits, hyphens and underscores between single dots, no part longer than 63, not all digits.
    static boolean isHostname(String name) {
        if (name.isEmpty() || name.length() > 255) {
            return false;
        }
        boolean digitsOnly = true;
        for (String label : name.split("\\.", -1)) {
            if (label.isEmpty()
                    || label.length() > 63
                    || label.startsWith("-")
                    || label.endsWith("-")) {
                return false;
            }
            for (int i = 0; i < label.length(); i++) {
                char c = label.charAt(i);
                boolean digit = c >= '0' && c <= '9';
                boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0xa0;
                if (!digit && !letter && c != '-' && c != '_') {
                    return false;
                }
                digitsOnly &= digit;
            }
        }
        return !digitsOnly;
    }

    /// `[192.0.2.1]`, `[IPv6:2001:db8::1]`; lenient: the address without brackets too.
    static boolean isAddress(String text) {
        return address(text).isPresent();
    }

    /// The address in such a text; empty if it is none.
    static Optional<InetAddress> address(String text) {
        String inner =
                text.startsWith("[") && text.endsWith("]")
                        ? text.substring(1, text.length() - 1)
                        : text;
        return Cidr.address(
                inner.regionMatches(true, 0, "IPv6:", 0, 5) ? inner.substring(5) : inner);
    }

    /// True for a host name with a dot in it, and for an address literal.
    static boolean isFullyQualified(String domain) {
        if (domain.startsWith("[")) {
            return isAddress(domain);
        }
        return domain.indexOf('.') > 0 && isHostname(domain);
    }
}
