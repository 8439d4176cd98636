// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.text.Normalizer;

/// i;unicode-casemap (RFC 5051): texts that differ in case alone are equal, others are in the order of their characters.
public final class Casemap {
    private Casemap() {}

    /// Compares folded texts, as octets of UTF-8 compare.
    static int compare(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                return Integer.compare(rank(a), rank(b));
            }
        }
        return Integer.compare(one.length(), other.length());
    }

    /// Halves of characters beyond the first 65,536 come last.
    private static int rank(char c) {
        return Character.isSurrogate(c) ? c + 0x10000 : c;
    }

    /// Title case and decomposition, so that what only looks different is equal.
    public static String fold(String text) {
        if (isAscii(text)) {
            return asciiUpper(text);
        }
        var upper = new StringBuilder(text.length());
        text.codePoints().forEach(c -> upper.appendCodePoint(Character.toTitleCase(c)));
        return Normalizer.normalize(upper, Normalizer.Form.NFKD);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static String asciiUpper(String text) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            if (chars[i] >= 'a' && chars[i] <= 'z') {
                chars[i] = (char) (chars[i] - 32);
            }
        }
        return new String(chars);
    }
}
