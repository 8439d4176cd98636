// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import org.postino.message.HeaderCursor;

/// Looks for a text in the fields of one name as they stand in a header. Most are one line of ASCII without encoded words and need
/// not be taken apart for that.
public final class FieldMatcher {
    /// The outcome of a look.
    enum Answer {
        YES,
        NO,
        /// A field has to be decoded first.
        OPEN
    }

    private final byte[] header;
    private final String name;
    private final TextMatcher text;
    private final HeaderCursor fields;

    private FieldMatcher(byte[] header, String name, TextMatcher text) {
        this.header = header;
        this.name = name;
        this.text = text;
        this.fields = new HeaderCursor(header);
    }

    static Answer look(byte[] header, String name, TextMatcher text) {
        return new FieldMatcher(header, name, text).look();
    }

    /// As [#look(byte[], String, TextMatcher)], in fields of addresses as ENVELOPE shows them: without quotes, comments and some of the
    /// blanks. `OPEN` unless all that can be shown of an address stands in the field, too.
    static Answer lookForAddress(byte[] header, String name, TextMatcher text) {
        return text.isOneWord()
                ? new FieldMatcher(header, name, text).lookForAddress()
                : Answer.OPEN;
    }

    private Answer lookForAddress() {
        if (!isAscii(name)) {
            return Answer.OPEN;
        }
        while (fields.nextField() && !fields.isEmptyLine()) {
            int from = value();
            int to = fields.stop();
            if (from >= 0
                    && (!isPlain(from, to)
                            || hasEscapes(from, to)
                            || text.inAsciiUnquoted(header, from, to))) {
                return Answer.OPEN;
            }
        }
        return Answer.NO;
    }

    private boolean hasEscapes(int from, int to) {
        for (int i = from; i < to; i++) {
            if (header[i] == '\\' || header[i] == '(') {
                return true;
            }
        }
        return false;
    }

    private Answer look() {
        var answer = isAscii(name) ? Answer.NO : Answer.OPEN;
        while (fields.nextField() && !fields.isEmptyLine()) {
            int from = value();
            if (from < 0) {
                continue;
            }
            if (text.isEmpty()) {
                return Answer.YES;
            }
            int to = fields.stop();
            if (!isPlain(from, to)) {
                answer = Answer.OPEN;
            } else if (inTrimmed(from, to)) {
                return Answer.YES;
            }
        }
        return answer;
    }

    private static boolean isAscii(String name) {
        return name.chars().allMatch(c -> c < 0x80);
    }

    /// The place behind the colon; -1 if it is another field.
    private int value() {
        int at = fields.start();
        int stop = fields.stop();
        for (int i = 0; i < name.length(); i++, at++) {
            if (at >= stop || lower(header[at]) != lower(name.charAt(i))) {
                return -1;
            }
        }
        while (at < stop && isBlank(header[at])) {
            at++;
        }
        return at < stop && header[at] == ':' ? at + 1 : -1;
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private boolean isPlain(int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = header[i];
            if (b <= 0
                    || b == '\r'
                    || b == '\n'
                    || (b == '=' && i + 1 < to && header[i + 1] == '?')) {
                return false;
            }
        }
        return true;
    }

    private boolean inTrimmed(int from, int to) {
        int first = from;
        int end = to;
        while (first < end && isBlank(header[first])) {
            first++;
        }
        while (end > first && isBlank(header[end - 1])) {
            end--;
        }
        return text.inAscii(header, first, end);
    }
}
