// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.ipc.FieldWriter;

class QueueFileTest {
    private static final Envelope ENVELOPE =
            new Envelope(
                    "alice@example.org",
                    Instant.parse("2026-01-02T03:04:05.678Z"),
                    "TRACE0000001",
                    Map.of(Envelope.CLIENT_NAME, "host.test", Envelope.ENCODING, "8bit"));
    private static final Recipient BOB =
            Recipient.of("bob@example.org", "Bob@example.org", "NEVER", "rfc822;x");
    private static final Recipient CAROL = Recipient.of("carol@example.org", "", "", "");

    @TempDir Path dir;

    @Test
    void whatWasWrittenIsRead() throws Exception {
        for (int size : new int[] {0, 10, 4000, 32_000, 32_768, 100_000, 1_000_000}) {
            byte[] content = content(size);
            try (var file = QueueFile.open(write(content), false)) {
                assertEquals(ENVELOPE, file.envelope());
                assertEquals(size, file.contentLength());
                assertArrayEquals(content, file.content().readAllBytes());
                assertEquals(2, file.recipients().size());
                assertEquals("Bob@example.org", file.recipients().getFirst().original());
                assertEquals("carol@example.org", file.recipients().getLast().original());
                assertEquals(RecipientStatus.OPEN, file.recipients().getLast().status());
                assertFalse(file.expire());
            }
        }
    }

    @Test
    void aStatusIsChangedInPlace() throws Exception {
        Path path = write(content(100));
        try (var file = QueueFile.open(path, true)) {
            file.mark(file.recipients().getLast(), RecipientStatus.DONE);
            file.expire(true);
        }
        try (var file = QueueFile.open(path, false)) {
            assertEquals(RecipientStatus.OPEN, file.recipients().getFirst().status());
            assertEquals(RecipientStatus.DONE, file.recipients().getLast().status());
            assertTrue(file.expire());
        }
    }

    @Test
    void aFileCutShortIsNeverAccepted() throws Exception {
        byte[] whole = Files.readAllBytes(write(content(500)));
        Path cut = dir.resolve("cut");
        for (int n = 0; n < whole.length; n++) {
            put(cut, Arrays.copyOf(whole, n));
            assertThrows(CorruptQueueFileException.class, () -> QueueFile.open(cut, false));
        }
    }

    @Test
    void aFileWhoseWriterStoppedIsNeverAccepted() throws Exception {
        Path path = dir.resolve("unfinished");
        try (var channel = newFile(path)) {
            var writer = new QueueFileWriter(channel);
            writer.envelope(ENVELOPE);
            writer.recipient(BOB);
            writer.beginContent();
            writer.content(content(200_000), 0, 200_000);
        }
        assertThrows(CorruptQueueFileException.class, () -> QueueFile.open(path, false));
    }

    @Test
    void somethingBehindTheEndIsNotAccepted() throws Exception {
        Path path = write(content(10));
        Files.write(path, new byte[] {'E', 0}, StandardOpenOption.APPEND);
        assertThrows(CorruptQueueFileException.class, () -> QueueFile.open(path, false));
    }

    @Test
    void damageIsReportedAndNothingElseHappens() throws Exception {
        byte[] whole = Files.readAllBytes(write(content(300)));
        Path damaged = dir.resolve("damaged");
        var random = new Random(20_260_101);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = whole.clone();
            int flips = 1 + random.nextInt(3);
            for (int f = 0; f < flips; f++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            put(damaged, bytes);
            try (var file = QueueFile.open(damaged, false)) {
                // Only the content and the bytes that change in place are not covered by the
                // checksum.
                assertEquals(300, file.content().readAllBytes().length);
                assertEquals(2, file.recipients().size());
                assertEquals("bob@example.org", file.recipients().getFirst().address());
                assertEquals(ENVELOPE, file.envelope());
            } catch (CorruptQueueFileException expected) {
                assertNotNull(expected.getMessage());
            }
        }
    }

