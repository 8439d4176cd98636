// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The header fields of a message or MIME part, as far as they were kept: names and unfolded values, a byte a character.
///
/// A NUL, which no string of a response may hold, is U+FFFD here, in UTF-8.
///
/// Fed line by line by [MimeParser]; bounded by the budget it was given, beyond which fields are cut or left out.
final class HeaderBlock {
    /// @param value without the colon, each fold one space, trimmed
    record Field(String name, String value) {}

    /// How many more bytes of fields may be kept; shared by all parts of a message.
    static final class Budget {
        private int left;

        Budget(int bytes) {
            left = bytes;
        }

        private boolean take(int bytes) {
            if (bytes > left) {
                return false;
            }
            left -= bytes;
            return true;
        }
    }

    /// Which fields are worth keeping.
    interface Wanted {
        boolean test(String name);
    }

    /// U+FFFD in UTF-8, a byte a character.
    private static final String REPLACEMENT = "\u00ef\u00bf\u00bd";

    private final List<Field> fields = new ArrayList<>();
    private final Budget budget;
    private final Wanted wanted;
    private @Nullable String name;
    private boolean exact;
    private final StringBuilder value = new StringBuilder();

    HeaderBlock(Budget budget, Wanted wanted) {
        this.budget = budget;
        this.wanted = wanted;
    }

    /// All fields of a header that is in memory.
    static HeaderBlock of(byte[] header, Wanted wanted) {
        return of(header, wanted, false);
    }

    /// All fields, the blanks of folding left as they are: the text that a search sees.
    static HeaderBlock exact(byte[] header) {
        return of(header, _ -> true, true);
    }

    private static HeaderBlock of(byte[] header, Wanted wanted, boolean exact) {
        // a NUL grows threefold
        var block = new HeaderBlock(new Budget(3 * header.length + 16), wanted);
        block.exact = exact;
        int from = 0;
        while (from < header.length) {
            int end = from;
            while (end < header.length && header[end] != '\n') {
                end++;
            }
            int stop = end > from && header[end - 1] == '\r' ? end - 1 : end;
            if (stop == from) {
                break;
            }
            block.line(header, from, stop);
            from = end + 1;
        }
        block.end();
        return block;
    }

    /// Takes one line without its end.
    void line(byte[] bytes, int from, int to) {
        if (bytes[from] == ' ' || bytes[from] == '\t') {
            if (name != null && budget.take(length(bytes, from, to))) {
                int text = from;
                while (!exact && text < to && (bytes[text] == ' ' || bytes[text] == '\t')) {
                    text++;
                }
                value.append(exact ? "" : " ");
                append(bytes, text, to);
            }
            return;
        }
        end();
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            colon++;
        }
        if (colon == to) {
            return;
        }
        int stop = colon;
        while (stop > from && (bytes[stop - 1] == ' ' || bytes[stop - 1] == '\t')) {
            stop--;
        }
        var found = latin(bytes, from, stop);
        if (stop > from && wanted.test(found) && budget.take(length(bytes, from, to))) {
            name = found;
            append(bytes, colon + 1, to);
        }
    }

    private void append(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == 0) {
                value.append(REPLACEMENT);
            } else {
                value.append((char) (bytes[i] & 0xff));
            }
        }
    }

    private static int length(byte[] bytes, int from, int to) {
        int length = to - from;
        for (int i = from; i < to; i++) {
            length += bytes[i] == 0 ? REPLACEMENT.length() - 1 : 0;
        }
        return length;
    }

    /// The header is over.
    void end() {
        if (name != null) {
            fields.add(new Field(name, trim(value)));
            name = null;
        }
        value.setLength(0);
    }

    private static String trim(StringBuilder text) {
        int from = 0;
        int to = text.length();
        while (from < to && blank(text.charAt(from))) {
            from++;
        }
        while (to > from && blank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t';
    }

    private static String latin(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    List<Field> fields() {
        return fields;
    }

    /// The value of the first field of that name, in any case.
    @Nullable String first(String wantedName) {
        for (var field : fields) {
            if (field.name().equalsIgnoreCase(wantedName)) {
                return field.value();
            }
        }
        return null;
    }

    /// The value of the last field of that name, in any case.
    @Nullable String last(String wantedName) {
        String found = null;
        for (var field : fields) {
            if (field.name().equalsIgnoreCase(wantedName)) {
                found = field.value();
            }
        }
        return found;
    }
}
