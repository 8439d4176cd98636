// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.util.ByteReader;

final class DotStreamTest {
    /// What a reader made of a stream: the text, and what was left behind the end.
    private record Got(String text, boolean ended, int used, boolean bareLf, boolean bareCr) {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// `\r` and `\n` spelt out.
    private static String spelt(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n");
    }

    /// Feeds the stream cut at the given places.
    private static Got read(DotReader dots, byte[] stream, int... cuts) {
        var out = new ByteArrayOutputStream();
        int from = 0;
        try {
            for (int i = 0; i <= cuts.length && !dots.ended(); i++) {
                int until = i < cuts.length ? cuts[i] : stream.length;
                from = dots.feed(stream, from, until, out);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Got(
                out.toString(StandardCharsets.ISO_8859_1),
                dots.ended(),
                from,
                dots.bareLf(),
                dots.bareCr());
    }

    private static Got read(String stream) {
        return read(new DotReader(), bytes(stream));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a\\r\\n.\\r\\n | a\\r\\n",
                ".\\r\\n | ``",
                "\\r\\n.\\r\\n | \\r\\n",
                "..\\r\\n.\\r\\n | .\\r\\n",
                "...\\r\\n.\\r\\n | ..\\r\\n",
                ".a\\r\\n.\\r\\n | a\\r\\n",
                "a.\\r\\n.\\r\\n | a.\\r\\n",
                "a\\r\\n..b\\r\\n.\\r\\n | a\\r\\n.b\\r\\n",
                // bare LF and bare CR
                "a\\nb\\r\\n.\\r\\n | a\\r\\nb\\r\\n",
                "a\\rb\\r\\n.\\r\\n | a b\\r\\n",
                "a\\r\\r\\n.\\r\\n | a \\r\\n",
                "\\n\\n\\r\\n.\\r\\n | \\r\\n\\r\\n\\r\\n",
                "a\\n.b\\r\\n.\\r\\n | a\\r\\n.b\\r\\n",
            })
    void contentIsTakenFromItsDots(String stream, String text) {
        Got got = read(spelt(stream));
        assertEquals(spelt(text), got.text());
        assertTrue(got.ended());
        assertEquals(spelt(stream).length(), got.used());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n.\n",
                "\n.\r\n",
                "\r\n.\n",
                "\r.\r",
                "\r.\r\n",
                "\r\n.\r",
                "\r\n\0.\r\n",
                "\r\n.\r\r\n",
                "\r\n.\0\r\n",
                "\n\n.\r\n",
                "\r\r\n.\n",
                "\r\n.\n\r\n",
                "\n.\r",
                "\r\n..\r\n",
                "\r\n. \r\n",
                "\r\n.\r\0\n"
            })
    void onlyCrLfDotCrLfEndsAMessage(String smuggled) {
        String stream = "a" + smuggled + "MAIL FROM:<evil@x.test>";
        byte[] all = bytes(stream);
        Got got = read(new DotReader(), all);
        assertFalse(got.ended());
        assertTrue(got.text().endsWith("MAIL FROM:<evil@x.test>"), got.text());
        assertClean(got.text());
        Got ended = read(stream + "\r\n.\r\n");
        assertTrue(ended.ended());
        assertEquals(stream.length() + 5, ended.used());
        assertClean(ended.text());
        // what we send on has its only end at its end
        assertEquals(ended.text(), read(sent(ended.text())).text());
        assertEquals(sent(ended.text()).length(), read(sent(ended.text())).used());
    }

