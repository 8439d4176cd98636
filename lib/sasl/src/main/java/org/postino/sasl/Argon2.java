// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Argon2 (RFC 9106) in the PHC string form: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
final class Argon2 {
    /// 19 MiB and two passes.
    private static final Argon2Core.Costs USUAL = new Argon2Core.Costs(true, 0x13, 19_456, 2, 1);

    /// A stored form that wants more memory (in KiB) than this is not checked.
    private static final int MAX_MEMORY = 1024 * 1024;

    private static final int MAX_PASSES = 64;
    private static final int MAX_LANES = 64;
    private static final int SALT = 16;
    private static final int HASH = 32;

    private Argon2() {}

    /// The parts of a stored form.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Form(Argon2Core.Costs costs, byte[] salt, byte[] hash) {}

    static boolean isForm(String stored) {
        return stored.startsWith("$argon2id$") || stored.startsWith("$argon2i$");
    }

    static String hash(byte[] secret) {
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        var base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m="
                + USUAL.memory()
                + ",t="
                + USUAL.passes()
                + ",p="
                + USUAL.lanes()
                + "$"
                + base64.encodeToString(salt)
                + "$"
                + base64.encodeToString(Argon2Core.hash(USUAL, secret, salt, HASH));
    }

    static boolean verify(String stored, byte[] secret) {
        if (!isForm(stored)) {
            return false;
        }
        Form form = parse(stored);
        return MessageDigest.isEqual(
                form.hash(),
                Argon2Core.hash(form.costs(), secret, form.salt(), form.hash().length));
    }

    private static Form parse(String stored) {
        List<String> parts = split(stored.substring(1), '$');
        int at = 1;
        int version = 0x10;
        if (parts.size() > at && parts.get(at).startsWith("v=")) {
            version = Integer.parseInt(parts.get(at++).substring(2));
        }
        if (parts.size() != at + 3 || (version != 0x10 && version != 0x13)) {
            throw new IllegalArgumentException("argon2 form");
        }
        var base64 = Base64.getDecoder();
        byte[] salt = base64.decode(parts.get(at + 1).getBytes(StandardCharsets.ISO_8859_1));
        byte[] hash = base64.decode(parts.get(at + 2).getBytes(StandardCharsets.ISO_8859_1));
        if (salt.length < 8 || hash.length < 4 || hash.length > 1024) {
            throw new IllegalArgumentException("argon2 salt or hash length");
        }
        return new Form(
                costs(parts.getFirst().equals("argon2id"), version, parts.get(at)), salt, hash);
    }

    private static Argon2Core.Costs costs(boolean id, int version, String text) {
        int memory = 0;
        int passes = 0;
        int lanes = 0;
        for (String cost : split(text, ',')) {
            int value = Integer.parseInt(cost.substring(Math.min(2, cost.length())));
            switch (cost.substring(0, 2)) {
                case "m=" -> memory = value;
                case "t=" -> passes = value;
                case "p=" -> lanes = value;
                default -> throw new IllegalArgumentException("argon2 costs");
            }
        }
        boolean sane =
                lanes >= 1
                        && lanes <= MAX_LANES
                        && memory >= 8 * lanes
                        && memory <= MAX_MEMORY
                        && passes >= 1
                        && passes <= MAX_PASSES;
        if (!sane) {
            throw new IllegalArgumentException("argon2 costs");
        }
        return new Argon2Core.Costs(id, version, memory, passes, lanes);
    }

    private static List<String> split(String text, char separator) {
        var parts = new ArrayList<String>();
        int start = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, start)) {
            parts.add(text.substring(start, at));
            start = at + 1;
        }
        parts.add(text.substring(start));
        return parts;
    }
}
