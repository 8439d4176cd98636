// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import org.postino.config.ValueException;

/// The address of a server as main.cf names it: `inet:host:port` or `unix:path`.
public sealed interface ServerPlace {
    /// A TCP port.
    ///
    /// @param host a name or an address, which stands without brackets
    record Tcp(String host, int port) implements ServerPlace {}

    /// A Unix socket.
    ///
    /// @param path relative to `queue_directory`, or absolute
    record Unix(String path) implements ServerPlace {}

    /// The address as Postfix logs it: `127.0.0.1:10023`, `private/policy`.
    default String text() {
        return switch (this) {
            case Tcp(var host, int port) ->
                    (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
            case Unix(var path) -> path;
        };
    }

    /// Reads `inet:host:port` or `unix:path`.
    ///
    /// @param what the kind of server, for what is said of a bad one: `a policy server`
    /// @throws ValueException says what is wrong with it
    static ServerPlace parse(String what, String text) throws ValueException {
        String unix = "unix:";
        String inet = "inet:";
        if (text.startsWith(unix) && text.length() > unix.length()) {
            return new Unix(text.substring(unix.length()));
        }
        int colon = text.lastIndexOf(':');
        if (text.startsWith(inet) && colon > inet.length()) {
            String host = text.substring(inet.length(), colon);
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            return new Tcp(
                    bracketed ? host.substring(1, host.length() - 1) : host,
                    port(what, text.substring(colon + 1)));
        }
        throw new ValueException(what + " is inet:host:port or unix:path, not \"" + text + "\"");
    }

    /// Reads the address of a filter before the queue: `inet:host:port`, `host:port` or `unix:path`; without a host it is on this
    /// machine.
    ///
    /// @throws ValueException it is none of these
    static ServerPlace local(String what, String text) throws ValueException {
        if (text.startsWith("unix:")) {
            return parse(what, text);
        }
        String rest = text.startsWith("inet:") ? text.substring("inet:".length()) : text;
        boolean hostless = rest.indexOf(':') <= 0;
        return parse(
                what,
                "inet:" + (hostless ? "127.0.0.1:" + rest.substring(rest.indexOf(':') + 1) : rest));
    }

    private static int port(String what, String text) throws ValueException {
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65_535) {
            throw new ValueException("the port of " + what + " is a number, not \"" + text + "\"");
        }
        return port;
    }
}
