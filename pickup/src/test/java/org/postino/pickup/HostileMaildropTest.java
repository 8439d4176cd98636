// SPDX-License-Identifier: Apache-2.0

package org.postino.pickup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.linux.AsUser;
import org.postino.linux.Processes;
import org.postino.log.EventLog;
import org.postino.queue.Envelope;
import org.postino.queue.NewFile;
import org.postino.queue.QueueFileWriter;
import org.postino.queue.QueueId;
import org.postino.queue.QueueListing;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.queue.Spool;

/// Puts into `maildrop` what any local user may put there, and sees that it stops nobody else's messages.
final class HostileMaildropTest {
    private static final int OWNER = 54_321;
    private static final int FOE = 54_322;

    @TempDir Path dir;
    private Spool spool;
    private AsUser daemon = AsUser.of(0, 0);
    private final List<String> log = new ArrayList<>();
    private EventLog.Listening listening;

    @BeforeEach
    void open() throws IOException {
        spool = new Spool(Spool.Layout.flat(dir), Clock.systemUTC());
        spool.createDirectories();
        listening = EventLog.listen(e -> log.add(e.text()));
    }

    @AfterEach
    void close() {
        listening.close();
    }

    @Test
    void aFileThatOnlyItsOwnerMayOpenIsSetAside() throws Exception {
        asOwner(maildrop -> {
            give(Files.createFile(drop("000000")), FOE, "rwx------");
            QueueId good = letter(1);
            assertEquals(List.of(good), opened(maildrop));
            assertTrue(Files.exists(corrupt("000000")));
        });
    }

    @Test
    void foreignDirectoriesAreLeftAloneWithOneWarning() throws Exception {
        asOwner(maildrop -> {
            give(Files.createDirectory(drop("AAAAAA")), FOE, "rwxr-xr-x");
            give(Files.createDirectory(drop("A")), FOE, "rwx------");
            QueueId good = letter(1);
            assertEquals(List.of(good), opened(maildrop));
            assertEquals(List.of(good), opened(maildrop));
            assertEquals(1, log.stream().filter(l -> l.contains("AAAAAA: passed over")).count());
            assertTrue(Files.isDirectory(drop("AAAAAA")));
            assertTrue(new QueueListing(spool).ids().isEmpty());
        });
    }

    @Test
    void aDirectoryInPlaceOfTakenIsRenamed() throws Exception {
        assumeTrue(Processes.ownUid() == 0 && AsUser.isPossible(), "needs root");
        give(Files.createDirectory(drop("taken")), FOE, "rwxrwxrwx");
        asOwner(maildrop -> {
            QueueId good = letter(1);
            assertEquals(List.of(good), opened(maildrop));
        });
    }

    @Test
    void aLetterOfTheSameNameWaitsForTheOther() throws Exception {
        var maildrop = new Maildrop(spool, Processes.ownUid(), Clock.systemUTC());
        QueueId first = letter(1);
        opened(maildrop);
        Path waiting = drop("taken/" + first);
        byte[] before = Files.readAllBytes(waiting);
        Path second = drop(first.text());
        Files.copy(drop(letter(2).text()), second);
        Files.setPosixFilePermissions(second, PosixFilePermissions.fromString("rwxr--r--"));
        opened(maildrop);
        assertEquals(before.length, Files.size(waiting));
        assertTrue(Files.exists(second));
        maildrop.remove(first);
        opened(maildrop);
        assertFalse(Files.exists(second));
        assertTrue(Files.size(waiting) > before.length);
    }

    @Test
    void whatStandsInCorruptIsNotReplaced() throws Exception {
        var maildrop = new Maildrop(spool, Processes.ownUid(), Clock.systemUTC());
        Files.writeString(corrupt("000000"), "evidence");
        Path bad = Files.writeString(drop("000000"), "rubbish");
        Files.setPosixFilePermissions(bad, PosixFilePermissions.fromString("rwxr--r--"));
        opened(maildrop);
        assertEquals("evidence", Files.readString(corrupt("000000")));
        assertEquals(2, spool.files(QueueName.CORRUPT).size());
    }

