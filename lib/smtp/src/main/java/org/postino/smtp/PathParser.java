// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.net.Inet6Address;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;

/// The grammar of paths and mailboxes (RFC 5321, 4.1.2 and 4.1.3; RFC 6531, 3.3).
public final class PathParser {
    /// More than RFC 5321, 4.5.3.1.1 demands (64): addresses that carry others within them are longer.
    private static final int MAX_LOCAL = 512;

    private static final int MAX_DOMAIN = 255;
    private static final int MAX_LABEL = 63;

    private PathParser() {}

    /// The index behind the path that starts at `from`, or -1 if it does not end.
    ///
    /// With angle brackets it ends at the `>` that stands outside quotes; without, at a blank.
    static int endOfPath(String text, int from) {
        boolean bracketed = from < text.length() && text.charAt(from) == '<';
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && bracketed && c == '>') {
                return i + 1;
            } else if (!quoted && !bracketed && (c == ' ' || c == '\t')) {
                return i;
            }
        }
        return bracketed || quoted ? -1 : text.length();
    }

    /// Reads what stands between the angle brackets of a path; a source route before the mailbox is dropped.
    ///
    /// Accepts what RFC 5321 allows, and a local part alone; neither part has a control character then. The empty text is the null sender.
    public static Optional<Address> mailbox(String text) {
        int start = afterSourceRoute(text);
        if (start < 0) {
            return Optional.empty();
        }
        String rest = text.substring(start);
        if (rest.isEmpty()) {
            return start == 0 ? Optional.of(Address.NULL) : Optional.empty();
        }
        int at = endOfLocalPart(rest);
        if (at < 0) {
            return Optional.empty();
        }
        String local = localPart(rest.substring(0, at));
        if (local == null || local.isEmpty() || local.length() > MAX_LOCAL) {
            return Optional.empty();
        }
        if (at == rest.length()) {
            return Optional.of(new Address(local, ""));
        }
        String domain = domain(rest.substring(at + 1));
        return domain == null ? Optional.empty() : Optional.of(new Address(local, domain));
    }

    /// The index of the mailbox behind `@one,@two:`; -1 if that is malformed. The route is ignored (RFC 5321, C).
    private static int afterSourceRoute(String text) {
        if (!text.startsWith("@")) {
            return 0;
        }
        int colon = -1;
        boolean literal = false;
        for (int i = 0; i < text.length() && colon < 0; i++) {
            char c = text.charAt(i);
            literal = c == '[' || (literal && c != ']');
            colon = c == ':' && !literal ? i : -1;
        }
        if (colon < 0) {
            return -1;
        }
        for (String hop : text.substring(0, colon).split(",", -1)) {
            if (!hop.startsWith("@") || domain(hop.substring(1)) == null) {
                return -1;
            }
        }
        return colon + 1;
    }

    /// The index of the `@` that ends the local part, the length if there is none, -1 if a quote stays open.
    private static int endOfLocalPart(String text) {
        if (text.charAt(0) != '"') {
            int at = text.indexOf('@');
            return at < 0 ? text.length() : at;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                int next = i + 1;
                return next == text.length() || text.charAt(next) == '@' ? next : -1;
            }
        }
        return -1;
    }

    private static @Nullable String localPart(String text) {
        if (text.startsWith("\"")) {
            return unquote(text);
        }
        return Address.isDotString(text) ? text : null;
    }

    private static @Nullable String unquote(String text) {
        if (text.length() < 2) {
            return null;
        }
        var out = new StringBuilder(text.length());
        for (int i = 1; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                c = text.charAt(++i);
            }
            // RFC 5321, 4.1.2: qtextSMTP and quoted-pairSMTP are printable
            if (c < ' ' || c == 0x7f || (c >= 0x80 && c < 0xa0)) {
                return null;
            }
            out.append(c);
        }
        return out.toString();
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /// A domain or an address literal; null if it is neither. One final dot is dropped.
    static @Nullable String domain(String text) {
        if (text.startsWith("[")) {
            return isLiteral(text) ? text : null;
        }
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (name.isEmpty() || name.length() > MAX_DOMAIN) {
            return null;
        }
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                if (label == 0) {
                    return null;
                }
                label = 0;
            } else if (isAlphanumeric(c) || c == '-' || c == '_' || c >= 0xa0) {
                if (++label > MAX_LABEL) {
                    return null;
                }
            } else {
                return null;
            }
        }
        return label == 0 ? null : name;
    }

    /// `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321, 4.1.3).
    static boolean isLiteral(String text) {
        if (text.length() < 4 || text.charAt(0) != '[' || text.charAt(text.length() - 1) != ']') {
            return false;
        }
        String inner = text.substring(1, text.length() - 1);
        return inner.regionMatches(true, 0, "IPv6:", 0, 5)
                ? isIpv6(inner.substring(5))
                : isIpv4(inner);
    }

    private static boolean isIpv4(String text) {
        int number = -1;
        int dots = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (number < 0 || ++dots > 3) {
                    return false;
                }
                number = -1;
            } else if (c >= '0' && c <= '9') {
                number = Math.max(number, 0) * 10 + c - '0';
                if (number > 255) {
                    return false;
                }
            } else {
                return false;
            }
        }
        return dots == 3 && number >= 0;
    }

    private static boolean isIpv6(String text) {
        if (text.isEmpty() || text.length() > 45 || text.indexOf(':') < 0) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((Character.digit(c, 16) < 0 && c != ':' && c != '.') || c >= 0x80) {
                return false;
            }
        }
        try {
            return Inet6Address.ofLiteral(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
