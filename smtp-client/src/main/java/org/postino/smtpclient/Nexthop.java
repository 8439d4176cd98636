// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postino.util.Printable;

/// One destination of a transport's nexthop: `domain`, `domain:port`, `[host]`, `[host]:port`, `[192.0.2.1]`, `unix:/path`.
///
/// @param host a host or domain, or an address, without brackets; empty with a path
/// @param literal true if we connect to the host itself, without asking for its MX records
/// @param port 0 for the default
/// @param path of a Unix socket, or empty
record Nexthop(String text, String host, boolean literal, int port, String path) {

    /// A destination that cannot be understood. Its reason is a text for people.
    static final class BadNexthopException extends Exception {
        private final String reason;

        BadNexthopException(String reason) {
            super(reason);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    /// Reads a list of destinations, separated by commas or blanks, in order of preference.
    static List<Nexthop> parseAll(String text) throws BadNexthopException {
        var all = new ArrayList<Nexthop>();
        for (String item : text.replace(',', ' ').strip().split("\\s+", -1)) {
            if (!item.isEmpty()) {
                all.add(parse(item));
            }
        }
        if (all.isEmpty()) {
            throw new BadNexthopException("empty destination");
        }
        return all;
    }

    static Nexthop parse(String text) throws BadNexthopException {
        if (text.startsWith("unix:")) {
            return new Nexthop(text, "", true, 0, text.substring("unix:".length()));
        }
        String item = text.startsWith("inet:") ? text.substring("inet:".length()) : text;
        int port = 0;
        String host = item;
        if (item.startsWith("[")) {
            int close = item.indexOf(']');
            if (close < 0) {
                throw bad(text);
            }
            host = item.substring(1, close);
            String rest = item.substring(close + 1);
            if (!rest.isEmpty()) {
                port = port(text, rest);
            }
        } else if (item.indexOf(':') >= 0 && item.indexOf(':') == item.lastIndexOf(':')) {
            host = item.substring(0, item.indexOf(':'));
            port = port(text, item.substring(item.indexOf(':')));
        }
        if (host.toLowerCase(Locale.ROOT).startsWith("ipv6:")) {
            host = host.substring("ipv6:".length());
        }
        if (host.isEmpty()) {
            throw bad(text);
        }
        return new Nexthop(text, host, item.startsWith("["), port, "");
    }

    private static int port(String text, String colonAndPort) throws BadNexthopException {
        int port = colonAndPort.startsWith(":") ? portOf(colonAndPort.substring(1)) : -1;
        if (port < 1) {
            throw bad(text);
        }
        return port;
    }

    /// Reads a port, given as a number or by one of the names that mail uses; -1 if it is neither.
    static int portOf(String text) {
        return switch (text) {
            case "smtp" -> 25;
            case "lmtp" -> 24;
            case "submission" -> 587;
            case "submissions", "smtps" -> 465;
            default -> {
                try {
                    int port = Integer.parseInt(text);
                    yield port > 0 && port < 65536 ? port : -1;
                } catch (NumberFormatException e) {
                    yield -1;
                }
            }
        };
    }

    private static BadNexthopException bad(String text) {
        return new BadNexthopException("bad destination: " + Printable.text(text, 200));
    }
}
