// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Plain and salted digests: a digest of password and salt, followed by the salt, in base64 or hexadecimal.
final class Digests {
    private static final int SALT = 8;

    private Digests() {}

    static boolean knows(String scheme) {
        return algorithm(scheme) != null;
    }

    static String hash(String scheme, byte[] secret) {
        byte[] salt = new byte[isSalted(scheme) ? SALT : 0];
        new SecureRandom().nextBytes(salt);
        byte[] digest = digest(scheme, secret, salt);
        byte[] both = Arrays.copyOf(digest, digest.length + salt.length);
        System.arraycopy(salt, 0, both, digest.length, salt.length);
        return Base64.getEncoder().encodeToString(both);
    }

    static boolean verify(String scheme, String encoding, String text, byte[] secret) {
        byte[] both = decode(scheme, encoding, text);
        int size = digest(scheme, secret, new byte[0]).length;
        if (both.length < size || (both.length > size && !isSalted(scheme))) {
            return false;
        }
        byte[] salt = Arrays.copyOfRange(both, size, both.length);
        return MessageDigest.isEqual(Arrays.copyOf(both, size), digest(scheme, secret, salt));
    }

    private static byte[] decode(String scheme, String encoding, String text) {
        boolean hex =
                switch (encoding) {
                    case "HEX" -> true;
                    case "B64", "BASE64" -> false;
                    case "" ->
                            scheme.equals("PLAIN-MD5")
                                    || (!isSalted(scheme)
                                            && text.length()
                                                    == 2
                                                            * digest(
                                                                            scheme,
                                                                            new byte[0],
                                                                            new byte[0])
                                                                    .length);
                    default -> throw new IllegalArgumentException("password encoding");
                };
        return hex
                ? HexFormat.of().parseHex(text)
                : Base64.getDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] digest(String scheme, byte[] secret, byte[] salt) {
        try {
            String name = algorithm(scheme);
            var digest = MessageDigest.getInstance(name == null ? "" : name);
            digest.update(secret);
            digest.update(salt);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static boolean isSalted(String scheme) {
        return scheme.startsWith("SS") || scheme.equals("SMD5");
    }

    private static @Nullable String algorithm(String scheme) {
        return switch (scheme) {
            case "SHA", "SHA1", "SSHA" -> "SHA-1";
            case "SHA256", "SSHA256" -> "SHA-256";
            case "SHA512", "SSHA512" -> "SHA-512";
            case "SMD5", "PLAIN-MD5", "LDAP-MD5" -> "MD5";
            default -> null;
        };
    }
}
