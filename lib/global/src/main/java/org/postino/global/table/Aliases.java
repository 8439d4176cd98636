// SPDX-License-Identifier: Apache-2.0

package org.postino.global.table;

import java.util.ArrayList;
import java.util.List;

/// The right-hand side of an alias: `user, user@domain, "|command with blanks", /file/name, :include:/file, (comment)`.
public final class Aliases {
    private Aliases() {}

    /// The destinations of a value, without the quotes around them or inside them and without comments. `"|command"` and `"/file"` are those texts; a backslash before a user name is kept, since it means "do not alias again".
    public static List<String> destinations(String value) {
        var found = new ArrayList<String>();
        var item = new StringBuilder();
        int i = 0;
        while (i < value.length()) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> i = quoted(value, i, item);
                case '(' -> i = comment(value, i);
                case ',' -> {
                    add(found, item);
                    i++;
                }
                default -> {
                    item.append(c);
                    i++;
                }
            }
        }
        add(found, item);
        return List.copyOf(found);
    }

    private static void add(List<String> found, StringBuilder item) {
        String text = item.toString().strip();
        item.setLength(0);
        if (text.startsWith("<") && text.endsWith(">")) {
            text = text.substring(1, text.length() - 1).strip();
        }
        if (!text.isEmpty()) {
            found.add(text);
        }
    }

    private static int quoted(String text, int open, StringBuilder out) {
        int i = open + 1;
        while (i < text.length() && text.charAt(i) != '"') {
            if (text.charAt(i) == '\\' && i + 1 < text.length()) {
                i++;
            }
            out.append(text.charAt(i));
            i++;
        }
        return i + 1;
    }

    /// Index behind the `)` that closes the comment. A `(` inside a command or path that was begun without quotes is no comment in practice either.
    private static int comment(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return i + 1;
            }
        }
        return text.length();
    }

    /// A name without quotes, comments and blanks around it.
    static String unquoted(String text) {
        var names = destinations(text);
        return names.size() == 1 ? names.getFirst() : "";
    }
}
