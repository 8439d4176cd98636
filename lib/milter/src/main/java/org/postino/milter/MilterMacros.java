// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postino.config.Config;
import org.postino.config.Param;
import org.postino.config.ValueException;

/// The macros that go with events, as main.cf says, and the values of those that have no other.
///
/// @param lists the names for each event that has any
/// @param defaults values by name
record MilterMacros(Map<MilterEvent, List<String>> lists, Map<String, String> defaults) {
    /// The most that macros with one event may have together, in bytes.
    private static final int MOST = 65_535;

    static MilterMacros of(Config config) {
        Map<MilterEvent, List<String>> lists = new EnumMap<>(MilterEvent.class);
        for (MilterEvent event : MilterEvent.values()) {
            List<String> names = new ArrayList<>();
            for (String name : config.get(param(event))) {
                names.add(braced(name));
            }
            lists.put(event, List.copyOf(names));
        }
        Map<String, String> defaults = new HashMap<>();
        for (String item : config.get(MilterParams.MILTER_MACRO_DEFAULTS)) {
            try {
                String[] pair = pair(item);
                defaults.put(pair[0], pair[1]);
            } catch (ValueException e) {
                throw new IllegalStateException("an item that was not checked", e);
            }
        }
        return new MilterMacros(lists, Map.copyOf(defaults));
    }

    private static Param<List<String>> param(MilterEvent event) {
        return switch (event) {
            case CONNECT -> MilterParams.MILTER_CONNECT_MACROS;
            case HELO -> MilterParams.MILTER_HELO_MACROS;
            case MAIL -> MilterParams.MILTER_MAIL_MACROS;
            case RCPT -> MilterParams.MILTER_RCPT_MACROS;
            case DATA -> MilterParams.MILTER_DATA_MACROS;
            case UNKNOWN -> MilterParams.MILTER_UNKNOWN_COMMAND_MACROS;
            case HEADER, END_OF_HEADER -> MilterParams.MILTER_END_OF_HEADER_MACROS;
            case BODY, END_OF_MESSAGE -> MilterParams.MILTER_END_OF_DATA_MACROS;
        };
    }

    /// The name as it goes over the wire: one letter, or several in braces.
    static String braced(String name) {
        return name.length() == 1 || name.startsWith("{") ? name : "{" + name + "}";
    }

    /// Reads `name=value`, which may stand in braces as a whole.
    ///
    /// @return the name as it goes over the wire, and the value
    static String[] pair(String item) throws ValueException {
        boolean whole = item.startsWith("{") && item.endsWith("}") && item.indexOf('=') > 0;
        String text = whole ? item.substring(1, item.length() - 1).strip() : item;
        int equals = text.indexOf('=');
        String name = text.substring(0, Math.max(equals, 0)).strip();
        if (name.isEmpty()) {
            throw new ValueException("must be a list of name=value, and has \"" + item + "\"");
        }
        return new String[] {braced(name), text.substring(equals + 1).strip()};
    }

    /// The data of the packet that goes before an event: its letter, then names and values. It has the letter alone if no macro has a value.
    ///
    /// @param names those that the filter wants
    byte[] packet(MilterEvent event, List<String> names, MacroSource source) {
        var out = new ByteArrayOutputStream();
        out.write(event.letter());
        for (String name : names) {
            String value = source.value(name);
            value = value == null || value.isEmpty() ? defaults.get(name) : value;
            if (value != null && out.size() + name.length() + value.length() * 3 < MOST) {
                text(out, name);
                text(out, value);
            }
        }
        return out.toByteArray();
    }

    /// Writes a text and its NUL, and none before that.
    static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.replace('\0', '?').getBytes(StandardCharsets.UTF_8));
        out.write(0);
    }
}
