// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.FakeMilter;
import org.postino.message.NewField;
import org.postino.queue.Envelope;
import org.postino.queue.MessageEdit;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueName;
import org.postino.queue.ReceiveOverride;

/// Milters for mail that does not come through smtpd, tables about the fields of milters, and the message as smtpd gets to see it again.
class MilterPassTest {
    private static final String MESSAGE =
            "Received: by mx.test\r\nSubject: s\r\nTo: b\r\n\r\nbody\r\n";

    @TempDir Path dir;

    private static Envelope local(String sender) {
        return Rig.localFrom(sender).with(Envelope.SOURCE, "sendmail");
    }

    @Test
    void aLocalMessageIsShownWithTheFieldsThatWereAdded() throws Exception {
        try (var milter = new FakeMilter();
                var rig = new Rig(dir, Map.of("non_smtpd_milters", milter.place()))) {
            milter.on(
                    'E',
                    FakeMilter.field('i', 1, "X-In", "1"),
                    "+c@y.test\0",
                    "-b@y.test\0",
                    "enew@mx.test\0",
                    "bother\r\n",
                    "c");
            var id = Rig.queued(rig.submit(local("a@mx.test"), MESSAGE, "b@y.test", "d@y.test"));
            String made = "20260102030405." + id + "@mx.test";
            assertEquals(
                    List.of(
                            "C localhost|4||127.0.0.1|",
                            "H localhost|",
                            "M <a@mx.test>|",
                            "R <b@y.test>|",
                            "R <d@y.test>|",
                            "T ",
                            "L Subject|s|",
                            "L To|b@mx.test|",
                            "L Message-Id|<" + made + ">|"),
                    milter.events.subList(0, 9));
            assertTrue(milter.macros.contains("Mi|" + id + "|{mail_addr}|a@mx.test|"));
            assertEquals(List.of("d@y.test", "c@y.test"), rig.recipients(id));
            try (var file = rig.open(id)) {
                assertEquals("new@mx.test", file.envelope().sender());
            }
            String stored = rig.content(id);
            assertTrue(
                    stored.startsWith("Received: by mx.test\r\nX-In: 1\r\nSubject: s\r\n"), stored);
            assertTrue(stored.endsWith("\r\n\r\nother\r\n"), stored);
        }
    }

    @Test
    void whatAMilterRefusesIsRefused() throws Exception {
        try (var milter = new FakeMilter();
                var rig = new Rig(dir, Map.of("non_smtpd_milters", milter.place()))) {
            milter.on('R', "y550 5.7.1 not him\0");
            assertEquals(
                    "550 5.7.1 not him",
                    Rig.refused(rig.submit(local("a@mx.test"), MESSAGE, "b@y.test")));
            assertTrue(
                    rig.log
                            .getLast()
                            .contains(
                                    ": milter-reject: RCPT from localhost[127.0.0.1]: 550 5.7.1 not"
                                            + " him; from=<a@mx.test> to=<b@y.test>"),
                    rig.log::toString);
            milter.on('R', "d");
            Rig.queued(rig.submit(local("a@mx.test"), MESSAGE, "b@y.test"));
            assertEquals(List.of(), rig.incomingFiles());
        }
    }

    /// As Postfix 3.7 does it.
    @Test
    void aMessageWithoutRecipientsIsThrownAway() throws Exception {
        try (var milter = new FakeMilter();
                var rig = new Rig(dir, Map.of("non_smtpd_milters", milter.place()))) {
            milter.on('E', "-b@y.test\0", "c");
            Rig.queued(rig.submit(local("a@mx.test"), MESSAGE, "b@y.test"));
            assertEquals(List.of(), rig.incomingFiles());
            assertTrue(
                    rig.log.getLast().contains(": milter-discard: END-OF-MESSAGE from localhost"),
                    rig.log::toString);
        }
    }

    @Test
    void aMilterThatIsDownKeepsMailWhereItIs() throws Exception {
        try (var rig = new Rig(dir, Map.of("non_smtpd_milters", "unix:nowhere"))) {
            String reply = Rig.refused(rig.submit(local("a@mx.test"), MESSAGE, "b@y.test"));
            assertEquals("421 4.7.0 Server closing connection", reply);
            assertEquals(List.of(), rig.incomingFiles());
        }
    }

    @Test
    void mailOfSmtpdAndOfTheSuiteItselfIsNotShown() throws Exception {
        try (var milter = new FakeMilter();
                var rig = new Rig(dir, Map.of("non_smtpd_milters", milter.place()))) {
            Rig.queued(rig.submit(Rig.from("a@x"), MESSAGE, "b@y.test"));
            report(rig);
            assertEquals(List.of(), milter.events);
        }
    }

