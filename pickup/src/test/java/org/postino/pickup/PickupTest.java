// SPDX-License-Identifier: Apache-2.0

package org.postino.pickup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.linux.Processes;
import org.postino.queue.CleanupResult.Refused;
import org.postino.queue.Envelope;
import org.postino.queue.NewFile;
import org.postino.queue.QueueFileWriter;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.smtp.Reply;

class PickupTest {
    private static final Instant SENT = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir Path dir;
    private Stand stand;

    @BeforeEach
    void start() throws Exception {
        stand = new Stand(dir, Map.of());
    }

    @AfterEach
    void stop() {
        stand.close();
    }

    @Test
    void aDroppedMessageIsSubmittedAndRemoved() throws Exception {
        QueueId id =
                drop("alice@mx.test", "Subject: x\n\nbo\rdy\r\nno end", "bob@x.test", "carol@y");
        knock();
        Await.until("the submission", () -> stand.cleanup.accepted().size() == 1);
        var message = stand.cleanup.accepted().getFirst();
        assertEquals("alice@mx.test", message.envelope().sender());
        assertEquals(Envelope.LOCAL, message.envelope().attribute(Envelope.REWRITE));
        assertEquals("", message.envelope().attribute(Envelope.CLIENT_NAME));
        assertEquals(List.of("bob@x.test", "carol@y"), message.recipients());
        String received =
                "Received: by mx.test (Postino, from userid " + Processes.ownUid() + ")\r\n\tid ";
        assertTrue(message.text().startsWith(received), message.text());
        assertTrue(
                message.text().endsWith("\r\nSubject: x\r\n\r\nbo\rdy\r\nno end\r\n"),
                message.text());
        awaitEmptyMaildrop();
        assertTrue(
                stand.log.stream()
                        .anyMatch(l ->
                                l.endsWith(
                                        ": uid=" + Processes.ownUid() + " from=<alice@mx.test>")),
                stand.log::toString);
        assertFalse(stand.spool.find(id).isPresent());
    }

    @Test
    void whatCleanupCannotTakeNowStaysAndIsTriedAgain() throws Exception {
        stand.cleanup.answer(
                new Refused(Reply.of(452, 4, 3, 1, "Insufficient system storage"), "full"));
        drop("alice@mx.test", "x\n", "bob@x.test");
        knock();
        Await.until("a refusal", () -> stand.cleanup.refusals() > 0);
        stand.cleanup.answer(null);
        knock();
        Await.until("the submission", () -> stand.cleanup.accepted().size() == 1);
        awaitEmptyMaildrop();
    }

    @Test
    void aCleanupThatIsNotThereLosesNothing() throws Exception {
        stand.cleanup.close();
        drop("alice@mx.test", "x\n", "bob@x.test");
        knock();
        Await.until(
                "a complaint", () -> stand.log.stream().anyMatch(l -> l.contains("connect to")));
        assertEquals(1, files("maildrop/taken").size() + files("maildrop").size() - 1);
        stand.cleanup.listen();
        knock();
        Await.until("the submission", () -> stand.cleanup.accepted().size() == 1);
    }

    @Test
    void whatCleanupNeverTakesIsReturnedToItsSender() throws Exception {
        stand.cleanup.answerOnce(
                new Refused(Reply.of(552, 5, 3, 4, "Message size exceeds fixed limit"), "big"));
        drop("alice@mx.test", "Subject: big\n\nbody\n", "bob@x.test");
        knock();
        Await.until("the notice", () -> stand.cleanup.accepted().size() == 1);
        var notice = stand.cleanup.accepted().getFirst();
        assertEquals("", notice.envelope().sender());
        assertEquals("bounce", notice.envelope().attribute(Envelope.SOURCE));
        assertEquals(List.of("alice@mx.test"), notice.recipients());
        assertTrue(notice.text().contains("Final-Recipient: rfc822; bob@x.test\r\n"));
        assertTrue(notice.text().contains("Subject: big\r\n"));
        awaitEmptyMaildrop();
    }

    @Test
    void aRequeuedMessageIsSubmittedAsItStood() throws Exception {
        QueueId id;
        NewFile file = stand.spool.create(QueueName.INCOMING);
        try (var channel = file.channel()) {
            var writer = new QueueFileWriter(channel);
            writer.envelope(
                    new Envelope("s@x", SENT, "OLD", Map.of(Envelope.CLIENT_NAME, "far.test")));
            writer.recipient(Recipient.of("bob@x.test", "info@v.test", "NEVER", ""));
            writer.beginContent();
            byte[] text = "Received: x\r\n\r\nbody\r\n".getBytes(StandardCharsets.US_ASCII);
            writer.content(text, 0, text.length);
            writer.finish();
            id = file.id();
        }
        stand.spool.markReady(file.path(), QueueName.INCOMING);
        stand.spool.move(id, QueueName.INCOMING, QueueName.MAILDROP);
        knock();
        Await.until("the submission", () -> stand.cleanup.accepted().size() == 1);
        var message = stand.cleanup.accepted().getFirst();
        assertEquals("Received: x\r\n\r\nbody\r\n", message.text());
        assertEquals("far.test", message.envelope().attribute(Envelope.CLIENT_NAME));
        assertEquals(id.text(), message.envelope().attribute(Envelope.ORIGINAL_ID));
        assertEquals(SENT, message.envelope().arrival());
    }

