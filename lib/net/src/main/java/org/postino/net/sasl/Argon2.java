// SPDX-License-Identifier: Apache-2.0

package org.postino.net.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Argon2 (RFC 9106) in the PHC string form: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
final class Argon2 {
    /// 19 MiB and two passes: one check at a time fits a heap of 64 MiB.
    private static final int MEMORY = 19_456;

    private static final int PASSES = 2;

    /// A stored form that wants more memory (in KiB) than this can't be checked here.
    private static final int MAX_MEMORY = 256 * 1024;

    private static final int MAX_PASSES = 64;
    private static final int SALT = 16;
    private static final int HASH = 32;

    private Argon2() {}

    /// The parts of a stored form.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Form(Argon2Parameters parameters, byte[] hash) {}

    static boolean isForm(String stored) {
        return stored.startsWith("$argon2id$") || stored.startsWith("$argon2i$");
    }

    static String hash(byte[] secret) {
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        var parameters =
                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(MEMORY)
                        .withIterations(PASSES)
                        .withParallelism(1)
                        .withSalt(salt)
                        .build();
        var base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m="
                + MEMORY
                + ",t="
                + PASSES
                + ",p=1$"
                + base64.encodeToString(salt)
                + "$"
                + base64.encodeToString(run(parameters, secret, HASH));
    }

    static boolean verify(String stored, byte[] secret) {
        if (!isForm(stored)) {
            return false;
        }
        Form form = parse(stored);
        return MessageDigest.isEqual(
                form.hash(), run(form.parameters(), secret, form.hash().length));
    }

    private static byte[] run(Argon2Parameters parameters, byte[] secret, int length) {
        var generator = new Argon2BytesGenerator();
        generator.init(parameters);
        byte[] hash = new byte[length];
        generator.generateBytes(secret, hash);
        return hash;
    }

    private static Form parse(String stored) {
        List<String> parts = split(stored.substring(1), '$');
        int at = 1;
        int version = Argon2Parameters.ARGON2_VERSION_10;
        if (parts.size() > at && parts.get(at).startsWith("v=")) {
            version = Integer.parseInt(parts.get(at++).substring(2));
        }
        if (parts.size() != at + 3) {
            throw new IllegalArgumentException("argon2 form");
        }
        var builder =
                new Argon2Parameters.Builder(
                                parts.getFirst().equals("argon2id")
                                        ? Argon2Parameters.ARGON2_id
                                        : Argon2Parameters.ARGON2_i)
                        .withVersion(version);
        costs(parts.get(at), builder);
        var base64 = Base64.getDecoder();
        byte[] hash = base64.decode(parts.get(at + 2).getBytes(StandardCharsets.ISO_8859_1));
        if (hash.length < 4 || hash.length > 1024) {
            throw new IllegalArgumentException("argon2 hash length");
        }
        builder.withSalt(base64.decode(parts.get(at + 1).getBytes(StandardCharsets.ISO_8859_1)));
        return new Form(builder.build(), hash);
    }

    private static void costs(String text, Argon2Parameters.Builder builder) {
        for (String cost : split(text, ',')) {
            int value = Integer.parseInt(cost.substring(Math.min(2, cost.length())));
            int max =
                    switch (cost.substring(0, 2)) {
                        case "m=" -> {
                            builder.withMemoryAsKB(value);
                            yield MAX_MEMORY;
                        }
                        case "t=" -> {
                            builder.withIterations(value);
                            yield MAX_PASSES;
                        }
                        case "p=" -> {
                            builder.withParallelism(value);
                            yield 64;
                        }
                        default -> throw new IllegalArgumentException("argon2 costs");
                    };
            if (value < 1 || value > max) {
                throw new IllegalArgumentException("argon2 costs");
            }
        }
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