    @Test
    void reportsAreShownIfMainCfSaysSo() throws Exception {
        try (var milter = new FakeMilter();
                var rig =
                        new Rig(
                                dir,
                                Map.of(
                                        "non_smtpd_milters",
                                        milter.place(),
                                        "internal_mail_filter_classes",
                                        "bounce"))) {
            report(rig);
            assertTrue(milter.events.contains("M <>|"), milter.events::toString);
        }
    }

    private static void report(Rig rig) throws IOException {
        var envelope = Rig.from("").with(Envelope.SOURCE, "bounce");
        try (var submission = rig.client.open(envelope, ReceiveOverride.INTERNAL)) {
            submission.recipient("b@y.test", "", "", "");
            submission.content().write(MESSAGE.getBytes(StandardCharsets.US_ASCII));
            Rig.queued(submission.finish());
        }
    }

    @Test
    void tablesAreAskedAboutFieldsOfMilters() throws Exception {
        String table =
                "regexp:{{/^X-Bad:/ IGNORE} {/^X-Old:/ REPLACE X-New: 1} {/^X-Spam: yes/ HOLD}}";
        try (var rig = new Rig(dir, Map.of("milter_header_checks", table));
                var submission = rig.client.open(Rig.from("a@x"), Set.of())) {
            submission.content().write(MESSAGE.getBytes(StandardCharsets.US_ASCII));
            for (String name : List.of("X-Bad", "X-Old", "X-Spam", "X-Good")) {
                var field = NewField.of(name, "yes");
                submission.edit(new MessageEdit.OfMilter(new MessageEdit.AddField(field)));
            }
            submission.edit(new MessageEdit.AddField(NewField.of("X-Bad", "ours")));
            submission.recipient("b@y.test", "", "", "");
            var id = Rig.queued(submission.finish());
            try (var file = QueueFile.open(rig.spool.path(QueueName.HOLD, id), false)) {
                String stored =
                        new String(file.content().readAllBytes(), StandardCharsets.US_ASCII);
                String[] own = {
                    "X-New: 1", "X-Spam: yes", "X-Good: yes", "X-Bad: ours", "", "body"
                };
                assertTrue(
                        stored.endsWith("To: b\r\n" + String.join("\r\n", own) + "\r\n"), stored);
            }
        }
    }

    @Test
    void theMessageIsSeenAsItIs() throws Exception {
        String body = "0123456789abcd\r\n".repeat(20_000);
        try (var rig = new Rig(dir, Map.of());
                var submission = rig.client.open(Rig.from("a@x"), Set.of())) {
            String head = "Subject: s\r\n\r\n";
            submission.content().write(("Bcc: x\r\n" + head).getBytes(StandardCharsets.US_ASCII));
            submission.content().write(body.getBytes(StandardCharsets.US_ASCII));
            assertEquals(head + body, seen(submission.message()));
            submission.edit(MessageEdit.prepend(NewField.of("X", "1")));
            assertEquals("X: 1\r\n" + head + body, seen(submission.message()));
            submission.recipient("b@y.test", "", "", "");
            Rig.queued(submission.finish());
        }
    }

    private static String seen(@Nullable InputStream in) throws IOException {
        assertNotNull(in);
        return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void aMessageThatIsRefusedIsNotSeen() throws Exception {
        try (var rig = new Rig(dir, Map.of("header_checks", "regexp:{{/^Subject:/ REJECT no}}"));
                var submission = rig.client.open(Rig.from("a@x"), Set.of())) {
            submission.content().write(MESSAGE.getBytes(StandardCharsets.US_ASCII));
            assertNull(submission.message());
            submission.recipient("b@y.test", "", "", "");
            assertEquals("550 5.7.1 no", Rig.refused(submission.finish()));
        }
    }

    @Test
    void aMessageThatIsOnlyLookedAtIsNotEdited() throws Exception {
        try (var rig = new Rig(dir, Map.of());
                var submission = rig.client.open(Rig.from("a@x"), Set.of())) {
            submission.content().write(MESSAGE.getBytes(StandardCharsets.US_ASCII));
            assertEquals(MESSAGE, seen(submission.message()));
            submission.recipient("b@y.test", "", "", "");
            var id = Rig.queued(submission.finish());
            byte[] file = Files.readAllBytes(rig.spool.path(QueueName.INCOMING, id));
            assertEquals('1', new String(file, StandardCharsets.ISO_8859_1).charAt(2));
        }
    }
}
