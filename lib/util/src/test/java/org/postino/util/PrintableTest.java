// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrintableTest {
    @ParameterizedTest
    @CsvSource({
        "9", "a", "d", "1b", "7f", "85", "9b", "61c", "200e", "200f", "2028", "2029", "202e",
        "2066", "2069", "d800", "dfff"
    })
    void whatEndsALineOrTurnsItAroundIsReplaced(String hex) {
        String text = "a" + (char) Integer.parseInt(hex, 16) + "b";
        assertEquals("a?b", Printable.text(text));
    }

    @Test
    void lettersOfAllScriptsStay() {
        String text = "J\u00f6rg \u05d0\u05d1 \u4e2d \ud83d\ude00 ~ \u00a0";
        assertSame(text, Printable.text(text));
        assertEquals("J?rg ?? ? ?? ~ ?", Printable.ascii(text, 100));
        assertEquals("a??", Printable.without("<>", "a<>b", 3));
        assertEquals("a?", Printable.text("a\ud83d\ude00", 2));
    }

    @Test
    void whatComesOutIsOneLineOfText() {
        var random = new Random(8);
        for (int n = 0; n < 20_000; n++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                int kind = random.nextInt(4);
                text.append(
                        (char) random.nextInt(kind == 0 ? 0x10000 : kind == 1 ? 0x100 : 0x2100));
            }
            String clean = Printable.text(text.toString());
            assertEquals(text.length(), clean.length());
            assertEquals(1, clean.lines().count(), clean);
            assertEquals(-1, firstControl(clean), clean);
            byte[] bytes = clean.getBytes(StandardCharsets.UTF_8);
            assertEquals(clean, new String(bytes, StandardCharsets.UTF_8));
            assertEquals(clean, Printable.text(clean));
        }
    }

    private static int firstControl(String text) {
        return text.codePoints()
                .filter(c ->
                        Character.isISOControl(c)
                                || Character.getDirectionality(c)
                                        >= Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING)
                .findFirst()
                .orElse(-1);
    }
}
