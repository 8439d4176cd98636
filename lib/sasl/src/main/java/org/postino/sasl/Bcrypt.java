// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// The `$2a$`, `$2b$` and `$2y$` forms of crypt(3).
final class Bcrypt {
    private static final int COST = 10;

    /// A check with a higher cost would take many seconds.
    private static final int MAX_COST = 16;

    private static final String ALPHABET =
            "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private Bcrypt() {}

    /// So many octets of a password count; what stands behind them changes nothing.
    static final int MAX_PASSWORD = 72;

    static boolean isForm(String stored) {
        return isForm(stored, "aby");
    }

    /// The `$2x$` form: made by an implementation that took octets above 127 for negative, and verified by the system's crypt(3).
    static boolean isSignedForm(String stored) {
        return isForm(stored, "x") && isBearable(stored);
    }

    private static boolean isForm(String stored, String variants) {
        return stored.length() == 60
                && stored.startsWith("$2")
                && variants.indexOf(stored.charAt(2)) >= 0
                && stored.charAt(3) == '$'
                && stored.charAt(6) == '$';
    }

    static String hash(byte[] secret) {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        return OpenBSDBCrypt.generate("2y", secret, salt, COST);
    }

    static boolean verify(String stored, byte[] secret) {
        if (!isForm(stored) || !isBearable(stored)) {
            return false;
        }
        int cost = Integer.parseInt(stored, 4, 6, 10);
        byte[] salt = decode(stored.substring(7, 29), 16);
        String made = OpenBSDBCrypt.generate(stored.substring(1, 3), secret, salt, cost);
        return MessageDigest.isEqual(
                stored.getBytes(StandardCharsets.UTF_8), made.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isBearable(String stored) {
        char tens = stored.charAt(4);
        char ones = stored.charAt(5);
        if (tens < '0' || tens > '9' || ones < '0' || ones > '9') {
            return false;
        }
        int cost = (tens - '0') * 10 + ones - '0';
        return cost >= 4 && cost <= MAX_COST;
    }

    private static byte[] decode(String text, int length) {
        byte[] data = new byte[length];
        int bits = 0;
        int have = 0;
        int at = 0;
        for (int i = 0; i < text.length() && at < length; i++) {
            int digit = ALPHABET.indexOf(text.charAt(i));
            if (digit < 0) {
                throw new IllegalArgumentException("bcrypt salt");
            }
            bits = (bits << 6) | digit;
            have += 6;
            if (have >= 8) {
                have -= 8;
                data[at++] = (byte) (bits >> have);
            }
        }
        return data;
    }
}
