// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;

class PostcatTest {
    private static final String TEXT = "Subject: x\r\n folded\r\n\r\nbody\r\n\r\nend\r\n";

    @TempDir Path dir;
    private QueueRig rig;
    private QueueId id = new QueueId("ABCDE1");

    @BeforeEach
    void prepare() throws Exception {
        rig = new QueueRig(dir);
        id = rig.enqueue(QueueName.DEFERRED, TEXT, "bob@x.test");
    }

    @Test
    void aWholeFileIsShown() {
        var result = rig.postcat("-q", id.text());
        assertEquals("", result.err());
        String[] lines = result.out().split("\n");
        assertEquals("*** ENVELOPE RECORDS deferred/" + id + " ***", lines[0]);
        assertTrue(lines[1].matches("message_size: +36 +[0-9]+ +1"), lines[1]);
        assertEquals("sender: alice@mx.test", lines[2]);
        assertTrue(lines[3].startsWith("message_arrival_time: Fri Jan  2 "), lines[3]);
        assertEquals("trace: TRACE0000001", lines[4]);
        assertEquals("named_attribute: client_name=host.test", lines[5]);
        assertEquals("original_recipient: bob@x.test", lines[6]);
        assertEquals("recipient: bob@x.test", lines[7]);
        assertEquals("*** MESSAGE CONTENTS deferred/" + id + " ***", lines[8]);
        assertTrue(
                result.out()
                        .endsWith(
                                "Subject: x\n folded\n\nbody\n\nend\n*** MESSAGE FILE END deferred/"
                                        + id
                                        + " ***\n"));
    }

    @Test
    void onlyThePartsAskedForAreShown() {
        assertEquals("body\n\nend\n", rig.postcat("-bq", id.text()).out());
        assertEquals("Subject: x\n folded\n", rig.postcat("-hq", id.text()).out());
        assertEquals("Subject: x\n folded\n\nbody\n\nend\n", rig.postcat("-bhq", id.text()).out());
        String envelope = rig.postcat("-eq", id.text()).out();
        assertTrue(envelope.contains("\nrecipient: bob@x.test\n"), envelope);
        assertTrue(!envelope.contains("body"), envelope);
    }

    @Test
    void aFileMayBeNamed() {
        String path = rig.spool.path(QueueName.DEFERRED, id).toString();
        String out = rig.postcat("-e", "-o", "-f", path).out();
        assertTrue(out.startsWith(path + ": *** ENVELOPE RECORDS " + path + " ***\n"), out);
        assertTrue(out.contains(path + ":        76 sender: alice@mx.test\n"), out);
    }

    @Test
    void aDamagedFileIsShownAsFarAsItIsInOrder() throws Exception {
        Path path = rig.spool.path(QueueName.DEFERRED, id);
        byte[] whole = Files.readAllBytes(path);
        whole[whole.length - 1] = 1;
        Files.write(path, whole);
        var result = rig.postcat("-q", id.text());
        assertEquals(1, result.status());
        assertTrue(result.out().contains("\nbody\n"), result.out());
        assertTrue(result.err().contains("file is corrupted"), result.err());
        Files.write(path, Arrays.copyOf(whole, 100));
        assertEquals(1, rig.postcat("-q", id.text()).status());
    }

    @Test
    void aMessageThatIsNotThereIsAnError() {
        assertEquals(
                "postcat: fatal: open queue file ABCDEF0: No such file or directory\n",
                rig.postcat("-q", "ABCDEF0").err());
        assertEquals(1, rig.postcat("-q", "../x").status());
        assertEquals(1, rig.postcat("nowhere").status());
    }
}
