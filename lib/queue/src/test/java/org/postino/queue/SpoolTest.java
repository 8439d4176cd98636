// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");

    @TempDir Path dir;

    @Test
    void aShortIdIsMicrosecondsAndInode() throws Exception {
        var spool = spool(Set.of(), 0, false);
        try (var file = spool.create(QueueName.INCOMING).channel()) {
            QueueId id = onlyFile();
            assertEquals("A5BF5", id.text().substring(0, 5));
            assertEquals(Files.getAttribute(dir.resolve("incoming/" + id), "unix:ino"), id.inode());
            assertTrue(file.isOpen());
        }
    }

    @Test
    void aLongIdBearsTheTimeAndTheInode() throws Exception {
        var spool = spool(Set.of(), 0, true);
        NewFile file = spool.create(QueueName.INCOMING);
        file.channel().close();
        assertEquals('z', file.id().text().charAt(10));
        assertEquals(Files.getAttribute(file.path(), "unix:ino"), file.id().inode());
        assertEquals(Optional.of(file.id()), QueueId.parse(file.id().text()));
    }

    @Test
    void hashedQueuesHaveSubdirectoriesNamedAfterMicroseconds() throws Exception {
        for (boolean longIds : new boolean[] {false, true}) {
            var spool = spool(Set.of(QueueName.DEFERRED, QueueName.INCOMING), 2, longIds);
            NewFile file = spool.create(QueueName.INCOMING);
            file.channel().close();
            assertTrue(file.path().startsWith(dir.resolve("incoming/A/5")), file.path()::toString);
            assertTrue(spool.move(file.id(), QueueName.INCOMING, QueueName.DEFERRED));
            assertTrue(Files.exists(dir.resolve("deferred/A/5/" + file.id())));
            assertEquals(Optional.of(QueueName.DEFERRED), spool.find(file.id()));
            assertEquals(List.of(file.id()), spool.scan(QueueName.DEFERRED));
            assertTrue(spool.remove(QueueName.DEFERRED, file.id()));
            assertFalse(spool.remove(QueueName.DEFERRED, file.id()));
            assertFalse(spool.move(file.id(), QueueName.INCOMING, QueueName.ACTIVE));
        }
    }

    @Test
    void aScanOfIncomingSeesFinishedFilesOnly() throws Exception {
        var spool = spool(Set.of(), 0, false);
        NewFile finished = spool.create(QueueName.INCOMING);
        NewFile unfinished = spool.create(QueueName.INCOMING);
        spool.markReady(finished.path(), QueueName.INCOMING);
        assertEquals(List.of(finished.id()), spool.scan(QueueName.INCOMING));
        assertNotEquals(finished.id(), unfinished.id());
        finished.channel().close();
        unfinished.channel().close();
    }

    @Test
    void whatACrashLeftUnfinishedIsPurged() throws Exception {
        var spool = spool(Set.of(), 0, false);
        NewFile finished = spool.create(QueueName.INCOMING);
        finished.channel().close();
        spool.markReady(finished.path(), QueueName.INCOMING);
        spool.create(QueueName.INCOMING).channel().close();
        Files.createFile(dir.resolve("incoming/4711.1"));
        var later = new Spool(layout(Set.of(), 0, false), at(Instant.now().plusSeconds(7200)));
        assertEquals(2, later.purgeUnfinished(Duration.ofHours(1)));
        assertEquals(List.of(finished.id()), later.scan(QueueName.INCOMING));
    }

    @Test
    void anIdInUseIsNotGivenAgain() throws Exception {
        var spool = spool(Set.of(), 0, false);
        var ids = new HashSet<QueueId>();
        for (int i = 0; i < 200; i++) {
            NewFile file = spool.create(QueueName.INCOMING);
            file.channel().close();
            // A restored spool: the name stays, the inode is used again by the next file.
            Path elsewhere = dir.resolve("hold").resolve(file.id().text());
            Files.move(file.path(), dir.resolve("tmp"));
            Files.writeString(elsewhere, "kept");
            Files.delete(dir.resolve("tmp"));
            assertTrue(ids.add(file.id()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "A",
                "../../etc/passwd",
                "ABCDE/1",
                "abcdef",
                "ABCDE.1",
                "0123456789z"
            })
    void aTextOfAnotherFormIsNoQueueId(String text) {
        assertTrue(QueueId.parse(text).isEmpty());
    }

    @Test
    void droppedFilesHaveNamesNobodyGuesses() throws Exception {
        var spool = spool(Set.of(), 0, false);
        NewFile a = spool.createDrop();
        NewFile b = spool.createDrop();
        assertNotEquals(a.id().text().substring(5), b.id().text().substring(5));
        assertTrue(a.id().text().length() >= 29);
        spool.markReady(a.path(), QueueName.MAILDROP);
        assertEquals(List.of(a.id()), spool.scan(QueueName.MAILDROP));
        a.channel().close();
        b.channel().close();
    }

    private QueueId onlyFile() throws IOException {
        try (var files = Files.list(dir.resolve("incoming"))) {
            return new QueueId(String.valueOf(files.findFirst().orElseThrow().getFileName()));
        }
    }

    private Spool spool(Set<QueueName> hashed, int depth, boolean longIds) throws IOException {
        var spool = new Spool(layout(hashed, depth, longIds), at(NOW));
        spool.createDirectories();
        return spool;
    }

    private Spool.Layout layout(Set<QueueName> hashed, int depth, boolean longIds) {
        return new Spool.Layout(dir, hashed, depth, longIds);
    }

    private static Clock at(Instant time) {
        return Clock.fixed(time, ZoneOffset.UTC);
    }
}
