// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The lines of Dovecot's authentication protocol: fields separated by TAB, lines ended by LF, special characters escaped.
///
/// Escapes are `\\001` and one of `0` (NUL), `1` (`\\001`), `t`, `r`, `n`.
public final class AuthProtocol {
    public static final int MAJOR = 1;
    public static final int MINOR = 2;

    /// Longest line either side sends.
    public static final int MAX_LINE = 16384;

    private AuthProtocol() {}

    /// Splits a line without its LF into fields, each unescaped.
    public static List<String> split(String line) {
        var fields = new ArrayList<String>();
        int start = 0;
        while (true) {
            int tab = line.indexOf('\t', start);
            fields.add(unescape(line.substring(start, tab < 0 ? line.length() : tab)));
            if (tab < 0) {
                return fields;
            }
            start = tab + 1;
        }
    }

    /// Joins fields to a line, each escaped, ended by LF.
    public static String join(List<String> fields) {
        var out = new StringBuilder();
        for (String field : fields) {
            if (!out.isEmpty()) {
                out.append('\t');
            }
            escape(field, out);
        }
        return out.append('\n').toString();
    }

    /// The fields from `from` on as names and values; a field without `=` has an empty value.
    public static Map<String, String> named(List<String> fields, int from) {
        var named = new LinkedHashMap<String, String>();
        for (String field : fields.subList(Math.min(from, fields.size()), fields.size())) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                named.put(field, "");
            } else {
                named.put(field.substring(0, equals), field.substring(equals + 1));
            }
        }
        return named;
    }

    private static void escape(String field, StringBuilder out) {
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            switch (c) {
                case 0 -> out.append("\1" + "0");
                case 1 -> out.append("\1" + "1");
                case '\t' -> out.append("\1t");
                case '\r' -> out.append("\1r");
                case '\n' -> out.append("\1n");
                default -> out.append(c);
            }
        }
    }

    private static String unescape(String field) {
        if (field.indexOf(1) < 0) {
            return field;
        }
        var out = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c != 1 || i + 1 == field.length()) {
                out.append(c);
                continue;
            }
            char code = field.charAt(++i);
            out.append(
                    switch (code) {
                        case '0' -> (char) 0;
                        case '1' -> (char) 1;
                        case 't' -> '\t';
                        case 'r' -> '\r';
                        case 'n' -> '\n';
                        default -> code;
                    });
        }
        return out.toString();
    }
}
