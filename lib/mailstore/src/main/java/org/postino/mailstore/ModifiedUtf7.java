// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.Optional;

/// Mailbox names on the wire (RFC 3501, 5.1.3): printable ASCII as it is, `&-` for `&`, the rest UTF-16 in a base64 of its own.
public final class ModifiedUtf7 {
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

    private ModifiedUtf7() {}

    public static String encode(String name) {
        var text = new StringBuilder(name.length() + 8);
        int i = 0;
        while (i < name.length()) {
            char c = name.charAt(i);
            if (c == '&') {
                text.append("&-");
                i++;
            } else if (plain(c)) {
                text.append(c);
                i++;
            } else {
                int end = i;
                while (end < name.length() && !plain(name.charAt(end))) {
                    end++;
                }
                shift(text, name, i, end);
                i = end;
            }
        }
        return text.toString();
    }

    private static boolean plain(char c) {
        return c >= ' ' && c <= '~';
    }

    private static void shift(StringBuilder text, String name, int from, int to) {
        text.append('&');
        int bits = 0;
        int held = 0;
        for (int i = from; i < to; i++) {
            held = held << 16 | name.charAt(i);
            bits += 16;
            while (bits >= 6) {
                bits -= 6;
                text.append(ALPHABET.charAt(held >>> bits & 0x3f));
            }
            held &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(ALPHABET.charAt(held << (6 - bits) & 0x3f));
        }
        text.append('-');
    }

    /// The name, or nothing if the text is not what [#encode(String)] would have written for it.
    public static Optional<String> decode(String text) {
        var name = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (!plain(c)) {
                return Optional.empty();
            }
            if (c != '&') {
                name.append(c);
                i++;
                continue;
            }
            int end = text.indexOf('-', i + 1);
            if (end < 0 || !unshift(name, text, i + 1, end)) {
                return Optional.empty();
            }
            i = end + 1;
        }
        var decoded = name.toString();
        // one name, one spelling: superfluous shifts, odd padding and lone surrogates are refused
        return encode(decoded).equals(text) && wellFormed(decoded)
                ? Optional.of(decoded)
                : Optional.empty();
    }

    private static boolean unshift(StringBuilder name, String text, int from, int to) {
        if (from == to) {
            name.append('&');
            return true;
        }
        int bits = 0;
        int held = 0;
        for (int i = from; i < to; i++) {
            int value = ALPHABET.indexOf(text.charAt(i));
            if (value < 0) {
                return false;
            }
            held = held << 6 | value;
            bits += 6;
            if (bits >= 16) {
                bits -= 16;
                name.append((char) (held >>> bits));
                held &= (1 << bits) - 1;
            }
        }
        return held == 0;
    }

    private static boolean wellFormed(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == name.length() || !Character.isLowSurrogate(name.charAt(i))) {
                    return false;
                }
            } else if (Character.isLowSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