    @Test
    void rubbishIsRefused() throws Exception {
        Path path = dir.resolve("rubbish");
        var random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            var bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            put(path, bytes);
            assertThrows(CorruptQueueFileException.class, () -> QueueFile.open(path, false));
        }
    }

    /// The message as a reader sees it is the one that a simple list of bytes becomes by the same edits.
    @Test
    void aMessageIsReadAsItWasEdited() throws Exception {
        var random = new Random(20_261_129);
        for (int round = 0; round < 300; round++) {
            byte[] content = content(random.nextInt(round % 10 == 0 ? 100_000 : 300));
            Path path = dir.resolve("edited" + round);
            byte[] expected = content;
            try (var channel = newFile(path)) {
                var writer = new QueueFileWriter(channel);
                writer.envelope(ENVELOPE);
                writer.beginContent();
                writer.content(content, 0, content.length);
                for (int edits = 1 + random.nextInt(8); edits > 0; edits--) {
                    int from = random.nextInt(expected.length + 1);
                    int to = from + random.nextInt(expected.length - from + 1);
                    byte[] fresh = content(random.nextInt(from == to ? 50_000 : 60));
                    writer.replace(from, to, fresh, 0, fresh.length);
                    expected = spliced(expected, from, to, fresh);
                    if (random.nextBoolean()) {
                        assertArrayEquals(expected, writer.message().readAllBytes());
                    }
                    if (random.nextInt(4) == 0) {
                        writer.recipient(CAROL);
                    }
                }
                writer.recipient(BOB);
                assertEquals(expected.length, writer.finish());
            }
            try (var file = QueueFile.open(path, false)) {
                assertEquals(expected.length, file.contentLength());
                assertArrayEquals(expected, file.content().readAllBytes());
                int half = expected.length / 2;
                try (var in = file.content()) {
                    assertEquals(half, in.skip(half));
                    assertEquals(expected.length - half, in.available());
                    byte[] rest = in.readAllBytes();
                    assertArrayEquals(Arrays.copyOfRange(expected, half, expected.length), rest);
                }
            }
        }
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] fresh) {
        var out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        out.write(fresh, 0, fresh.length);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }

    @Test
    void anEditedFileCutShortOrDamagedIsReported() throws Exception {
        Path path = dir.resolve("edited");
        try (var channel = newFile(path)) {
            writeEdited(channel);
        }
        byte[] whole = Files.readAllBytes(path);
        Path damaged = dir.resolve("damaged");
        for (int n = 0; n < whole.length; n++) {
            put(damaged, Arrays.copyOf(whole, n));
            assertThrows(CorruptQueueFileException.class, () -> QueueFile.open(damaged, false));
        }
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = whole.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            put(damaged, bytes);
            try (var file = QueueFile.open(damaged, false)) {
                assertEquals(260, file.content().readAllBytes().length);
                assertEquals(2, file.recipients().size());
            } catch (CorruptQueueFileException expected) {
                assertNotNull(expected.getMessage());
            }
        }
    }

    /// Makes a file of these bytes. Were the one before cut off for them, some file systems would write each to the disk at once.
    private static void put(Path path, byte[] bytes) throws IOException {
        Files.deleteIfExists(path);
        Files.write(path, bytes, StandardOpenOption.CREATE_NEW);
    }

    private static void writeEdited(FileChannel channel) throws IOException {
        var writer = new QueueFileWriter(channel);
        writer.envelope(ENVELOPE);
        writer.recipient(BOB);
        writer.beginContent();
        writer.content(content(300), 0, 300);
        writer.replace(0, 0, content(30), 0, 30);
        writer.replace(100, 200, content(30), 0, 30);
        writer.recipient(CAROL);
        writer.finish();
    }

    /// Written by the release before edits; every later one reads it.
    @Test
    void aFileOfTheFirstVersionIsRead() throws Exception {
        Path path = dir.resolve("version1");
        try (var stored = QueueFileTest.class.getResourceAsStream("version1.queue")) {
            put(path, Objects.requireNonNull(stored).readAllBytes());
        }
        try (var file = QueueFile.open(path, true)) {
            assertEquals("alice@example.org", file.envelope().sender());
            assertEquals("8bit", file.envelope().attribute(Envelope.ENCODING));
            assertEquals(2, file.recipients().size());
            assertEquals(RecipientStatus.DONE, file.recipients().getLast().status());
            var text = new String(file.content().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertEquals("Subject: old\r\n\r\nFrom the first version.\r\n", text);
            assertEquals(text.length(), file.contentLength());
            file.mark(file.recipients().getFirst(), RecipientStatus.DONE);
        }
        try (var file = QueueFile.open(path, false)) {
            assertEquals(RecipientStatus.DONE, file.recipients().getFirst().status());
        }
    }

    @Test
    void aMessageWithoutEditsIsWrittenAsTheFirstVersion() throws Exception {
        assertEquals('1', Files.readAllBytes(write(content(100)))[2]);
    }

    @Test
    void aNewerVersionIsNamed() throws Exception {
        Path path = write(content(100));
        byte[] bytes = Files.readAllBytes(path);
        bytes[2] = '3';
        put(path, bytes);
        var problem =
                assertThrows(CorruptQueueFileException.class, () -> QueueFile.open(path, false));
        assertEquals(
                "format version 3 is newer than this program, which reads 1 and 2",
                problem.getMessage());
    }

    /// Whoever can write a file can make its checksum fit: what the message consists of is looked at all the same.
    @Test
    void piecesThatAreNotOfTheMessageAreRefused() throws Exception {
        assertEquals(150, lengthOf(0, 100, 50, 50));
        for (long[] pieces :
                new long[][] {
                    {-300, 100},
                    {-10, 100},
                    {90, 20},
                    {0, 0},
                    {100, 1},
                    {0, Long.MAX_VALUE},
                    {Long.MAX_VALUE / 2, 1},
                    {0, 100, 0, 100, 0, 100, 0, 100, 0, 100, 0, 100, 0, 100, 0, 100, 0, 100, 0, 100}
                }) {
            assertThrows(
                    CorruptQueueFileException.class,
                    () -> lengthOf(pieces),
                    Arrays.toString(pieces));
        }
    }

    /// The length of the message in a file with 100 bytes of content, and pieces of it: offset from the content's first byte, length.
    private long lengthOf(long... pieces) throws IOException, CorruptQueueFileException {
        var checksum = new Checksum();
        var records = new FieldWriter();
        record(records, checksum, 'S', new byte[0]);
        record(records, checksum, 'T', new byte[] {'1'});
        record(records, checksum, 'I', new byte[] {'T'});
        record(records, checksum, 'A', new FieldWriter().text("x").text("y".repeat(400)).toBytes());
        records.raw('C').number(100);
        long start = (long) FileHeader.RECORD + records.toBytes().length;
        records.raw(content(100));
        var message = new FieldWriter();
        long length = 0;
        for (int i = 0; i < pieces.length; i += 2) {
            message.number(start + pieces[i]).number(pieces[i + 1]);
            length += pieces[i + 1];
        }
        record(records, checksum, 'M', message.toBytes());
        records.record('E', new byte[0]);
        checksum.addRegions(List.of(new Piece(start, 100)));
        byte[] rest = records.toBytes();
        var header =
                new FileHeader(
                        FileHeader.EDITED,
                        false,
                        FileHeader.RECORD + rest.length,
                        start,
                        Math.min(length, 99_999),
                        0,
                        checksum.value());
        Path path = dir.resolve("pieces");
        put(path, spliced(rest, 0, 0, header.toRecord()));
        try (var file = QueueFile.open(path, false)) {
            assertEquals(length, file.content().readAllBytes().length);
            return file.contentLength();
        }
    }

    private static void record(FieldWriter records, Checksum checksum, int type, byte[] data) {
        checksum.add(type, data);
        records.record(type, data);
    }

    @Test
    void aSymbolicLinkIsNotFollowed() throws Exception {
        Path link = dir.resolve("link");
        Files.createSymbolicLink(link, write(content(10)));
        assertThrows(IOException.class, () -> QueueFile.open(link, false));
    }

    private Path write(byte[] content) throws IOException {
        Path path = dir.resolve("file" + content.length);
        Files.deleteIfExists(path);
        try (var channel = newFile(path)) {
            var writer = new QueueFileWriter(channel);
            writer.envelope(ENVELOPE);
            writer.recipient(BOB);
            writer.beginContent();
            int half = content.length / 2;
            writer.content(content, 0, half);
            writer.content(content, half, content.length - half);
            writer.recipient(CAROL);
            assertEquals(content.length, writer.finish());
        }
        return path;
    }

    private static FileChannel newFile(Path path) throws IOException {
        return FileChannel.open(
                path,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    private static byte[] content(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
