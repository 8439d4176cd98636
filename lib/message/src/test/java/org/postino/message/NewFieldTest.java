// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NewFieldTest {
    @Test
    void aFieldIsPrinted() {
        assertEquals("X-A: \u00e9\r\n", utf8(NewField.of("X-A", "\u00e9")));
        assertEquals("X:\r\n", utf8(new NewField("X", "")));
        assertEquals("X: a\r\n b\r\n\tc\r\n", utf8(NewField.of("X", "a\n b\r\nc\0\r\n \t\r\n")));
    }

    @Test
    void aNameIsOfPrintableCharacters() {
        for (String name : List.of("", "a b", "a:", "\u00e9", "a\r\nb", "\0", " a")) {
            assertThrows(IllegalArgumentException.class, () -> NewField.of(name, "x"), name);
        }
        assertThrows(IllegalArgumentException.class, () -> new NewField("a", "\u2028"));
    }

    @Test
    void whateverTheTextAReaderFindsThisFieldAlone() throws Exception {
        var random = new Random(9);
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append("\r\n \t\0:ax\u00ff".charAt(random.nextInt(9)));
            }
            var field = new NewField("X", text.toString());
            var found = new int[2];
            byte[] bytes = field.bytes();
            var reader =
                    new HeaderReader(
                            1000,
                            f -> {
                                found[0]++;
                                found[1] = f.length();
                            });
            assertEquals(bytes.length, reader.feed(bytes, 0, bytes.length));
            reader.finish();
            assertEquals(1, found[0], text::toString);
            assertEquals(bytes.length, found[1]);
            assertEquals(field, new NewField(field.name(), field.text()));
        }
    }

    private static String utf8(NewField field) {
        return new String(field.bytes(), StandardCharsets.UTF_8);
    }
}
