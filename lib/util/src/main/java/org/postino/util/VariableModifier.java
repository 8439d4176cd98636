// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/// The modifiers of [VariableText], each a letter.
final class VariableModifier {
    private static final String LETTERS = "LUXRTEMDHN";

    private VariableModifier() {}

    static boolean is(char letter) {
        return LETTERS.indexOf(letter) >= 0;
    }

    /// True for those that make a number below the width, of as many digits as the offset says.
    static boolean isHash(char letter) {
        return letter == 'H' || letter == 'N';
    }

    static String apply(char letter, String value, int width, int offset) {
        return switch (letter) {
            case 'L' -> value.toLowerCase(Locale.ROOT);
            case 'U' -> value.toUpperCase(Locale.ROOT);
            case 'X' -> hex(value);
            case 'R' -> new StringBuilder(value).reverse().toString();
            case 'T' -> trimmed(value);
            case 'E' -> value.replaceAll("([\"'\\\\])", "\\\\$1");
            case 'M' -> HexFormat.of().formatHex(md5(value));
            case 'D' -> value.replace(".", ",dc=");
            case 'H' -> digits(oldHash(value), width, offset);
            case 'N' -> digits(ByteBuffer.wrap(md5(value)).getLong(), width, offset);
            default -> throw new IllegalArgumentException("no modifier: " + letter);
        };
    }

    /// A decimal number as hexadecimal; what is no number counts as 0.
    private static String hex(String value) {
        try {
            return Long.toHexString(Long.parseUnsignedLong(value));
        } catch (NumberFormatException e) {
            return "0";
        }
    }

    private static String trimmed(String value) {
        int end = value.length();
        while (end > 0 && (value.charAt(end - 1) == ' ' || value.charAt(end - 1) == '\t')) {
            end--;
        }
        return value.substring(0, end);
    }

    private static String digits(long value, int width, int offset) {
        long below = width > 0 ? Long.remainderUnsigned(value, width) : value;
        String digits = Integer.toHexString((int) below);
        return "0".repeat(Math.max(0, offset - digits.length())) + digits;
    }

    /// The hash of P. J. Weinberger, as in books on compilers.
    private static long oldHash(String value) {
        int hash = 0;
        for (byte octet : VariableText.octets(value)) {
            hash = (hash << 4) + (octet & 0xff);
            int high = hash & 0xf000_0000;
            hash ^= high >>> 24;
            hash ^= high;
        }
        return Integer.toUnsignedLong(hash);
    }

    private static byte[] md5(String value) {
        try {
            return MessageDigest.getInstance("MD5").digest(VariableText.octets(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
