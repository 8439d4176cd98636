// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The header fields of a message or MIME part, as far as they were kept: names and unfolded values, a byte a character.
///
/// A NUL, which no string of a response may hold, is U+FFFD here, in UTF-8.
///
/// Fed line by line by [MimeParser]; bounded by the budget it was given, beyond which fields are cut or left out.
public final class HeaderBlock {
    /// A field as text.
    ///
    /// @param value without the colon, each fold one space, trimmed
    /// @param unfolded the same with all blanks of the folds, for they count in a quoted string (RFC 5322, 2.2.3 and 3.2.4)
    public record Field(String name, String value, String unfolded) {}

    /// The number of bytes of fields that may still be kept; all parts of a message share it.
    public static final class Budget {
        private int left;

        public Budget(int bytes) {
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

    /// Chooses the fields that are kept.
    @FunctionalInterface
    public interface Wanted {
        boolean test(String name);
    }

    /// U+FFFD in UTF-8, a byte a character.
    private static final String REPLACEMENT = "\u00ef\u00bf\u00bd";

    private final List<Field> fields = new ArrayList<>();
    private final Budget budget;
    private final Wanted wanted;
    private @Nullable String name;
    private boolean folded;
    private final StringBuilder value = new StringBuilder();
    private final StringBuilder unfolded = new StringBuilder();

    public HeaderBlock(Budget budget, Wanted wanted) {
        this.budget = budget;
        this.wanted = wanted;
    }

    /// All fields of a header that is in memory.
    public static HeaderBlock of(byte[] header, Wanted wanted) {
        // a NUL grows threefold
        var block =
                new HeaderBlock(
                        new Budget((int) Math.min(Integer.MAX_VALUE, 3L * header.length + 16)),
                        wanted);
        var lines = new HeaderCursor(header);
        while (lines.nextLine() && !lines.isEmptyLine()) {
            block.line(header, lines.start(), lines.stop());
        }
        block.end();
        return block;
    }

    /// Takes one line without its end.
    void line(byte[] bytes, int from, int to) {
        if (HeaderField.isFolded(bytes, from, to)) {
            if (name != null && budget.take(length(bytes, from, to))) {
                if (!folded) {
                    folded = true;
                    unfolded.append(value);
                }
                append(unfolded, bytes, from, to);
                int text = from;
                while (text < to && HeaderField.isBlank(bytes[text])) {
                    text++;
                }
                append(value.append(' '), bytes, text, to);
            }
            return;
        }
        end();
        int colon = HeaderField.anyColon(bytes, from, to);
        if (colon < 0) {
            return;
        }
        var found = HeaderField.writtenName(bytes, from, colon);
        if (!found.isEmpty() && wanted.test(found) && budget.take(length(bytes, from, to))) {
            name = found;
            append(value, bytes, colon + 1, to);
        }
    }

    private static void append(StringBuilder text, byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == 0) {
                text.append(REPLACEMENT);
            } else {
                text.append((char) (bytes[i] & 0xff));
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
            var text = trim(value);
            fields.add(new Field(name, text, folded ? trim(unfolded) : text));
            name = null;
        }
        folded = false;
        value.setLength(0);
        unfolded.setLength(0);
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

    /// The fields that were kept, in order.
    public List<Field> fields() {
        return Collections.unmodifiableList(fields);
    }

    /// The first field of that name, in any case, that has a value; one without if there is no other.
    public @Nullable Field field(String wantedName) {
        Field empty = null;
        for (var field : fields) {
            if (field.name().equalsIgnoreCase(wantedName)) {
                if (!field.value().isEmpty()) {
                    return field;
                }
                empty = field;
            }
        }
        return empty;
    }

    /// The value of [#field(String)].
    public @Nullable String first(String wantedName) {
        var field = field(wantedName);
        return field == null ? null : field.value();
    }

    /// The value of [#field(String)] with the blanks of its folds, for what may hold quoted strings.
    public @Nullable String unfolded(String wantedName) {
        var field = field(wantedName);
        return field == null ? null : field.unfolded();
    }

    /// The value of the last field of that name, in any case.
    public @Nullable String last(String wantedName) {
        String found = null;
        for (var field : fields) {
            if (field.name().equalsIgnoreCase(wantedName)) {
                found = field.value();
            }
        }
        return found;
    }
}
