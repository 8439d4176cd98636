// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.IOException;

/// The quoted text of a `C=` line.
final class Quoted {
    private Quoted() {}

    /// Reads `"a\r\n"` or `"x"*2000`; several stand one behind the other; a `#` outside quotes starts a comment.
    static String parse(String text) throws IOException {
        var out = new StringBuilder();
        int i = 0;
        while (i < text.length() && text.charAt(i) != '#') {
            if (Character.isWhitespace(text.charAt(i))) {
                i++;
                continue;
            }
            if (text.charAt(i) != '"') {
                throw new IOException("no quote at " + text.substring(i));
            }
            var part = new StringBuilder();
            i = unquote(text, i + 1, part);
            int times = 1;
            if (i < text.length() && text.charAt(i) == '*') {
                int end = i + 1;
                while (end < text.length() && Character.isDigit(text.charAt(end))) {
                    end++;
                }
                times = Integer.parseInt(text, i + 1, end, 10);
                i = end;
            }
            out.repeat(part, times);
        }
        return out.toString();
    }

    /// Appends what stands up to the closing quote; returns the index behind it.
    private static int unquote(String text, int start, StringBuilder part) throws IOException {
        int i = start;
        while (i < text.length() && text.charAt(i) != '"') {
            char c = text.charAt(i++);
            if (c != '\\') {
                part.append(c);
                continue;
            }
            char escape = text.charAt(i++);
            switch (escape) {
                case 'r' -> part.append('\r');
                case 'n' -> part.append('\n');
                case 't' -> part.append('\t');
                case '0' -> part.append('\0');
                case '\\', '"' -> part.append(escape);
                case 'x' -> {
                    part.append((char) Integer.parseInt(text, i, i + 2, 16));
                    i += 2;
                }
                default -> throw new IOException("unknown escape \\" + escape);
            }
        }
        if (i >= text.length()) {
            throw new IOException("no closing quote");
        }
        return i + 1;
    }
}
