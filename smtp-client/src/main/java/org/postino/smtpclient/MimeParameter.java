// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.util.Locale;

/// One parameter of a Content-Type: field (RFC 2045, 5.1).
final class MimeParameter {
    private MimeParameter() {}

    /// Its value, without quotes; empty if there is none.
    ///
    /// @param name in lower case
    static String of(String field, String name) {
        int at = end(field, 0, ";");
        while (at < field.length()) {
            int equals = end(field, at + 1, "=;");
            String word = field.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            int semicolon =
                    equals < field.length() && field.charAt(equals) == '='
                            ? end(field, equals + 1, ";")
                            : equals;
            if (word.equals(name) && semicolon > equals) {
                return unquoted(field.substring(equals + 1, semicolon).strip());
            }
            at = semicolon;
        }
        return "";
    }

    /// Where one of these characters stands outside quotes, or the end.
    private static int end(String text, int from, String stops) {
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && stops.indexOf(c) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static String unquoted(String value) {
        if (!value.startsWith("\"")) {
            int end = 0;
            while (end < value.length() && " \t(".indexOf(value.charAt(end)) < 0) {
                end++;
            }
            return value.substring(0, end);
        }
        var out = new StringBuilder();
        for (int i = 1; i < value.length() && value.charAt(i) != '"'; i++) {
            if (value.charAt(i) == '\\' && i + 1 < value.length()) {
                i++;
            }
            out.append(value.charAt(i));
        }
        return out.toString();
    }
}
