// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.Param;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

/// A policy server as `check_policy_service` names it: `inet:host:port`, `unix:path`, or one of them in braces with attributes behind it.
///
/// @param place the server's address
/// @param attributes what it sets for itself: parameters' names and texts
public record PolicyServer(Place place, Map<String, String> attributes) {
    /// The address of a server.
    public sealed interface Place {
        /// A TCP port.
        ///
        /// @param host a name or an address, which stands without brackets
        record Tcp(String host, int port) implements Place {}

        /// A Unix socket.
        ///
        /// @param path relative to `queue_directory`, or absolute
        record Unix(String path) implements Place {}

        /// Reads the address of a filter before the queue: `inet:host:port`, `host:port` or `unix:path`; without a host it is on this
        /// machine.
        ///
        /// @throws ValueException it is none of these
        static Place parse(String text) throws ValueException {
            if (text.startsWith(UNIX)) {
                return place(text);
            }
            String rest = text.startsWith(INET) ? text.substring(INET.length()) : text;
            boolean hostless = rest.indexOf(':') <= 0;
            return place(
                    INET
                            + (hostless
                                    ? "127.0.0.1:" + rest.substring(rest.indexOf(':') + 1)
                                    : rest));
        }

        /// The address as Postfix logs it: `127.0.0.1:10023`, `private/policy`.
        default String text() {
            return switch (this) {
                case Tcp(var host, int port) ->
                        (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
                case Unix(var path) -> path;
            };
        }
    }

    /// The parameters that a server may set for itself in braces, as attributes without what all their names begin with.
    private static final List<Param<?>> OWN =
            List.of(
                    SmtpdParams.SMTPD_POLICY_SERVICE_TIMEOUT,
                    SmtpdParams.SMTPD_POLICY_SERVICE_MAX_IDLE,
                    SmtpdParams.SMTPD_POLICY_SERVICE_MAX_TTL,
                    SmtpdParams.SMTPD_POLICY_SERVICE_TRY_LIMIT,
                    SmtpdParams.SMTPD_POLICY_SERVICE_RETRY_DELAY,
                    SmtpdParams.SMTPD_POLICY_SERVICE_REQUEST_LIMIT,
                    SmtpdParams.SMTPD_POLICY_SERVICE_DEFAULT_ACTION,
                    SmtpdParams.SMTPD_POLICY_SERVICE_POLICY_CONTEXT);

    private static final String PREFIX = "smtpd_policy_service_";
    private static final String INET = "inet:";
    private static final String UNIX = "unix:";
    private static final int LAST_PORT = 65_535;

    /// Copies the map.
    public PolicyServer {
        attributes = Map.copyOf(attributes);
    }

    /// Reads the argument of `check_policy_service`.
    ///
    /// @throws ValueException says what is wrong with it
    public static PolicyServer parse(String argument) throws ValueException {
        if (!argument.startsWith("{")) {
            return new PolicyServer(place(argument), Map.of());
        }
        List<String> items = new ArrayList<>(ParamType.Items.split(inner(argument)));
        Place place = place(items.isEmpty() ? "" : items.removeFirst());
        Map<String, String> attributes = new HashMap<>();
        for (String item : items) {
            add(inner(item), attributes);
        }
        return new PolicyServer(place, attributes);
    }

    private static void add(String item, Map<String, String> attributes) throws ValueException {
        int equals = item.indexOf('=');
        String word = item.substring(0, Math.max(equals, 0)).strip();
        Param<?> param = find(word);
        if (param == null) {
            throw new ValueException("a policy server has no attribute \"" + item + "\"");
        }
        String value = inner(item.substring(equals + 1).strip());
        try {
            param.type().parse(value);
        } catch (ValueException e) {
            throw new ValueException(word + " of a policy server " + e.getMessage(), e);
        }
        attributes.put(param.name(), value);
    }

    private static @Nullable Param<?> find(String word) {
        for (var param : OWN) {
            if (param.name().equals(PREFIX + word)) {
                return param;
            }
        }
        return null;
    }

    private static String inner(String text) {
        return text.startsWith("{") && text.endsWith("}")
                ? text.substring(1, text.length() - 1).strip()
                : text;
    }

    /// Reads the address of a server.
    ///
    /// @throws ValueException says what is wrong with it
    public static Place place(String text) throws ValueException {
        if (text.startsWith(UNIX) && text.length() > UNIX.length()) {
            return new Place.Unix(text.substring(UNIX.length()));
        }
        int colon = text.lastIndexOf(':');
        if (text.startsWith(INET) && colon > INET.length()) {
            String host = text.substring(INET.length(), colon);
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            return new Place.Tcp(
                    bracketed ? host.substring(1, host.length() - 1) : host,
                    port(text.substring(colon + 1)));
        }
        throw new ValueException("a server is inet:host:port or unix:path, not \"" + text + "\"");
    }

    private static int port(String text) throws ValueException {
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (port < 1 || port > LAST_PORT) {
            throw new ValueException("the port of a server is a number, not \"" + text + "\"");
        }
        return port;
    }

    /// The value of the attribute that a parameter stands for, or of the parameter itself if this server does not set it.
    public <T> T value(Param<T> param, Config config) {
        String text = attributes.get(param.name());
        if (text == null) {
            return config.get(param);
        }
        try {
            return param.type().parse(text);
        } catch (ValueException e) {
            throw new IllegalStateException("an attribute that was not read", e);
        }
    }
}
