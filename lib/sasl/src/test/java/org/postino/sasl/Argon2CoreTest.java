// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Test;

class Argon2CoreTest {

    /// Our function and BouncyCastle's are two implementations of one specification.
    @Test
    void agreesWithAnotherImplementation() {
        var random = new Random(42);
        for (int i = 0; i < 60; i++) {
            int lanes = 1 + random.nextInt(4);
            var costs =
                    new Argon2Core.Costs(
                            random.nextBoolean(),
                            random.nextInt(4) == 0 ? 0x10 : 0x13,
                            8 * lanes + random.nextInt(3000),
                            1 + random.nextInt(3),
                            lanes);
            byte[] secret = new byte[random.nextInt(80)];
            byte[] salt = new byte[8 + random.nextInt(20)];
            random.nextBytes(secret);
            random.nextBytes(salt);
            int length = 4 + random.nextInt(200);
            assertArrayEquals(
                    theirs(costs, secret, salt, length),
                    Argon2Core.hash(costs, secret, salt, length),
                    costs.toString());
        }
    }

    private static byte[] theirs(Argon2Core.Costs costs, byte[] secret, byte[] salt, int length) {
        var generator = new Argon2BytesGenerator();
        generator.init(
                new Argon2Parameters.Builder(
                                costs.id() ? Argon2Parameters.ARGON2_id : Argon2Parameters.ARGON2_i)
                        .withVersion(costs.version())
                        .withMemoryAsKB(costs.memory())
                        .withIterations(costs.passes())
                        .withParallelism(costs.lanes())
                        .withSalt(salt)
                        .build());
        byte[] hash = new byte[length];
        generator.generateBytes(secret, hash);
        return hash;
    }
}
