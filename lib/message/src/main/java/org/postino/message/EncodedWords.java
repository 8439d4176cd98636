// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Header text for people: encoded words decoded and made (RFC 2047), raw 8 bit taken as UTF-8.
public final class EncodedWords {
    /// An encoded word may have 75 characters (RFC 2047, 2): with the base64 of so many octets it has 72.
    private static final int OCTETS = 45;

    private EncodedWords() {}

    /// A text as encoded words of UTF-8, each on a line of its own; the first begins where the caller is.
    public static String encode(String text) {
        var words = new StringBuilder();
        var octets = new ByteArrayOutputStream();
        for (int at = 0; at < text.length(); ) {
            int next = text.offsetByCodePoints(at, 1);
            byte[] character = text.substring(at, next).getBytes(StandardCharsets.UTF_8);
            if (octets.size() + character.length > OCTETS) {
                word(words, octets);
            }
            octets.writeBytes(character);
            at = next;
        }
        word(words, octets);
        return words.toString();
    }

    private static void word(StringBuilder words, ByteArrayOutputStream octets) {
        words.append(words.isEmpty() ? "=?utf-8?B?" : "\r\n =?utf-8?B?")
                .append(Base64.getEncoder().encodeToString(octets.toByteArray()))
                .append("?=");
        octets.reset();
    }

    /// The text of a field as people read it; what is no encoded word stays as it is.
    ///
    /// @param value a byte in each character
    public static String decode(String value) {
        if (value.indexOf("=?") < 0) {
            return raw(value, 0, value.length());
        }
        var text = new StringBuilder(value.length());
        var pending = new ByteArrayOutputStream();
        String pendingCharset = "";
        int done = 0;
        int at = value.indexOf("=?");
        while (at >= 0) {
            var word = Word.at(value, at);
            if (word == null) {
                at = value.indexOf("=?", at + 2);
                continue;
            }
            boolean adjacent = pending.size() > 0 && blank(value, done, at);
            if (!adjacent || !word.charset().equalsIgnoreCase(pendingCharset)) {
                flush(text, pending, pendingCharset);
                pendingCharset = word.charset();
            }
            if (!adjacent) {
                text.append(raw(value, done, at));
            }
            // a character may be split over words: bytes of one charset are gathered first
            pending.writeBytes(word.bytes());
            done = word.end();
            at = value.indexOf("=?", done);
        }
        flush(text, pending, pendingCharset);
        return text.append(raw(value, done, value.length())).toString();
    }

    private static void flush(StringBuilder text, ByteArrayOutputStream bytes, String charset) {
        text.append(bytes.toString(Charsets.of(charset)));
        bytes.reset();
    }

    private static boolean blank(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            if (value.charAt(i) != ' ' && value.charAt(i) != '\t') {
                return false;
            }
        }
        return true;
    }

    private static String raw(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            if (value.charAt(i) >= 0x80) {
                byte[] bytes = value.substring(from, to).getBytes(StandardCharsets.ISO_8859_1);
                return new String(bytes, StandardCharsets.UTF_8);
            }
        }
        return value.substring(from, to);
    }

    @SuppressWarnings("ArrayRecordComponent") // lives for one loop
    private record Word(String charset, byte[] bytes, int end) {
        /// The word that begins at `at`, or null if none does.
        static @Nullable Word at(String value, int at) {
            int first = value.indexOf('?', at + 2);
            if (first < 0 || first + 2 >= value.length() || value.charAt(first + 2) != '?') {
                return null;
            }
            int last = value.indexOf("?=", first + 3);
            if (last < 0) {
                return null;
            }
            var charset = value.substring(at + 2, first);
            int star = charset.indexOf('*');
            var text = value.substring(first + 3, last);
            byte[] bytes =
                    switch (value.charAt(first + 1)) {
                        case 'B', 'b' -> base64(text);
                        case 'Q', 'q' -> q(text);
                        default -> null;
                    };
            return bytes == null || text.indexOf(' ') >= 0
                    ? null
                    : new Word(star < 0 ? charset : charset.substring(0, star), bytes, last + 2);
        }
    }

    private static byte @Nullable [] base64(String text) {
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static byte[] q(String text) {
        var bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '=' && i + 2 < text.length() ? digit(text, i + 1) : -1;
            int low = high >= 0 ? digit(text, i + 2) : -1;
            if (low >= 0) {
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(c == '_' ? ' ' : c);
            }
        }
        return bytes.toByteArray();
    }

    private static int digit(String text, int at) {
        return at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
    }
}
