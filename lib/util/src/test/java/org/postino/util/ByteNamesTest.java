// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ByteNamesTest {
    @TempDir Path dir;

    @Test
    void everyByteStringComesBackFromItsText() {
        var random = new Random(42);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            assertArrayEquals(bytes, ByteNames.encode(ByteNames.decode(bytes)));
        }
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        assertArrayEquals(all, ByteNames.encode(ByteNames.decode(all)));
    }

    @Test
    void whatIsUtf8IsReadAsSuch() {
        for (String text :
                new String[] {"", "plain", "jörg", "Ünïcödé/日本", "\ud83d\udc08", "a\nb"}) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertEquals(text, ByteNames.decode(bytes));
            assertArrayEquals(bytes, ByteNames.encode(text));
        }
    }

    @Test
    void aByteThatIsNotUtf8StandsForItself() {
        assertEquals("j\udcf6rg", ByteNames.decode("jörg".getBytes(StandardCharsets.ISO_8859_1)));
        // A surrogate in UTF-8, an overlong slash, a character cut short.
        assertEquals("\udced\udca0\udc80", ByteNames.decode(bytes(0xed, 0xa0, 0x80)));
        assertEquals("\udcc0\udcaf", ByteNames.decode(bytes(0xc0, 0xaf)));
        assertEquals("a\udce2\udc82", ByteNames.decode(bytes('a', 0xe2, 0x82)));
    }

    @Test
    void partsOfAnArrayAreDecoded() {
        assertEquals("ü", ByteNames.decode("aüb".getBytes(StandardCharsets.UTF_8), 1, 3));
    }

    @Test
    void aPathIsFoundUnderItsBytes() throws IOException {
        assumeTrue(
                Charset.forName(System.getProperty("sun.jnu.encoding"))
                                .equals(StandardCharsets.UTF_8)
                        || ByteNames.areBytes(),
                "this Java machine cannot name a file outside ASCII");
        Path file = ByteNames.path(ByteNames.text(dir) + "/jörg");
        Files.writeString(file, "x");
        assertEquals(ByteNames.text(dir) + "/jörg", ByteNames.text(file));
        assertEquals("x", ByteNames.read(file));
    }

    @Test
    void aNameWithNulIsNone() {
        assertThrows(InvalidPathException.class, () -> ByteNames.path("a\0b"));
        assertThrows(InvalidPathException.class, () -> ByteNames.path("ü\0b"));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