    @Test
    void anEnvelopeThatWouldFillTheMemoryIsSetAside() throws Exception {
        var maildrop = new Maildrop(spool, Processes.ownUid(), Clock.systemUTC());
        QueueId many = letter(10_001);
        QueueId large = letter(Recipient.of("x".repeat(20_000), "", "", ""));
        QueueId good = letter(10_000);
        assertTrue(new QueueListing(spool).entry(many).isEmpty());
        assertEquals(List.of(good), opened(maildrop));
        assertTrue(Files.exists(corrupt(many.text())));
        assertTrue(Files.exists(corrupt(large.text())));
        assertTrue(
                log.stream().anyMatch(l -> l.endsWith("more than 10000 recipients")),
                log::toString);
    }

    @Test
    void aFileThatClaimsToBeHugeIsReturnedUnread() throws Exception {
        QueueId id = letter(1);
        enlarge(drop(id.text()), 1L << 40);
        try (var stand = new Stand(dir, Map.of("message_size_limit", "100000"))) {
            Await.until("the notice", () -> stand.cleanup.accepted().size() == 1);
            var notice = stand.cleanup.accepted().getFirst();
            assertEquals("", notice.envelope().sender());
            assertTrue(notice.text().contains("Status: 5.3.4"), notice.text());
            assertFalse(Files.exists(corrupt(id.text())));
        }
    }

    /// Gives a letter a hole of this size for content, and a header that agrees.
    private static void enlarge(Path letter, long size) throws IOException {
        try (var file = new RandomAccessFile(letter.toFile(), "rw")) {
            var header = new byte[76];
            file.readFully(header);
            String text = new String(header, StandardCharsets.US_ASCII);
            long content = Long.parseLong(text.substring(22, 37).strip());
            column(file, 6, content + size + 2);
            column(file, 38, size);
            file.seek(content - 10);
            long rest = size;
            for (int i = 0; i < 10; i++) {
                file.write((int) (rest & 0x7f) | (i < 9 ? 0x80 : 0));
                rest >>>= 7;
            }
            file.setLength(content);
            file.seek(content + size);
            file.write(new byte[] {'E', 0});
        }
    }

    private static void column(RandomAccessFile file, long at, long value) throws IOException {
        file.seek(at);
        file.write(String.format("%15d", value).getBytes(StandardCharsets.US_ASCII));
    }

    private interface Steps {
        void run(Maildrop maildrop) throws Exception;
    }

    /// With the rights of an ordinary user who owns the queue, which only root can try.
    private void asOwner(Steps steps) throws Exception {
        assumeTrue(Processes.ownUid() == 0 && AsUser.isPossible(), "needs root");
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        give(dir.resolve("maildrop"), OWNER, "rwxrwxrwx");
        give(dir.resolve("corrupt"), OWNER, "rwx------");
        Files.setAttribute(dir.resolve("maildrop"), "unix:mode", 01733);
        daemon = AsUser.of(OWNER, OWNER);
        steps.run(daemon.call(() -> new Maildrop(spool, OWNER, Clock.systemUTC())));
    }

    /// Returns the files that a walk through the directory finds in order.
    private List<QueueId> opened(Maildrop maildrop) throws IOException {
        var good = new ArrayList<QueueId>();
        return daemon.call(() -> {
            maildrop.each(id -> {
                var taken = maildrop.open(id);
                if (taken.isPresent()) {
                    taken.get().file().close();
                    good.add(id);
                }
                return true;
            });
            return good;
        });
    }

    private Path drop(String name) {
        return dir.resolve("maildrop").resolve(name);
    }

    private Path corrupt(String name) {
        return dir.resolve("corrupt").resolve(name);
    }

    private static void give(Path path, int uid, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        Files.setAttribute(path, "unix:uid", uid);
    }

    private QueueId letter(int recipients) throws IOException {
        var all = new Recipient[recipients];
        Arrays.fill(all, Recipient.of("b@x.test", "", "", ""));
        return letter(all);
    }

    private QueueId letter(Recipient... recipients) throws IOException {
        NewFile file = spool.createDrop();
        try (var channel = file.channel()) {
            var writer = new QueueFileWriter(channel);
            writer.envelope(new Envelope("a@x.test", Instant.EPOCH, "T", Map.of()));
            for (Recipient r : recipients) {
                writer.recipient(r);
            }
            writer.beginContent();
            byte[] text = "Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            writer.content(text, 0, text.length);
            writer.finish();
        }
        spool.markReady(file.path(), QueueName.MAILDROP);
        return file.id();
    }
}
