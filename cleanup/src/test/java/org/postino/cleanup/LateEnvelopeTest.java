// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.ipc.FieldWriter;
import org.postino.ipc.IpcConnection;
import org.postino.kit.Await;
import org.postino.message.NewField;
import org.postino.queue.CleanupClient;
import org.postino.queue.Envelope;
import org.postino.queue.MessageEdit;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueName;
import org.postino.queue.Submission;

/// Recipients and attributes that come when the content has been seen.
class LateEnvelopeTest {
    private static final byte[] MESSAGE =
            "Subject: s\r\n\r\nbody\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir Path dir;

    private Submission begun(Rig rig) throws IOException {
        return rig.client.open(Rig.from("a@x").with(Envelope.HELO_NAME, "one"));
    }

    @Test
    void recipientsMayStandInFrontOfTheContentAndBehindIt() throws Exception {
        try (var rig =
                        new Rig(
                                dir,
                                Map.of(
                                        "virtual_alias_maps",
                                        "inline:{{all@mx.test=b@y.test c@y.test}}"));
                var submission = begun(rig)) {
            submission.recipient("a@y.test", "", "", "");
            submission.content().write(MESSAGE);
            submission.recipient("all@mx.test", "", "", "");
            submission.edit(MessageEdit.prepend(NewField.of("X-1", "1")));
            submission.recipient("a@y.test", "", "", "");
            submission.recipient("d@y.test", "", "", "");
            var id = Rig.queued(submission.finish());
            assertEquals(
                    List.of("a@y.test", "b@y.test", "c@y.test", "d@y.test"), rig.recipients(id));
            assertEquals("X-1: 1\r\nSubject: s\r\n\r\nbody\r\n", rig.content(id));
        }
    }

    @Test
    void anAttributeReplacesAnEarlierOne() throws Exception {
        try (var rig = new Rig(dir, Map.of());
                var submission = begun(rig)) {
            submission.attribute(Envelope.FILTER, "first:");
            submission.content().write(MESSAGE);
            submission.attribute(Envelope.FILTER, "scan:[::1]:10024");
            submission.attribute(Envelope.HELO_NAME, "two");
            submission.recipient("a@y.test", "", "", "");
            var id = Rig.queued(submission.finish());
            try (var file = rig.open(id)) {
                assertEquals("scan:[::1]:10024", file.envelope().attribute(Envelope.FILTER));
                assertEquals("two", file.envelope().attribute(Envelope.HELO_NAME));
            }
        }
    }

    @Test
    void aMessageMayBeHeldWhenItHasBeenSeen() throws Exception {
        try (var rig = new Rig(dir, Map.of());
                var submission = begun(rig)) {
            submission.content().write(MESSAGE);
            submission.recipient("a@y.test", "", "", "");
            submission.attribute(Envelope.HOLD, Envelope.YES);
            submission.attribute(Envelope.QUARANTINE, "looks odd");
            var id = Rig.queued(submission.finish());
            assertTrue(rig.incomingFiles().isEmpty());
            try (var file = QueueFile.open(rig.spool.path(QueueName.HOLD, id), false)) {
                assertEquals("looks odd", file.envelope().attribute(Envelope.QUARANTINE));
            }
            assertEquals(List.of(), rig.announced);
        }
    }

    @Test
    void contentBehindARecipientThatCameLateIsAnError() throws Exception {
        try (var rig = new Rig(dir, Map.of());
                var submission = begun(rig)) {
            submission.content().write(MESSAGE);
            submission.recipient("a@y.test", "", "", "");
            submission.content().write(MESSAGE);
            assertThrows(IOException.class, submission::finish);
        }
    }

    @Test
    void contentBehindALateAttributeBreaksTheProtocol() throws Exception {
        byte[] attribute = new FieldWriter().text(Envelope.HOLD).text(Envelope.YES).toBytes();
        try (var rig = new Rig(dir, Map.of());
                var c = IpcConnection.connect(rig.socket, Duration.ofSeconds(20))) {
            Rig.begin(c);
            c.sendRecord(CleanupClient.CONTENT, new byte[10]);
            c.sendRecord(CleanupClient.NAMED, attribute);
            c.sendRecord(CleanupClient.CONTENT, new byte[10]);
            c.flush();
            Await.until("the file to be gone", () -> rig.incomingFiles().isEmpty());
        }
    }
}
