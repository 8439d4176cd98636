// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postino.linux.Crypt;

/// Makes and verifies stored passwords in Dovecot's form, `{SCHEME}text`.
///
/// `{SCHEME.b64}`, `{SCHEME.base64}` and `{SCHEME.hex}` name the digest's encoding if it is not the scheme's usual one.
/// A comparison takes the same time wherever the texts differ. The code of a scheme is loaded when the scheme is first used.
public final class PasswordSchemes {
    private static final List<String> MADE =
            List.of(
                    "ARGON2ID",
                    "BLF-CRYPT",
                    "SHA512-CRYPT",
                    "SHA256-CRYPT",
                    "SSHA512",
                    "SSHA256",
                    "SSHA",
                    "SHA512",
                    "SHA256",
                    "SHA",
                    "PLAIN");

    private static final int DES_LENGTH = 13;

    private static final String BASE62 =
            "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private PasswordSchemes() {}

    /// Lists the schemes that [#hash] knows, best first.
    public static List<String> names() {
        return MADE;
    }

    /// Makes a stored form of the password, with fresh salt if the scheme has one: `{ARGON2ID}$argon2id$...`.
    ///
    /// @throws IllegalArgumentException the scheme is not one of [#names()]
    public static String hash(String scheme, String password) {
        byte[] secret = password.getBytes(StandardCharsets.UTF_8);
        String name = scheme.toUpperCase(Locale.ROOT);
        return "{"
                + name
                + "}"
                + switch (name) {
                    case "ARGON2ID" -> Argon2.hash(secret);
                    case "BLF-CRYPT" -> Bcrypt.hash(secret);
                    case "SHA512-CRYPT" -> ShaCrypt.hash(secret, "$6$" + salt(16));
                    case "SHA256-CRYPT" -> ShaCrypt.hash(secret, "$5$" + salt(16));
                    case "SSHA512", "SSHA256", "SSHA", "SHA512", "SHA256", "SHA" ->
                            Digests.hash(name, secret);
                    case "PLAIN" -> password;
                    default ->
                            throw new IllegalArgumentException("unknown password scheme " + scheme);
                };
    }

    /// Returns the length of a password, in octets of UTF-8, up to which a scheme reads it. What stands behind makes no difference.
    public static int maxPassword(String scheme) {
        return scheme.equalsIgnoreCase("BLF-CRYPT") ? Bcrypt.MAX_PASSWORD : Integer.MAX_VALUE;
    }

    /// True if the password is the stored one. A stored form that is damaged, or of an unknown scheme, matches no password.
    ///
    /// @param stored `{SCHEME}text`; a text without a scheme is a `crypt` text (`$6$...`), of any form that the system's crypt(3)
    ///     knows
    /// @throws UncheckedIOException only crypt(3) could verify this form, and the system has none
    public static boolean verify(String stored, String password) {
        byte[] secret = password.getBytes(StandardCharsets.UTF_8);
        int close = stored.startsWith("{") ? stored.indexOf('}') : -1;
        String label = close < 0 ? "CRYPT" : stored.substring(1, close).toUpperCase(Locale.ROOT);
        String text = stored.substring(close + 1);
        int dot = label.indexOf('.');
        String scheme = dot < 0 ? label : label.substring(0, dot);
        String encoding = dot < 0 ? "" : label.substring(dot + 1);
        try {
            return verify(scheme, encoding, text, secret);
        } catch (IllegalArgumentException e) {
            return false;
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /// Returns the password itself where it is stored in clear.
    public static Optional<String> inClear(String stored) {
        int close = stored.startsWith("{") ? stored.indexOf('}') : -1;
        String label = close < 0 ? "" : stored.substring(1, close).toUpperCase(Locale.ROOT);
        return switch (label) {
            case "PLAIN", "CLEAR", "CLEARTEXT" -> Optional.of(stored.substring(close + 1));
            default -> Optional.empty();
        };
    }

    /// True if [#verify] knows this stored form. Otherwise no password will match, and the administrator should be warned.
    public static boolean isUsable(String stored) {
        int close = stored.startsWith("{") ? stored.indexOf('}') : -1;
        String label = close < 0 ? "CRYPT" : stored.substring(1, close).toUpperCase(Locale.ROOT);
        int dot = label.indexOf('.');
        String text = stored.substring(close + 1);
        return switch (dot < 0 ? label : label.substring(0, dot)) {
            case "PLAIN", "CLEAR", "CLEARTEXT" -> true;
            case "CRYPT" -> isCrypt(text);
            case "SHA512-CRYPT", "SHA256-CRYPT" -> ShaCrypt.isForm(text);
            case "BLF-CRYPT" -> Bcrypt.isForm(text) || Bcrypt.isSignedForm(text);
            case "ARGON2ID", "ARGON2I" -> Argon2.isForm(text);
            default -> Digests.knows(dot < 0 ? label : label.substring(0, dot));
        };
    }

    private static boolean verify(String scheme, String encoding, String text, byte[] secret) {
        return switch (scheme) {
            case "PLAIN", "CLEAR", "CLEARTEXT" -> same(text, secret);
            case "CRYPT" -> verifyCrypt(text, secret);
            case "SHA512-CRYPT", "SHA256-CRYPT" -> ShaCrypt.verify(text, secret);
            case "BLF-CRYPT" ->
                    Bcrypt.isSignedForm(text)
                            ? verifyCrypt(text, secret)
                            : Bcrypt.verify(text, secret);
            case "ARGON2ID", "ARGON2I" -> Argon2.verify(text, secret);
            default -> Digests.knows(scheme) && Digests.verify(scheme, encoding, text, secret);
        };
    }

    private static boolean isCrypt(String text) {
        return ShaCrypt.isForm(text)
                || Bcrypt.isForm(text)
                || Argon2.isForm(text)
                || isSystemForm(text);
    }

    private static boolean verifyCrypt(String text, byte[] secret) {
        if (ShaCrypt.isForm(text)) {
            return ShaCrypt.verify(text, secret);
        }
        if (Bcrypt.isForm(text)) {
            return Bcrypt.verify(text, secret);
        }
        if (Argon2.isForm(text)) {
            return Argon2.verify(text, secret);
        }
        try {
            return isSystemForm(text) && Crypt.matches(secret, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// True if a text looks like a form that only the system's crypt(3) may know: yescrypt (`$y$`), MD5 (`$1$`), DES.
    private static boolean isSystemForm(String text) {
        boolean form = text.startsWith("$") || text.length() == DES_LENGTH;
        return form && (!text.startsWith("$2") || Bcrypt.isSignedForm(text)) && Crypt.isForm(text);
    }

    private static boolean same(String text, byte[] secret) {
        return MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), secret);
    }

    private static String salt(int length) {
        byte[] random = new byte[length];
        new SecureRandom().nextBytes(random);
        var salt = new StringBuilder();
        for (byte b : random) {
            salt.append(BASE62.charAt(b & 0x3f));
        }
        return salt.toString();
    }
}
