// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.nio.charset.StandardCharsets;

/// A header field that is to be put into a message.
///
/// @param name printable ASCII without a colon, in the case in which it is written
/// @param text all behind the colon without the last line end, a byte a character. Lines are ended by CRLF and begin with a blank, but
///     for the first: other line ends are made so, a tab is put where a blank is missing, lines of blanks and NULs are left out. So
///     nothing that stands in it can begin another field or end the header.
public record NewField(String name, String text) {
    /// @throws IllegalArgumentException no field has such a name, or a character is not a byte
    public NewField {
        if (!isName(name)) {
            throw new IllegalArgumentException("not the name of a header field: " + name);
        }
        text = lines(text);
    }

    /// A field with a value of Unicode text, which is written as UTF-8 with a blank before it.
    public static NewField of(String name, String value) {
        return new NewField(
                name,
                " "
                        + new String(
                                value.getBytes(StandardCharsets.UTF_8),
                                StandardCharsets.ISO_8859_1));
    }

    /// True if a field may bear that name (RFC 5322, 2.2).
    public static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 127 || c == ':') {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /// The field as it stands in a message, its line end included.
    public byte[] bytes() {
        return (name + ":" + text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String lines(String text) {
        var lines = new StringBuilder(text.length() + 8);
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '\r' || text.charAt(i) == '\n') {
                line(lines, text.substring(start, i).replace("\0", ""), start == 0);
                start = i + 1;
            }
        }
        return lines.toString();
    }

    private static void line(StringBuilder lines, String line, boolean first) {
        if (!first) {
            if (line.isBlank()) {
                return;
            }
            lines.append("\r\n");
            if (line.charAt(0) != ' ' && line.charAt(0) != '\t') {
                lines.append('\t');
            }
        }
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c > 0xff) {
                throw new IllegalArgumentException("a character that is not a byte in " + line);
            }
        }
        lines.append(line);
    }
}
