// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.util.Locale;
import org.postino.util.Printable;

/// The forms in which postconf prints values: words with one blank between them, folded at 80 columns if asked to, or JSON.
public final class Lines {
    private static final int LIMIT = 80;
    private static final String INDENT = "    ";

    private Lines() {}

    /// Joins words by one space. With `fold`, a line that would reach column 80 goes on in the next.
    static String words(String text, boolean fold) {
        var out = new StringBuilder(text.length());
        int column = 0;
        int i = 0;
        while (i < text.length()) {
            if (blank(text.charAt(i))) {
                i++;
                continue;
            }
            int end = i;
            while (end < text.length() && !blank(text.charAt(end))) {
                end++;
            }
            int length = end - i;
            if (column > 0 && fold && column + 1 + length >= LIMIT) {
                out.append('\n').append(INDENT);
                column = INDENT.length();
            } else if (column > 0) {
                out.append(' ');
                column++;
            }
            out.append(text, i, end);
            column += length;
            i = end;
        }
        return out.toString();
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    /// Returns a JSON string for exactly this text. Everything that a terminal might not take for text is escaped.
    public static String json(String text) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (!Printable.isText(c)) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
