// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;

class PostsuperTest {
    private static final String TEXT = "Subject: x\r\n\r\nbody\r\n";

    @TempDir Path dir;
    private QueueRig rig;

    @BeforeEach
    void prepare() throws Exception {
        rig = new QueueRig(dir);
    }

    @Test
    void aMessageAndItsLogsAreDeleted() throws Exception {
        QueueId id = rig.enqueue(QueueName.DEFERRED, TEXT, "bob@x");
        QueueId other = rig.enqueue(QueueName.DEFERRED, TEXT, "bob@x");
        Files.writeString(rig.spool.path(QueueName.DEFER, id), "log");
        var result = rig.postsuper("", "-d", id.text());
        assertEquals(0, result.status());
        assertEquals(
                "postsuper: " + id + ": removed\npostsuper: Deleted: 1 message\n", result.err());
        assertEquals(Optional.empty(), rig.spool.find(id));
        assertFalse(Files.exists(rig.spool.path(QueueName.DEFER, id)));
        assertEquals(Optional.of(QueueName.DEFERRED), rig.spool.find(other));
    }

    @Test
    void idsMayComeFromTheStandardInput() throws Exception {
        QueueId a = rig.enqueue(QueueName.DEFERRED, TEXT, "bob@x");
        QueueId b = rig.enqueue(QueueName.INCOMING, TEXT, "bob@x");
        var result = rig.postsuper(a + "\n\n " + b + "\n", "-d", "-");
        assertTrue(result.err().endsWith("postsuper: Deleted: 2 messages\n"), result.err());
    }

    @Test
    void allMessagesOfAQueueAreDeleted() throws Exception {
        rig.enqueue(QueueName.DEFERRED, TEXT, "bob@x");
        QueueId held = rig.enqueue(QueueName.HOLD, TEXT, "bob@x");
        rig.postsuper("", "-d", "ALL", "deferred");
        assertTrue(rig.spool.scan(QueueName.DEFERRED).isEmpty());
        assertEquals(Optional.of(QueueName.HOLD), rig.spool.find(held));
        rig.postsuper("", "-d", "ALL");
        assertEquals(Optional.empty(), rig.spool.find(held));
    }

    @Test
    void aHeldMessageIsReleasedAndDueAtOnce() throws Exception {
        QueueId id = rig.enqueue(QueueName.DEFERRED, TEXT, "bob@x");
        Files.setLastModifiedTime(
                rig.spool.path(QueueName.DEFERRED, id),
                FileTime.from(Instant.now().plusSeconds(4000)));
        var held = rig.postsuper("", "-h", id.text());
        assertEquals(
                "postsuper: " + id + ": placed on hold\npostsuper: Placed on hold: 1 message\n",
                held.err());
        assertEquals(Optional.of(QueueName.HOLD), rig.spool.find(id));
        var released = rig.postsuper("", "-H", "ALL");
        assertEquals(
                "postsuper: "
                        + id
                        + ": released from hold\npostsuper: Released from hold: 1 message\n",
                released.err());
        Path file = rig.spool.path(QueueName.DEFERRED, id);
        assertFalse(Files.getLastModifiedTime(file).toInstant().isAfter(Instant.now()));
    }

    @Test
    void aRequeuedMessageGoesToMaildrop() throws Exception {
        QueueId id = rig.enqueue(QueueName.DEFERRED, TEXT, "bob@x");
        var result = rig.postsuper("", "-r", "ALL");
        assertEquals(
                "postsuper: " + id + ": requeued\npostsuper: Requeued: 1 message\n", result.err());
        assertEquals(Optional.of(QueueName.MAILDROP), rig.spool.find(id));
    }

    @Test
    void anExpiredMessageIsMarkedInItsFile() throws Exception {
        QueueId id = rig.enqueue(QueueName.DEFERRED, TEXT, "bob@x");
        QueueId held = rig.enqueue(QueueName.HOLD, TEXT, "bob@x");
        rig.postsuper("", "-e", "ALL");
        for (QueueId each : new QueueId[] {id, held}) {
            Path path = rig.spool.path(rig.spool.find(each).orElseThrow(), each);
            try (var file = QueueFile.open(path, false)) {
                assertTrue(file.expire());
            }
        }
        assertEquals(Optional.of(QueueName.HOLD), rig.spool.find(held));
        rig.postsuper("", "-f", held.text());
        assertEquals(Optional.of(QueueName.DEFERRED), rig.spool.find(held));
    }

    @Test
    void filesGoWhereTheConfigurationHashesThem() throws Exception {
        QueueId id = rig.enqueue(QueueName.DEFERRED, TEXT, "bob@x");
        rig = new QueueRig(dir, "hash_queue_names = deferred", "hash_queue_depth = 2");
        var result = rig.postsuper("", "-s");
        assertEquals("postsuper: Renamed to match hashed directories: 1 file\n", result.err());
        String text = id.text();
        assertTrue(
                Files.exists(
                        rig.queue.resolve(
                                "deferred/" + text.charAt(0) + "/" + text.charAt(1) + "/" + text)));
    }

    @Test
    void whatIsNoQueueIdIsAnError() {
        var result = rig.postsuper("", "-d", "../../etc/passwd");
        assertEquals(1, result.status());
        assertEquals("postsuper: fatal: invalid mail queue ID: ../../etc/passwd\n", result.err());
        assertTrue(rig.postsuper("", "-d", "all").err().contains("in capitals"));
        assertEquals(1, rig.postsuper("", "-d", "ALL", "nowhere").status());
    }
}