    private static void assertClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            boolean lf = text.charAt(i) == '\n';
            boolean cr = text.charAt(i) == '\r';
            assertFalse(lf && (i == 0 || text.charAt(i - 1) != '\r'), "bare LF at " + i);
            boolean lonely = i + 1 == text.length() || text.charAt(i + 1) != '\n';
            assertFalse(cr && lonely, "bare CR at " + i);
        }
    }

    @Test
    void whereTheStreamIsCutMakesNoDifference() {
        String stream = "Subject: x\r\n\r\n.\n..a\r\n..b\n.\r.\r\r\n.c\r\n.\n.\r\nNOOP\r\n";
        byte[] all = bytes(stream);
        Got whole = read(new DotReader(), all);
        for (int i = 0; i <= all.length; i++) {
            assertEquals(whole, read(new DotReader(), all, i), "cut at " + i);
            for (int j = i; j <= all.length; j += 3) {
                assertEquals(whole, read(new DotReader(), all, i, j), "cut at " + i + ", " + j);
            }
        }
        var single = new int[all.length];
        for (int i = 0; i < single.length; i++) {
            single[i] = i + 1;
        }
        assertEquals(whole, read(new DotReader(), all, single));
    }

    @Test
    void whatFollowsTheEndIsLeftInTheReader() throws IOException {
        var in = new ByteReader(new ByteArrayInputStream(bytes("a\r\n.\r\nNOOP\r\n")), 64);
        var out = new ByteArrayOutputStream();
        new DotReader().transfer(in, out);
        assertEquals("a\r\n", out.toString(StandardCharsets.ISO_8859_1));
        assertEquals("NOOP\r\n", new String(in.readLine(100), StandardCharsets.ISO_8859_1));
    }

    @Test
    void aStreamWithoutEndIsALostConnection() {
        var in = new ByteReader(new ByteArrayInputStream(bytes("a\r\n.\r")), 2);
        assertThrows(
                EOFException.class,
                () -> new DotReader().transfer(in, new ByteArrayOutputStream()));
    }

    @Test
    void chunkedTextHasNoDotsAndEndsWithItsLine() throws IOException {
        var lines = DotReader.withoutDots();
        var out = new ByteArrayOutputStream();
        byte[] text = bytes(".\r\n.a\nb\rc\r");
        lines.feed(text, 0, text.length, out);
        lines.end(out);
        assertEquals(".\r\n.a\r\nb c \r\n", out.toString(StandardCharsets.ISO_8859_1));
    }

    private static String sent(String text, int... cuts) {
        var out = new ByteArrayOutputStream();
        var dots = new DotWriter(out);
        byte[] all = bytes(text);
        try {
            int from = 0;
            for (int cut : cuts) {
                dots.write(all, from, cut - from);
                from = cut;
            }
            dots.write(all, from, all.length - from);
            dots.finish();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | .\\r\\n",
                "a | a\\r\\n.\\r\\n",
                "a\\r\\n | a\\r\\n.\\r\\n",
                ".\\r\\n | ..\\r\\n.\\r\\n",
                "a\\r\\n.b\\r\\n..\\r\\n | a\\r\\n..b\\r\\n...\\r\\n.\\r\\n",
                "a\\n.\\nb | a\\r\\n..\\r\\nb\\r\\n.\\r\\n",
                "a\\r.\\r | a\\r\\n..\\r\\n.\\r\\n",
                "\\r\\n\\r\\n | \\r\\n\\r\\n.\\r\\n",
            })
    void whatIsSentHasItsDotsDoubled(String text, String wire) {
        assertEquals(spelt(wire), sent(spelt(text)));
        for (int i = 0; i <= spelt(text).length(); i++) {
            assertEquals(spelt(wire), sent(spelt(text), i), "cut at " + i);
        }
    }

    @Test
    void everyTextComesOutAsItWentIn() {
        var random = new Random(7);
        String alphabet = "ab..\r\n\r\n";
        for (int n = 0; n < 3000; n++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                int c = random.nextInt(5);
                text.append(c == 4 ? "\r\n" : alphabet.substring(c, c + 1));
            }
            text.append("\r\n");
            String wire = sent(text.toString(), random.nextInt(text.length()));
            Got got = read(new DotReader(), bytes(wire), random.nextInt(wire.length()));
            assertEquals(text.toString(), got.text());
            assertEquals(wire.length(), got.used());
        }
    }

    @Test
    void longLinesAreFoldedWhereAsked() throws IOException {
        var out = new ByteArrayOutputStream();
        var dots = new DotWriter(out, 4);
        dots.write(bytes("abcdefghij\r\nabcd\r\n.\r\n"));
        dots.finish();
        assertEquals(
                "abcd\r\n efg\r\n hij\r\nabcd\r\n..\r\n.\r\n",
                out.toString(StandardCharsets.ISO_8859_1));
    }
}
