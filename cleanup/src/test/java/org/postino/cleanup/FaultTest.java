// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.kit.Await;
import org.postino.message.NewField;
import org.postino.queue.CleanupClient;
import org.postino.queue.CleanupResult;
import org.postino.queue.CommitLock;
import org.postino.queue.Envelope;
import org.postino.queue.MessageEdit;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Spool;

class FaultTest {
    private static final String TO = "bob@example.org";
    private static final String MESSAGE = "Subject: x\r\n\r\nbody\r\n";

    @TempDir Path dir;

    @Test
    void aFullDiskIsSaidAndLeavesNothing() throws Exception {
        try (var rig = new Rig(dir, Map.of(), limited(100_000), f -> f.force(true))) {
            Rig.queued(rig.submit(Rig.from("a@x"), MESSAGE, TO));
            assertEquals(
                    "452 4.3.1 Insufficient system storage",
                    Rig.refused(rig.submit(Rig.from("a@x"), MESSAGE + "x".repeat(200_000), TO)));
            assertEquals(1, rig.incomingFiles().size());
            Rig.queued(rig.submit(Rig.from("a@x"), MESSAGE, TO));
        }
    }

    @Test
    void aDiskThatIsFullAtTheVeryEndLeavesNothing() throws Exception {
        try (var rig = new Rig(dir, Map.of(), limited(300), f -> f.force(true))) {
            assertEquals(
                    "452 4.3.1 Insufficient system storage",
                    Rig.refused(rig.submit(Rig.from("a@x"), MESSAGE + "x".repeat(500), TO)));
            assertTrue(rig.incomingFiles().isEmpty());
        }
    }

    @Test
    void aMessageToBeHeldGoesToTheHoldQueueUnannounced() throws Exception {
        try (var rig = new Rig(dir, Map.of("hash_queue_names", "hold"))) {
            var held = Rig.from("a@x").with(Envelope.HOLD, Envelope.YES);
            var id = Rig.queued(rig.submit(held, MESSAGE, TO));
            assertTrue(rig.incomingFiles().isEmpty());
            try (var file = QueueFile.open(rig.spool.path(QueueName.HOLD, id), false)) {
                assertEquals(TO, file.recipients().getFirst().address());
            }
            Rig.queued(rig.submit(Rig.from("a@x"), MESSAGE, TO));
            Await.until("announced", () -> rig.announced.size() == 1);
        }
    }

    @Test
    void aFlushThatFailsIsNotAcknowledged() throws Exception {
        Commit.Flush broken =
                file -> {
                    throw new IOException("Input/output error");
                };
        try (var rig = new Rig(dir, Map.of(), null, broken)) {
            assertEquals(
                    "451 4.3.0 Error: queue file write error",
                    Rig.refused(rig.submit(Rig.from("a@x"), MESSAGE, TO)));
            assertTrue(rig.incomingFiles().isEmpty());
            assertTrue(rig.announced.isEmpty());
        }
    }

    @Test
    void nobodyTakesAFileThatIsCompleteAndNotYetFlushed() throws Exception {
        var locked = new ArrayList<Boolean>();
        Commit.Flush slow =
                file -> {
                    locked.add(CommitLock.isHeld(onlyFile()));
                    if (locked.size() > 1) {
                        throw new IOException("Input/output error");
                    }
                    file.force(true);
                };
        try (var rig = new Rig(dir, Map.of(), null, slow)) {
            QueueId id = Rig.queued(rig.submit(Rig.from("a@x"), MESSAGE, TO));
            Path file = rig.spool.path(QueueName.INCOMING, id);
            assertFalse(CommitLock.isHeld(file));
            Files.delete(file);
            assertTrue(Rig.refused(rig.submit(Rig.from("a@x"), MESSAGE, TO)).startsWith("451 "));
            assertTrue(rig.incomingFiles().isEmpty());
        }
        assertEquals(List.of(true, true), locked);
    }

    private Path onlyFile() throws IOException {
        try (var files = Files.list(dir.resolve("incoming"))) {
            return files.findFirst().orElseThrow();
        }
    }

    @Test
    void aFileThatCannotBeMadeIsARefusal() throws Exception {
        Spool.Opener none =
                (path, mode) -> {
                    throw new IOException("No space left on device");
                };
        try (var rig = new Rig(dir, Map.of(), none, f -> f.force(true))) {
            try {
                rig.submit(Rig.from("a@x"), MESSAGE, TO);
            } catch (CleanupClient.RefusedException e) {
                assertEquals(
                        "452 4.3.1 Insufficient system storage", e.result().reply().toString());
                return;
            }
        }
        throw new AssertionError("accepted");
    }

    @Test
    void tooLittleFreeSpaceIsSaidBeforehand() throws Exception {
        try (var rig = new Rig(dir, Map.of("queue_minfree", "9000000000000000"))) {
            try {
                rig.submit(Rig.from("a@x"), MESSAGE, TO);
            } catch (CleanupClient.RefusedException e) {
                assertEquals(452, e.result().reply().code());
                return;
            }
        }
        throw new AssertionError("accepted");
    }

    @Test
    void aMessageThatIsTooBigIsRefusedAndTheConnectionLives() throws Exception {
        try (var rig = new Rig(dir, Map.of("message_size_limit", "50000"))) {
            assertEquals(
                    "552 5.3.4 Message size exceeds fixed limit",
                    Rig.refused(rig.submit(Rig.from("a@x"), "x".repeat(5_000_000), TO)));
            assertTrue(rig.incomingFiles().isEmpty());
            Rig.queued(rig.submit(Rig.from("a@x"), MESSAGE, TO));
        }
    }

