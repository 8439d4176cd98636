// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.util.Map;

/// Replaces `$name`, `${name}`, `${name?text}` and `${name:text}` in `forward_path`, `luser_relay` and `mailbox_command`.
final class Macros {
    private Macros() {}

    /// Expands a text; unknown names are empty. Values are passed through `allowed`: other characters become `_`; empty allows all.
    static String expand(String text, Map<String, String> values, String allowed) {
        var out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c != '$' || i == text.length()) {
                out.append(c);
            } else if (text.charAt(i) == '$') {
                out.append('$');
                i++;
            } else if (text.charAt(i) == '{') {
                int end = closing(text, i);
                out.append(braced(text.substring(i + 1, end), values, allowed));
                i = Math.min(text.length(), end + 1);
            } else {
                int start = i;
                while (i < text.length() && isNamePart(text.charAt(i))) {
                    i++;
                }
                out.append(value(text.substring(start, i), values, allowed));
            }
        }
        return out.toString();
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return text.length();
    }

    private static String braced(String inner, Map<String, String> values, String allowed) {
        int end = 0;
        while (end < inner.length() && isNamePart(inner.charAt(end))) {
            end++;
        }
        String value = value(inner.substring(0, end), values, allowed);
        if (end == inner.length()) {
            return value;
        }
        boolean wanted =
                switch (inner.charAt(end)) {
                    case '?' -> !value.isEmpty();
                    case ':' -> value.isEmpty();
                    default -> false;
                };
        return wanted ? expand(inner.substring(end + 1), values, allowed) : "";
    }

    private static String value(String name, Map<String, String> values, String allowed) {
        String value = values.getOrDefault(name, "");
        return allowed.isEmpty() ? value : filtered(value, allowed);
    }

    /// A value in which each character that is not allowed is a `_`.
    static String filtered(String value, String allowed) {
        var safe = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            safe.append(allowed.indexOf(value.charAt(i)) >= 0 ? value.charAt(i) : '_');
        }
        return safe.toString();
    }
}
