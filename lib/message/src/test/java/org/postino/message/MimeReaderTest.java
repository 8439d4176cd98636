// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MimeReaderTest {
    private static final int LIMIT = 60;

    /// Takes down what is shown: a line for each field and for each line or piece, and all bytes.
    private static final class Notes implements MimeReader.Sink {
        private final List<String> shown = new ArrayList<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void field(HeaderField field, MimeReader.Place place) {
            String text = text(field.bytes(), field.from(), field.to());
            shown.add(place + " " + text.stripTrailing().replace("\r\n", "~"));
            bytes.write(field.bytes(), field.from(), field.length());
        }

        @Override
        public void line(MimeReader.Line line) {
            shown.add(
                    line.offset()
                            + (line.first() ? " " : "+")
                            + text(line.bytes(), line.from(), line.end()));
            bytes.write(line.bytes(), line.from(), line.to() - line.from());
        }

        private static String text(byte[] bytes, int from, int to) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }

    /// Reads a message whose parts come in pieces of `step` bytes.
    private static Notes read(String message, int step) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        var notes = new Notes();
        var reader = new MimeReader(new MimeReader.Limits(1000, LIMIT), notes);
        var header =
                new HeaderReader(
                        1000,
                        new HeaderReader.Sink() {
                            @Override
                            public void field(HeaderField field) throws IOException {
                                reader.note(field);
                            }

                            @Override
                            public void body(byte[] bytes, int offset, int length)
                                    throws IOException {
                                reader.feed(bytes, offset, length);
                            }
                        });
        for (int i = 0; i < bytes.length; i += step) {
            int n = Math.min(step, bytes.length - i);
            int used = header.done() ? 0 : header.feed(bytes, i, n);
            reader.feed(bytes, i + used, n - used);
        }
        header.finish();
        reader.finish();
        return notes;
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 100_000})
    void headersOfPartsAndOfAttachedMessagesAreNoLines(int step) throws IOException {
        String message =
                lines(
                        "Content-Type: multipart/mixed; boundary=\"AA\"",
                        "",
                        "preamble",
                        "--AA",
                        "Content-Type: text/plain",
                        " ; folded",
                        "",
                        "one",
                        "--AA",
                        "Content-Type: message/rfc822",
                        "",
                        "Subject: inner",
                        "Content-Type: multipart/digest; boundary=AAB",
                        "",
                        "--AAB",
                        "",
                        "Subject: digested",
                        "no field",
                        "--AAB",
                        "X: cut",
                        "--AA--",
                        "epilogue",
                        "--AA",
                        "x".repeat(LIMIT + 3));
        assertEquals(
                List.of(
                        "0 ",
                        "1 preamble",
                        "10 --AA",
                        "PART Content-Type: text/plain~ ; folded",
                        "0 ",
                        "1 one",
                        "5 --AA",
                        "PART Content-Type: message/rfc822",
                        "0 ",
                        "NESTED Subject: inner",
                        "NESTED Content-Type: multipart/digest; boundary=AAB",
                        "0 ",
                        "1 --AAB",
                        "0 ",
                        "NESTED Subject: digested",
                        "0 no field",
                        "9 --AAB",
                        "PART X: cut",
                        "0 --AA--",
                        "7 epilogue",
                        "16 --AA",
                        "21 " + "x".repeat(LIMIT),
                        "81+xxx"),
                read(message, step).shown);
    }

    @Test
    void aTextInOtherWrappingIsAText() throws IOException {
        for (String type :
                List.of(
                        "message/partial; id=1",
                        "message/external-body; access-type=x",
                        "message/delivery-status",
                        "text/rfc822-headers",
                        "multipart/mixed")) {
            assertEquals(
                    List.of("0 ", "1 Subject: x"),
                    read(lines("Content-Type: " + type, "", "Subject: x"), 5).shown,
                    type);
        }
    }

    @Test
    void aLineThatIsTooLongForAFieldIsALine() throws IOException {
        String text = "no field ".repeat(200);
        String message = lines("Content-Type: message/rfc822", "", "A: b", text, "end");
        for (int step : new int[] {1, 50, 700, 100_000}) {
            var notes = read(message, step);
            assertEquals(List.of("0 ", "NESTED A: b"), notes.shown.subList(0, 2));
            assertEquals((text.length() + LIMIT - 1) / LIMIT + 1, notes.shown.size() - 2);
            assertEquals("0 " + text.substring(0, LIMIT), notes.shown.get(2));
            assertEquals((text.length() + 1) + " end", notes.shown.getLast());
        }
    }

    @Test
    void ofALongFieldOnlyTheExcessIsMissing() throws IOException {
        String message =
                lines(
                        "Content-Type: message/rfc822",
                        "",
                        "A: " + "x".repeat(5000),
                        "B: c",
                        "",
                        "d");
        var notes = read(message, 600);
        assertEquals(
                lines("", "A: " + "x".repeat(995), "B: c", "", "d"),
                notes.bytes.toString(StandardCharsets.ISO_8859_1));
    }

    /// Makes messages of pieces that mean something, in any order.
    private static final class Generator {
        private static final String[] BOUNDARIES = {"A", "AB", "ABC", "x y", "--"};
        private final Random random;
        private final boolean tidy;
        private final StringBuilder out = new StringBuilder();
        private int fields;

        /// @param tidy wherever a header may begin, there are fields
        Generator(long seed, boolean tidy) {
            random = new Random(seed);
            this.tidy = tidy;
        }

        String message() {
            header();
            int parts = random.nextInt(12);
            for (int i = 0; i < parts; i++) {
                body();
                out.append("--").append(boundary());
                out.append(random.nextInt(4) == 0 ? "--" : "").append("\r\n");
                if (tidy || random.nextInt(8) > 0) {
                    header();
                }
            }
            body();
            return out.toString();
        }

        private String boundary() {
            return BOUNDARIES[random.nextInt(BOUNDARIES.length)];
        }

        private void header() {
            if (random.nextBoolean()) {
                field();
            }
            int kind = random.nextInt(4);
            switch (kind) {
                case 0 -> out.append("Content-Type: message/rfc822\r\n");
                case 1 -> type("mixed");
                case 2 -> type("digest");
                default -> {}
            }
            field();
            out.append("\r\n");
            if (tidy && kind != 1 && kind != 2) {
                attached();
            }
        }

        /// The header of an attached message, if this is one.
        private void attached() {
            field();
            if (random.nextInt(3) == 0) {
                type("mixed");
            }
            out.append("\r\n");
        }

        private void type(String subtype) {
            out.append("Content-Type: multipart/").append(subtype);
            out.append(";\r\n\tboundary=\"").append(boundary()).append("\"\r\n");
        }

        private void field() {
            out.append("Subject: ").append(fields++).append("\r\n");
        }

        private void body() {
            for (int i = random.nextInt(3); i > 0; i--) {
                out.append("text ".repeat(random.nextInt(30))).append("\r\n");
            }
        }
    }

    @Test
    void whateverComesIsShownWholeAndInAnyPiecesTheSame() throws IOException {
        for (long seed = 0; seed < 3000; seed++) {
            String message = new Generator(seed, false).message();
            var whole = read(message, 100_000);
            String header = message.substring(0, message.indexOf("\r\n\r\n") + 2);
            assertEquals(
                    message,
                    header + whole.bytes.toString(StandardCharsets.ISO_8859_1),
                    "seed " + seed);
            int step = 1 + (int) (seed % 90);
            assertEquals(whole.shown, read(message, step).shown, "seed " + seed);
        }
    }

    @Test
    void theHeadersAreThoseThatTheMailClientsOfOurUsersSee() throws IOException {
        for (long seed = 0; seed < 3000; seed++) {
            String message = new Generator(seed, true).message();
            byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
            var parsed = new ArrayList<String>();
            MimePart root = MimeParser.parse(new ByteArrayInputStream(bytes));
            root.children().forEach(part -> subjects(part, parsed));
            var read = new ArrayList<String>();
            for (String shown : read(message, 100_000).shown) {
                int name = shown.indexOf(" Subject: ");
                if (name > 0 && Character.isLetter(shown.charAt(0))) {
                    read.add(shown.substring(name + 10));
                }
            }
            assertEquals(parsed, read, "seed " + seed + "\n" + message);
        }
    }

    private static void subjects(MimePart part, List<String> found) {
        for (var field : part.header().fields()) {
            if (field.name().equalsIgnoreCase("Subject")) {
                found.add(field.value().strip());
            }
        }
        part.children().forEach(child -> subjects(child, found));
    }
}
