// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// The `$5$` (SHA-256) and `$6$` (SHA-512) forms of crypt(3), after Ulrich Drepper's specification.
final class ShaCrypt {
    private static final int DEFAULT_ROUNDS = 5000;
    private static final int MIN_ROUNDS = 1000;
    private static final int MAX_ROUNDS = 999_999_999;
    private static final int MAX_SALT = 16;

    /// More rounds than this are not worked through: a single check would take many seconds.
    private static final int MAX_VERIFIED_ROUNDS = 2_000_000;

    private static final String ALPHABET =
            "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private ShaCrypt() {}

    static boolean isForm(String stored) {
        return stored.startsWith("$5$") || stored.startsWith("$6$");
    }

    static boolean verify(String stored, byte[] secret) {
        return isForm(stored)
                && MessageDigest.isEqual(
                        stored.getBytes(StandardCharsets.UTF_8),
                        hash(secret, stored).getBytes(StandardCharsets.UTF_8));
    }

    /// Hashes with the salt and rounds of `setting`, which may be a whole stored form.
    static String hash(byte[] secret, String setting) {
        boolean long512 = setting.startsWith("$6$");
        int start = 3;
        int rounds = DEFAULT_ROUNDS;
        boolean explicit = setting.startsWith("rounds=", start);
        if (explicit) {
            int end = setting.indexOf('$', start);
            if (end < 0) {
                throw new IllegalArgumentException("crypt setting");
            }
            long asked = Long.parseLong(setting, start + 7, end, 10);
            rounds = Math.clamp(asked, MIN_ROUNDS, MAX_ROUNDS);
            if (rounds > MAX_VERIFIED_ROUNDS) {
                throw new IllegalArgumentException("crypt setting has too many rounds");
            }
            start = end + 1;
        }
        int end = setting.indexOf('$', start);
        String salt = setting.substring(start, end < 0 ? setting.length() : end);
        salt = salt.substring(0, Math.min(salt.length(), MAX_SALT));
        byte[] digest =
                digest(sha(long512), secret, salt.getBytes(StandardCharsets.ISO_8859_1), rounds);
        return (long512 ? "$6$" : "$5$")
                + (explicit ? "rounds=" + rounds + "$" : "")
                + salt
                + "$"
                + (long512 ? print512(digest) : print256(digest));
    }

    private static MessageDigest sha(boolean long512) {
        try {
            return MessageDigest.getInstance(long512 ? "SHA-512" : "SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] digest(MessageDigest sha, byte[] secret, byte[] salt, int rounds) {
        byte[] a = first(sha, secret, salt);
        for (int i = 0; i < secret.length; i++) {
            sha.update(secret);
        }
        byte[] p = repeated(sha.digest(), secret.length);
        for (int i = 0; i < 16 + (a[0] & 0xff); i++) {
            sha.update(salt);
        }
        byte[] s = repeated(sha.digest(), salt.length);
        for (int i = 0; i < rounds; i++) {
            sha.update((i & 1) != 0 ? p : a);
            if (i % 3 != 0) {
                sha.update(s);
            }
            if (i % 7 != 0) {
                sha.update(p);
            }
            sha.update((i & 1) != 0 ? a : p);
            a = sha.digest();
        }
        Arrays.fill(p, (byte) 0);
        return a;
    }

    private static byte[] first(MessageDigest sha, byte[] secret, byte[] salt) {
        sha.update(secret);
        sha.update(salt);
        sha.update(secret);
        byte[] b = sha.digest();
        sha.update(secret);
        sha.update(salt);
        sha.update(repeated(b, secret.length));
        for (int length = secret.length; length > 0; length >>= 1) {
            sha.update((length & 1) != 0 ? b : secret);
        }
        return sha.digest();
    }

    private static byte[] repeated(byte[] block, int length) {
        byte[] result = new byte[length];
        for (int i = 0; i < length; i++) {
            result[i] = block[i % block.length];
        }
        return result;
    }

    private static String print512(byte[] d) {
        var out = new StringBuilder();
        int x = 0;
        int y = 21;
        int z = 42;
        for (int i = 0; i < 21; i++) {
            print(out, d[x], d[y], d[z], 4);
            int turn = x;
            x = y + 1;
            y = z + 1;
            z = turn + 1;
        }
        print(out, (byte) 0, (byte) 0, d[63], 2);
        return out.toString();
    }

    private static String print256(byte[] d) {
        var out = new StringBuilder();
        int x = 0;
        int y = 10;
        int z = 20;
        for (int i = 0; i < 10; i++) {
            print(out, d[x], d[y], d[z], 4);
            int turn = x;
            x = z + 1;
            z = y + 1;
            y = turn + 1;
        }
        print(out, (byte) 0, d[31], d[30], 3);
        return out.toString();
    }

    private static void print(StringBuilder out, byte high, byte middle, byte low, int digits) {
        int bits = (high & 0xff) << 16 | (middle & 0xff) << 8 | (low & 0xff);
        for (int i = 0; i < digits; i++) {
            out.append(ALPHABET.charAt(bits & 0x3f));
            bits >>= 6;
        }
    }
}