    @Test
    void aClientThatVanishesLeavesNothing() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            var c = IpcConnection.connect(rig.socket, Duration.ofSeconds(5));
            Message accepted = Rig.begin(c);
            c.sendRecord(CleanupClient.CONTENT, new byte[100_000]);
            c.flush();
            assertEquals(List.of(accepted.text("queue_id")), rig.incomingFiles());
            c.close();
            Await.until("the file to be gone", () -> rig.incomingFiles().isEmpty());
        }
    }

    @Test
    void aSubmissionThatIsClosedIsThrownAway() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            QueueId id;
            try (var s = rig.client.open(Rig.from("a@x"))) {
                id = s.queueId();
                s.recipient(TO, TO, "", "");
                s.content().write(new byte[50_000]);
            }
            Await.until("the file to be gone", () -> rig.incomingFiles().isEmpty());
            assertNotEquals(id, Rig.queued(rig.submit(Rig.from("a@x"), MESSAGE, TO)));
        }
    }

    @Test
    void aMessageWhoseFileWasPurgedIsNotAcknowledged() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            try (var s = rig.client.open(Rig.from("a@x"))) {
                s.recipient(TO, TO, "", "");
                var later =
                        new Spool(
                                Spool.Layout.flat(dir),
                                Clock.offset(Clock.systemUTC(), Duration.ofDays(1)));
                assertEquals(1, later.purgeUnfinished(Duration.ofHours(1)));
                assertTrue(Rig.refused(s.finish()).startsWith("451 4.3.0 "));
            }
            assertTrue(rig.incomingFiles().isEmpty());
        }
    }

    @Test
    void sessionsDoNotDisturbEachOther() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            var one = rig.client.open(Rig.from("one@x"));
            var two = rig.client.open(Rig.from("two@x"));
            for (int i = 0; i < 20; i++) {
                one.content()
                        .write(("1".repeat(10_000) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                two.content()
                        .write(("2".repeat(10_000) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            one.recipient(TO, TO, "", "");
            two.recipient(TO, TO, "", "");
            CleanupResult second = two.finish();
            CleanupResult first = one.finish();
            String stored = rig.content(Rig.queued(first));
            assertTrue(stored.contains("1111") && !stored.contains("2"));
            assertTrue(!rig.content(Rig.queued(second)).contains("1"));
            Await.until("both to be announced", () -> rig.announced.size() == 2);
        }
    }

    @Test
    void aCrashBetweenAnyTwoStepsLeavesAConsistentQueue() throws Exception {
        crashes(List.of());
    }

    /// A message that is edited is there with all its edits, or not at all.
    @Test
    void aCrashBetweenEditsLeavesAConsistentQueue() throws Exception {
        crashes(
                List.of(
                        MessageEdit.prepend(NewField.of("X-1", "y".repeat(50_000))),
                        new MessageEdit.DeleteField(1, "subject"),
                        new MessageEdit.NewBody(),
                        new MessageEdit.BodyPart(new byte[100_000]),
                        MessageEdit.prepend(NewField.of("X-2", "z".repeat(50_000)))));
    }

    private void crashes(List<MessageEdit> edits) throws Exception {
        var snapshots = new LinkedHashMap<String, Path>();
        FaultyFile.Observer snap =
                point -> {
                    Path copy = Files.createTempDirectory(dir, "crash");
                    snapshots.put(snapshots.size() + " " + point, copyTree(dir.resolve("q"), copy));
                };
        Spool.Opener opener =
                (path, mode) -> {
                    var file = new FaultyFile(open(path), Long.MAX_VALUE, snap);
                    snap.at("after create");
                    return file;
                };
        String message = MESSAGE + "x".repeat(100_000) + "\r\n";
        Files.createDirectory(dir.resolve("q"));
        long size;
        try (var rig = new Rig(dir.resolve("q"), Map.of(), opener, f -> f.force(true))) {
            try (var submission = rig.client.open(Rig.from("a@x"))) {
                submission.recipient(TO, TO, "", "");
                submission.content().write(message.getBytes(StandardCharsets.US_ASCII));
                for (var edit : edits) {
                    submission.edit(edit);
                }
                size = ((CleanupResult.Queued) submission.finish()).size();
            }
        }
        assertTrue(snapshots.size() >= 7, snapshots.keySet()::toString);
        var seen = new ArrayList<String>();
        for (var crash : snapshots.entrySet()) {
            var spool =
                    new Spool(
                            Spool.Layout.flat(crash.getValue()),
                            Clock.offset(Clock.systemUTC(), Duration.ofDays(1)));
            spool.purgeUnfinished(Duration.ofHours(1));
            for (QueueId id : spool.scan(QueueName.INCOMING)) {
                try (var file = QueueFile.open(spool.path(QueueName.INCOMING, id), false)) {
                    assertEquals(size, file.contentLength(), crash.getKey());
                    assertEquals(size, file.content().readAllBytes().length, crash.getKey());
                    seen.add(crash.getKey());
                }
            }
            assertEquals(
                    spool.scan(QueueName.INCOMING).size(),
                    filesIn(spool.directory(QueueName.INCOMING)),
                    crash.getKey());
        }
        assertTrue(seen.stream().anyMatch(s -> s.endsWith("after flush")), seen::toString);
    }

    private Spool.Opener limited(long capacity) {
        return (path, mode) -> new FaultyFile(open(path), capacity, point -> {});
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(
                path,
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static int filesIn(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return (int) files.count();
        }
    }

    private static Path copyTree(Path from, Path to) throws IOException {
        try (var tree = Files.walk(from)) {
            for (Path p : tree.toList()) {
                Path target = to.resolve(from.relativize(p));
                if (Files.isDirectory(p)) {
                    Files.createDirectories(target);
                } else if (Files.isRegularFile(p)) {
                    Files.copy(p, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        return to;
    }
}
