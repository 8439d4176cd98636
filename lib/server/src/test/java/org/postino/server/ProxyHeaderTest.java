// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyHeaderTest {
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final String ENDS = "\u00c0\0\2\7\u00c63d\1\u0015\u00b3\0\u0019";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String two(int command, int family, String rest) {
        return SIGNATURE
                + (char) command
                + (char) family
                + (char) (rest.length() >> 8)
                + (char) (rest.length() & 255)
                + rest;
    }

    /// Reads a header with a greeting behind it, of which nothing may be taken.
    private static ProxyHeader read(String header) throws IOException {
        var in = new ByteArrayInputStream(bytes(header + "EHLO"));
        ProxyHeader read = ProxyHeader.read(in);
        assertArrayEquals(bytes("EHLO"), in.readAllBytes());
        return read;
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    'PROXY TCP4 192.0.2.7 198.51.100.1 5555 25', /192.0.2.7:5555, /198.51.100.1:25
                    'PROXY TCP6 2001:db8::1 2001:db8::2 1 65535', '/[2001:db8:0:0:0:0:0:1]:1', '/[2001:db8:0:0:0:0:0:2]:65535'
                    PROXY UNKNOWN, null, null
                    'PROXY UNKNOWN ffff::1 ffff::2 1 2', null, null
                    """)
    void linesTellBothEnds(String line, String peer, String local) throws IOException {
        var header = read(line + "\r\n");
        assertEquals(peer, String.valueOf(header.peer()));
        assertEquals(local, String.valueOf(header.local()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EHLO x\r\n",
                "PROXY \r\n",
                "PROXY TCP4\r\n",
                "PROXY TCP4 x y 1 2\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 70000 25\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 -1 25\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 25 more\r\n",
                "PROXY TCP4 ::1 ::1 1 25\r\n",
                "PROXY TCP6 1.2.3.4 1.2.3.4 1 25\r\n",
                "PROXY TCP4 1.2.3.4/8 1.2.3.4 1 25\r\n",
                "PROXY UDP4 1.2.3.4 1.2.3.4 1 25\r\n",
            })
    void brokenLinesAreRefused(String line) {
        assertThrows(ProxyHeaderException.class, () -> read(line));
    }

    @Test
    void aLineHasAnEnd() {
        var in = new ByteArrayInputStream(bytes("PROXY TCP4 " + "1".repeat(1000)));
        assertThrows(ProxyHeaderException.class, () -> ProxyHeader.read(in));
        assertEquals(1011 - 107, in.available());
    }

    @Test
    void binaryHeadersTellBothEnds() throws IOException {
        var header = read(two(0x21, 0x11, ENDS));
        assertEquals("/192.0.2.7:5555", String.valueOf(header.peer()));
        assertEquals("/198.51.100.1:25", String.valueOf(header.local()));
    }

    @Test
    void furtherFactsAreSkipped() throws IOException {
        var header = read(two(0x21, 0x11, ENDS + "\4\0\0" + "\u00e0\0\3abc"));
        assertEquals("/192.0.2.7:5555", String.valueOf(header.peer()));
    }

    @Test
    void aProxyThatSpeaksForItselfKeepsItsAddress() throws IOException {
        for (String header :
                new String[] {
                    two(0x20, 0, ""),
                    two(0x20, 0x11, ENDS),
                    two(0x21, 0, "xxx".substring(3)),
                    two(0x21, 0x31, "u".repeat(216))
                }) {
            assertEquals(ProxyHeader.NONE, read(header));
        }
    }

    @Test
    void brokenBinaryHeadersAreRefused() {
        for (String header :
                new String[] {
                    two(0x31, 0x11, ENDS),
                    two(0x22, 0x11, ENDS),
                    two(0x21, 0x12, ENDS),
                    two(0x21, 0x21, ENDS),
                    two(0x21, 0x11, ENDS.substring(1)),
                    two(0x21, 0x11, ENDS + "\4"),
                    two(0x21, 0x11, ENDS + "\4\0\2x"),
                    two(0x21, 0x11, ENDS + "x".repeat(5000)),
                    SIGNATURE.replace("QUIT", "QUIX") + "!\u0011\0\f" + ENDS,
                }) {
            assertThrows(ProxyHeaderException.class, () -> read(header));
        }
    }

    @Test
    void aChecksumIsVerified() throws IOException {
        String without = two(0x21, 0x11, ENDS + "\3\0\4\0\0\0\0");
        var crc = new CRC32C();
        crc.update(bytes(without));
        long value = crc.getValue();
        String sum =
                ""
                        + (char) (value >> 24 & 255)
                        + (char) (value >> 16 & 255)
                        + (char) (value >> 8 & 255)
                        + (char) (value & 255);
        String with = without.substring(0, without.length() - 4) + sum;
        assertEquals("/192.0.2.7:5555", String.valueOf(read(with).peer()));
        assertThrows(ProxyHeaderException.class, () -> read(with.replace("\u00c0", "\u00c1")));
    }

    @Test
    void whatEndsTooEarlyIsNoHeader() {
        String header = two(0x21, 0x11, ENDS);
        for (int length = 0; length < header.length(); length++) {
            var in = new ByteArrayInputStream(bytes(header.substring(0, length)));
            assertThrows(EOFException.class, () -> ProxyHeader.read(in));
        }
    }

    @Test
    void noiseIsRefusedInOrder() {
        var random = new Random(27);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = bytes(two(0x21, 0x11, ENDS + "\3\0\4abcd\4\0\1x"));
            for (int j = random.nextInt(4); j >= 0; j--) {
                noise[12 + random.nextInt(noise.length - 12)] = (byte) random.nextInt(256);
            }
            try {
                ProxyHeader.read(new ByteArrayInputStream(noise));
                read++;
            } catch (IOException e) {
                // as it should be
            }
        }
        assertTrue(read < 20_000);
    }
}