    /// A message that was held, or sent to a filter, and put back by `postsuper -r` begins anew.
    @Test
    void whatWasDoneToARequeuedMessageIsForgotten() throws Exception {
        NewFile file = stand.spool.create(QueueName.INCOMING);
        try (var channel = file.channel()) {
            var writer = new QueueFileWriter(channel);
            writer.envelope(
                    new Envelope(
                            "s@x",
                            SENT,
                            "OLD",
                            Map.of(
                                    Envelope.HOLD,
                                    Envelope.YES,
                                    Envelope.QUARANTINE,
                                    "a virus",
                                    Envelope.FILTER,
                                    "scan:")));
            writer.recipient(Recipient.of("bob@x.test", "", "", ""));
            writer.beginContent();
            writer.finish();
        }
        stand.spool.markReady(file.path(), QueueName.INCOMING);
        stand.spool.move(file.id(), QueueName.INCOMING, QueueName.MAILDROP);
        knock();
        Await.until("the submission", () -> stand.cleanup.accepted().size() == 1);
        assertEquals(
                Map.of(Envelope.ORIGINAL_ID, file.id().text()),
                stand.cleanup.accepted().getFirst().envelope().attributes());
    }

    @Test
    void localMailGoesThroughTheContentFilterToo() throws Exception {
        stand.close();
        stand =
                new Stand(
                        dir,
                        Map.of(
                                "content_filter",
                                "scan:[127.0.0.1]:10024",
                                "receive_override_options",
                                "no_address_mappings"));
        drop("alice@mx.test", "x\n", "bob@x.test");
        knock();
        Await.until("the submission", () -> stand.cleanup.accepted().size() == 1);
        var message = stand.cleanup.accepted().getFirst();
        assertEquals("scan:[127.0.0.1]:10024", message.envelope().attribute(Envelope.FILTER));
        assertEquals(List.of("no_address_mappings"), message.without());
    }

    @Test
    void aSymbolicLinkIsSetAside() throws Exception {
        Path secret = Files.writeString(dir.resolve("secret"), "root's");
        Files.createSymbolicLink(dir.resolve("maildrop/0123456789ABC"), secret);
        knock();
        Await.until(
                "it to be set aside",
                () -> Files.isSymbolicLink(dir.resolve("corrupt/0123456789ABC")));
        assertTrue(stand.cleanup.accepted().isEmpty());
    }

    @Test
    void aFileWithAnotherNameIsSetAside() throws Exception {
        QueueId id = drop("alice@mx.test", "x\n", "bob@x.test");
        Files.createLink(dir.resolve("other"), stand.spool.path(QueueName.MAILDROP, id));
        knock();
        Await.until("it to be set aside", () -> Files.exists(dir.resolve("corrupt/" + id)));
        assertTrue(stand.cleanup.accepted().isEmpty());
    }

    @Test
    void damagedFilesAreSetAsideAndTheOthersGoOn() throws Exception {
        Path rubbish = Files.writeString(dir.resolve("maildrop/0123456789ABC"), "rubbish");
        Files.setPosixFilePermissions(rubbish, PosixFilePermissions.fromString("rwxr--r--"));
        drop("alice@mx.test", "x\n", "bob@x.test");
        knock();
        Await.until("the good one", () -> stand.cleanup.accepted().size() == 1);
        assertTrue(Files.exists(dir.resolve("corrupt/0123456789ABC")));
    }

    @Test
    void anUnfinishedFileIsLeftAlone() throws Exception {
        NewFile file = stand.spool.createDrop();
        drop("alice@mx.test", "x\n", "bob@x.test");
        knock();
        Await.until("the finished one", () -> stand.cleanup.accepted().size() == 1);
        assertTrue(Files.exists(file.path()));
        file.channel().close();
    }

    @Test
    void controlCharactersDoNotGetThrough() throws Exception {
        drop("a\r\nX: y@mx.test", "x\n", "bob\n@x.test");
        knock();
        Await.until("the submission", () -> stand.cleanup.accepted().size() == 1);
        var message = stand.cleanup.accepted().getFirst();
        assertEquals("a??X: y@mx.test", message.envelope().sender());
        assertEquals(List.of("bob?@x.test"), message.recipients());
    }

    @Test
    void whoMayNotSubmitIsRefused() throws Exception {
        stand.close();
        stand = new Stand(dir, Map.of("authorized_submit_users", "!root, static:anyone"));
        if (Processes.ownUid() != 0) {
            return; // the rule above names the user that these tests mostly run as
        }
        QueueId id = drop("root@mx.test", "x\n", "bob@x.test");
        knock();
        Await.until("it to be set aside", () -> Files.exists(dir.resolve("corrupt/" + id)));
    }

    private QueueId drop(String sender, String text, String... recipients) throws Exception {
        NewFile file = stand.spool.createDrop();
        try (var channel = file.channel()) {
            var writer = new QueueFileWriter(channel);
            writer.envelope(
                    new Envelope(
                            sender, SENT, "FORGED", Map.of(Envelope.CLIENT_NAME, "forged.test")));
            for (String r : recipients) {
                writer.recipient(Recipient.of(r, "", "", ""));
            }
            writer.beginContent();
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            writer.content(bytes, 0, bytes.length);
            writer.finish();
        }
        stand.spool.markReady(file.path(), QueueName.MAILDROP);
        return file.id();
    }

    private void knock() throws Exception {
        SocketChannel.open(UnixDomainSocketAddress.of(dir.resolve("public/pickup"))).close();
    }

    private void awaitEmptyMaildrop() {
        Await.until(
                "maildrop to be empty",
                () -> files("maildrop/taken").isEmpty() && files("maildrop").size() == 1);
    }

    private List<Path> files(String directory) throws IOException {
        try (var files = Files.list(dir.resolve(directory))) {
            return files.toList();
        }
    }
}
