// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CryptTest {
    private static final String YESCRYPT =
            "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$iLMagHjBvrahXhlULvb9yW5faxBRfc3sREKM24WCe2C";

    @BeforeAll
    static void library() {
        try {
            Crypt.matches("x".getBytes(UTF_8), YESCRYPT);
        } catch (IOException e) {
            Assumptions.abort(e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                YESCRYPT,
                "$gy$j9T$F5Jx5fExrKuPp53xLKQ..1$NW6mZw8t6PGbi4gSHMgOoVTvyIaxdqZrkYWzOLBh4g3",
                "$6$rounds=5000$abcdefgh$msgktWxVAbjjh3X7lA5LaM7dS/ZfABJL6T4qcRsnjcOTj0kptUvZcrvrXIoO5fgPA9xz6UnF2To2Y7jGc/IZY/",
                "$2b$05$abcdefghijklmnopqrstuuVWu8RjbNovPZWAMRdd7iqaaG0mI53Uu",
                "$1$abcdefgh$eKehL.s8tG6zTf8hBtmEF.",
                "abOkmxXhjDb.Y",
            })
    void everyFormIsKnown(String stored) throws IOException {
        assertTrue(Crypt.matches("geheim".getBytes(UTF_8), stored));
        assertFalse(Crypt.matches("Geheim".getBytes(UTF_8), stored));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "*", "!", "!!", "!$6$x$y", "*0", "*LK*", "x", "$9$nonsense$x", "$y$"})
    void whatIsNoHashMatchesNothing(String stored) throws IOException {
        assertFalse(Crypt.matches("geheim".getBytes(UTF_8), stored));
        assertFalse(Crypt.matches(stored.getBytes(UTF_8), stored));
    }

    @Test
    void passwordsThatCannotBeGivenToCodeInCAreNone() throws IOException {
        assertFalse(Crypt.matches(new byte[0], YESCRYPT));
        assertFalse(Crypt.matches("geheim\0more".getBytes(UTF_8), YESCRYPT));
        assertFalse(Crypt.matches("x".repeat(Crypt.MAX_PASSWORD + 1).getBytes(UTF_8), YESCRYPT));
        assertTrue(Crypt.isPassword("x".repeat(Crypt.MAX_PASSWORD).getBytes(UTF_8)));
    }
}
