// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A header field in bytes that belong to somebody else, and good only as long as they stay; and the rules that say what a field is.
///
/// A field is a line that begins with a name of printable characters and a colon, blanks between them being obsolete but found
/// (RFC 5322, 2.2 and 4.5.8), and the lines after it that begin with a blank (2.2.3).
public final class HeaderField {
    private final byte[] bytes;
    private final int from;
    private final int to;
    private final int colon;
    private final boolean cut;

    /// @param colon where the colon stands, as [#colon(byte[], int, int)] finds it
    /// @param cut   the field was longer than its reader keeps
    HeaderField(byte[] bytes, int from, int to, int colon, boolean cut) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.colon = colon;
        this.cut = cut;
    }

    /// A field that stands in `bytes[from .. to)`, all of it.
    ///
    /// @throws IllegalArgumentException if there is none: [#colon(byte[], int, int)] tells
    public static HeaderField of(byte[] bytes, int from, int to) {
        int colon = colon(bytes, from, to);
        if (colon < 0) {
            throw new IllegalArgumentException("no header field");
        }
        return new HeaderField(bytes, from, to, colon, false);
    }

    /// The field is `from() .. to()` of these bytes, its line ends included.
    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    public int length() {
        return to - from;
    }

    /// True if the field was longer than its reader keeps, and so lacks its end.
    public boolean isCut() {
        return cut;
    }

    /// The offset of the value, behind the colon.
    public int valueStart() {
        return colon + 1;
    }

    /// The name in lower case.
    public String name() {
        return name(bytes, from, colon);
    }

    /// The name as it was written.
    public String writtenName() {
        return writtenName(bytes, from, colon);
    }

    /// True if that is the field's name, in any case.
    ///
    /// @param name in lower case
    public boolean is(String name) {
        return isNamed(bytes, from, colon, name);
    }

    /// All behind the colon as it stands there, with folds and line ends, a byte a character.
    public String raw() {
        return new String(bytes, colon + 1, to - colon - 1, StandardCharsets.ISO_8859_1);
    }

    /// The value on one line, without the line ends of its folds (RFC 5322, 2.2.3) and the blanks around it.
    public String value(Charset charset) {
        byte[] value = new byte[to - colon - 1];
        int length = 0;
        for (int i = colon + 1; i < to; i++) {
            if (bytes[i] != '\r' && bytes[i] != '\n') {
                value[length++] = bytes[i];
            }
        }
        return new String(value, 0, length, charset).strip();
    }

    /// The index of the colon behind the name of the field that begins at `from`; -1 if the line is no field.
    public static int colon(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] > ' ' && bytes[i] < 127 && bytes[i] != ':') {
            i++;
        }
        if (i == from) {
            return -1;
        }
        while (i < to && isBlank(bytes[i])) {
            i++;
        }
        return i < to && bytes[i] == ':' ? i : -1;
    }

    /// The name that stands before a colon, in lower case.
    public static String name(byte[] bytes, int from, int colon) {
        return new String(bytes, from, colon - from, StandardCharsets.ISO_8859_1)
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /// True if that name stands before a colon, in any case.
    private static boolean isNamed(byte[] bytes, int from, int colon, String name) {
        int end = colon;
        while (end > from && isBlank(bytes[end - 1])) {
            end--;
        }
        if (end - from != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            byte b = bytes[from + i];
            int lower = b >= 'A' && b <= 'Z' ? b + 32 : b;
            if (lower != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// The first colon of a line, whatever stands before it: for those who show what senders write. -1 if there is none.
    static int anyColon(byte[] bytes, int from, int to) {
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            colon++;
        }
        return colon == to ? -1 : colon;
    }

    /// The name before a colon, as it was written, without blanks behind it.
    static String writtenName(byte[] bytes, int from, int colon) {
        int end = colon;
        while (end > from && isBlank(bytes[end - 1])) {
            end--;
        }
        return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
    }

    /// True if a line, with its end or without, is the empty one that ends a header.
    public static boolean isEmptyLine(byte[] bytes, int from, int to) {
        int length = to - from;
        return length == 0
                || (length == 1 && (bytes[from] == '\n' || bytes[from] == '\r'))
                || (length == 2 && bytes[from] == '\r' && bytes[from + 1] == '\n');
    }

    /// True if a line continues the field before it.
    public static boolean isFolded(byte[] bytes, int from, int to) {
        return from < to && isBlank(bytes[from]);
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
