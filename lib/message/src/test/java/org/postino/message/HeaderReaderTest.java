// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeaderReaderTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Takes a header down: each field in brackets, `|` for its end, then what is body.
    private static final class Notes implements HeaderReader.Sink {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final List<String> cut = new ArrayList<>();

        @Override
        public void field(HeaderField field) {
            out.write('[');
            out.write(field.bytes(), field.from(), field.length());
            out.write(']');
            if (field.isCut()) {
                cut.add(field.name());
            }
        }

        @Override
        public void endOfHeader() {
            out.write('|');
        }

        @Override
        public void body(byte[] bytes, int offset, int length) {
            out.write(bytes, offset, length);
        }
    }

    private static Notes read(byte[] message, int step, int limit) throws IOException {
        var notes = new Notes();
        var reader = new HeaderReader(limit, notes);
        for (int i = 0; i < message.length; i += step) {
            int n = Math.min(step, message.length - i);
            int used = reader.done() ? 0 : reader.feed(message, i, n);
            notes.out.write(message, i + used, n - used);
        }
        reader.finish();
        return notes;
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "A: 1~B: 2~ 3~~body~,[A: 1~][B: 2~ 3~]|~body~",
                "A: 1~no field~more~,[A: 1~]|~no field~more~",
                "A : 1~B\t:2~~,[A : 1~][B\t:2~]|~",
                "` x~A: 1~`,|~ x~A: 1~",
                "A: 1~ ~~,[A: 1~ ~]|~",
                "A: 1,[A: 1~]|",
                "~A: 1~,|~A: 1~",
                ":x~,|~:x~",
                "\u00e4: x~,|~\u00e4: x~",
                "``,|",
            })
    void fieldsAreFoundHoweverTheyArrive(String message, String expected) throws IOException {
        byte[] bytes = bytes(message.replace("~", "\r\n"));
        for (int step = 1; step <= bytes.length + 1; step++) {
            var notes = read(bytes, step, 1000);
            assertEquals(
                    expected.replace("~", "\r\n"),
                    notes.out.toString(StandardCharsets.ISO_8859_1),
                    "in pieces of " + step);
        }
    }

    @Test
    void whatIsTooLongLacksItsEndAndSaysSo() throws IOException {
        String line = "x".repeat(60);
        String message =
                "To: a,\r\n "
                        + (line + "\r\n ").repeat(10)
                        + "end\r\nCc: b\r\nBcc: "
                        + line.repeat(10)
                        + "\r\n\r\n";
        for (int step : new int[] {1, 7, 5000}) {
            var notes = read(bytes(message), step, 200);
            assertEquals(List.of("to", "bcc"), notes.cut);
            for (var field : notes.out.toString(StandardCharsets.ISO_8859_1).split("]", -1)) {
                assertTrue(field.length() <= 202, field);
            }
        }
    }

    /// What a line too long for any name is shows before its end, so that no body is held.
    @Test
    void aLineWithoutANameIsNotWaitedFor() throws IOException {
        var notes = new Notes();
        var reader = new HeaderReader(200, notes);
        reader.feed(bytes("x".repeat(150)), 0, 150);
        assertTrue(reader.done());
    }

    /// However small the limit: what is body is not cut.
    @Test
    void aLongFirstLineIsBodyAndWhole() throws IOException {
        for (String line : List.of("x".repeat(1000), "x".repeat(70) + ": " + "y".repeat(1000))) {
            for (int step : new int[] {1, 100, 5000}) {
                assertEquals(
                        "[A: 1\r\n]|\r\n" + line + "\r\nmore",
                        read(bytes("A: 1\r\n" + line + "\r\nmore"), step, 130)
                                .out
                                .toString(StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void ofAStreamNoMoreIsReadThanWanted() throws IOException {
        var in = new ByteArrayInputStream(bytes("A: 1\r\nB: 2\r\n x\r\nC: 3\r\n"));
        var notes = new Notes();
        HeaderReader.read(in, 14, notes);
        assertEquals("[A: 1\r\n][B: 2\r\n]|", notes.out.toString(StandardCharsets.ISO_8859_1));
        assertEquals(8, in.available());
    }

    @Test
    void aFieldKnowsItsNameAndValue() throws IOException {
        var values = new ArrayList<String>();
        HeaderReader.read(
                new ByteArrayInputStream(
                        "Delivered-To \t:\r\n a\u00e9@b\r\n  c \r\n\r\n"
                                .getBytes(StandardCharsets.UTF_8)),
                1000,
                field -> {
                    values.add(field.name());
                    values.add(field.value(StandardCharsets.UTF_8));
                    assertTrue(field.is("delivered-to"));
                    assertFalse(field.is("delivered-t"));
                    assertFalse(field.is("delivered-too"));
                });
        assertEquals(List.of("delivered-to", "a\u00e9@b  c"), values);
    }

    @Test
    void noBytesStopTheReader() throws IOException {
        var random = new Random(2822);
        String letters = "ab: \t\r\n\r\n\0\u00e4";
        for (int i = 0; i < 5000; i++) {
            byte[] message = new byte[random.nextInt(400)];
            for (int k = 0; k < message.length; k++) {
                message[k] = (byte) letters.charAt(random.nextInt(letters.length()));
            }
            int step = 1 + random.nextInt(50);
            assertEquals(
                    read(message, 1000, 130).out.toString(StandardCharsets.ISO_8859_1),
                    read(message, step, 130).out.toString(StandardCharsets.ISO_8859_1));
            var cursor = new HeaderCursor(message);
            int at = 0;
            while (cursor.nextField()) {
                assertEquals(at, cursor.start());
                assertTrue(cursor.start() <= cursor.stop() && cursor.stop() <= cursor.end());
                at = cursor.end();
            }
            assertEquals(message.length, at);
            var _ = HeaderBlock.of(message, _ -> true);
            var _ = HeaderFilter.filter(message, List.of("a"), random.nextBoolean());
            assertTrue(HeaderCursor.headerEnd(message) <= message.length);
        }
    }
}
