// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
            Files.write(cut, Arrays.copyOf(whole, n));
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
            Files.write(damaged, bytes);
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
            Files.write(path, bytes);
            assertThrows(CorruptQueueFileException.class, () -> QueueFile.open(path, false));
        }
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
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static byte[] content(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
