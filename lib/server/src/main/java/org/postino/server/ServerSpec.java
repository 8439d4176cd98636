// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postino.config.Config;
import org.postino.config.Param;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

/// A server as main.cf names it: its place, or in braces its place and attributes, which are parameters that it sets for itself:
/// `{ inet:host:port, timeout=10s }`.
///
/// @param place the server's address
/// @param attributes what it sets for itself: parameters' names and texts
public record ServerSpec(ServerPlace place, Map<String, String> attributes) {
    /// The attributes that servers of a kind may have.
    ///
    /// @param what the kind, for what is said of a bad one: `a policy server`
    /// @param prefix the beginning of the parameters' names, which attributes lack
    /// @param params the parameters
    public record Kind(String what, String prefix, List<Param<?>> params) {
        /// Copies the list.
        public Kind {
            params = List.copyOf(params);
        }
    }

    /// Copies the map.
    public ServerSpec {
        attributes = Map.copyOf(attributes);
    }

    /// Reads a server.
    ///
    /// @throws ValueException says what is wrong with it
    public static ServerSpec parse(Kind kind, String text) throws ValueException {
        if (!text.startsWith("{")) {
            return new ServerSpec(ServerPlace.parse(kind.what(), text), Map.of());
        }
        List<String> items = new ArrayList<>(ParamType.Items.split(inner(text)));
        ServerPlace place =
                ServerPlace.parse(kind.what(), items.isEmpty() ? "" : items.removeFirst());
        Map<String, String> attributes = new HashMap<>();
        for (String item : items) {
            add(kind, inner(item), attributes);
        }
        return new ServerSpec(place, attributes);
    }

    private static void add(Kind kind, String item, Map<String, String> attributes)
            throws ValueException {
        int equals = item.indexOf('=');
        String word = item.substring(0, Math.max(equals, 0)).strip();
        for (Param<?> param : kind.params()) {
            if (param.name().equals(kind.prefix() + word)) {
                String value = inner(item.substring(equals + 1).strip());
                try {
                    param.type().parse(value);
                } catch (ValueException e) {
                    throw new ValueException(word + " of " + kind.what() + " " + e.getMessage(), e);
                }
                attributes.put(param.name(), value);
                return;
            }
        }
        throw new ValueException(kind.what() + " has no attribute \"" + item + "\"");
    }

    private static String inner(String text) {
        return text.startsWith("{") && text.endsWith("}")
                ? text.substring(1, text.length() - 1).strip()
                : text;
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
