// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.queue.Envelope;
import org.postino.queue.QueueName;

class SendmailTest {
    @TempDir Path dir;
    private QueueRig rig;

    @BeforeEach
    void prepare() throws Exception {
        rig = new QueueRig(dir);
    }

    @Test
    void aMessageIsDroppedThoughNobodyIsThere() throws Exception {
        var result =
                rig.sendmail("Subject: x\n\nbody\n", "-f", "a@x.test", "bob@x.test,carol", "dan");
        assertEquals(new QueueRig.Result(0, "", ""), result);
        assertEquals("Subject: x\r\n\r\nbody\r\n", rig.droppedText());
        assertEquals(List.of("bob@x.test", "carol", "dan"), rig.droppedRecipients());
        try (var file = rig.dropped()) {
            assertEquals("a@x.test", file.envelope().sender());
            assertEquals("Test User", file.envelope().attribute(Envelope.FULL_NAME));
        }
    }

    @Test
    void theHeaderNamesTheRecipients() throws Exception {
        rig.sendmail(
                "From: a\nTo: bob,\n \"C, D\" <c@x.test>\nBcc: secret\nSubject: x\nCc: dan\n\nTo: not@me\n",
                "-t",
                "eve");
        assertEquals(List.of("eve", "bob", "c@x.test", "secret", "dan"), rig.droppedRecipients());
    }

    @Test
    void noRecipientIsLostForACommaThatLacks() throws Exception {
        for (String to :
                List.of(
                        "bob@x.test dan",
                        "Bob <bob@x.test> Dan <dan>",
                        "bob@x.test\n dan",
                        "bob@x.test;dan")) {
            assertEquals(0, rig.sendmail("To: " + to + "\n\n", "-t").status());
            assertEquals(List.of("bob@x.test", "dan"), taken(), to);
            assertEquals(0, rig.sendmail("\n", to).status());
            assertEquals(List.of("bob@x.test", "dan"), taken(), to);
        }
    }

    @Test
    void whatIsNotTakenAsARecipientIsTold() throws Exception {
        assertEquals(
                new QueueRig.Result(
                        0, "", "sendmail: warning: not taken as a recipient: eve@x.test Bob\n"),
                rig.sendmail("To: eve@x.test Bob <bob@x.test>\n\n", "-t"));
        assertEquals(List.of("bob@x.test"), taken());
        var none = rig.sendmail("x\n", "dan", "(bob@x.test)");
        assertEquals(64, none.status());
        assertTrue(none.err().endsWith(": no address in recipient: (bob@x.test)\n"), none.err());
        assertEquals(List.of(), maildrop());
        var longest = rig.sendmail("To: a,\n" + " b@x.test,\n".repeat(120_000) + "\n", "-t");
        assertEquals(65, longest.status());
        assertTrue(
                longest.err().endsWith(": message header field to is too long\n"), longest.err());
        assertEquals(List.of(), maildrop());
    }

    /// The recipients of the dropped message, which is gone then.
    private List<String> taken() throws Exception {
        List<String> recipients = rig.droppedRecipients();
        Files.delete(maildrop().getFirst());
        return recipients;
    }

    @Test
    void aSenderIsOneAddress() throws Exception {
        assertEquals(
                "sendmail: warning: -f option specified malformed sender: a b\n",
                rig.sendmail("x\n", "-f", "a b", "bob").err());
        assertEquals("", rig.sendmail("x\n", "-f", "A B <a@x.test>", "bob").err());
    }

    @Test
    void resentRecipientsReplaceTheOthers() throws Exception {
        rig.sendmail("To: bob\nResent-To: carol\nResent-Bcc: dan\n\n", "-t");
        assertEquals(List.of("carol", "dan"), rig.droppedRecipients());
    }

    /// The header that cleanup will see is the one that is read for recipients.
    @Test
    void aLineOfBlanksContinuesAField() throws Exception {
        rig.sendmail("To: bob,\n \t\n carol\nCc : dan\n\nBcc: eve\n", "-t");
        assertEquals(List.of("bob", "carol", "dan"), rig.droppedRecipients());
    }

    @Test
    void moreRecipientsThanPickupTakesAreRefused() throws Exception {
        String to = "To: " + "a@x.test, ".repeat(9_999) + "b@x.test\n\n";
        assertEquals(0, rig.sendmail(to, "-t").status());
        assertEquals(10_000, rig.droppedRecipients().size());
        var more = rig.sendmail(to, "-t", "c@x.test");
        assertEquals(65, more.status());
        assertTrue(more.err().contains("too many recipients: at most 10000 are taken"), more.err());
    }

    @Test
    void aMessageToNobodyIsRefused() throws Exception {
        var none = rig.sendmail("Subject: x\n\n", "-t");
        assertEquals(64, none.status());
        assertTrue(none.err().endsWith(": No recipient addresses found in message header\n"));
        assertEquals(64, rig.sendmail("x\n").status());
        assertEquals(List.of(), maildrop());
    }

    @Test
    void aLonelyDotEndsTheMessageUnlessItIsIgnored() throws Exception {
        rig.sendmail("a\n.\nb\n", "bob");
        assertEquals("a\r\n", rig.droppedText());
        for (String option : new String[] {"-i", "-oi"}) {
            for (Path old : maildrop()) {
                Files.delete(old);
            }
            rig.sendmail("a\n.\n..b", option, "bob");
            assertEquals("a\r\n.\r\n..b\r\n", rig.droppedText());
        }
    }

    @Test
    void theTextIsKeptByteForByteButForLineEnds() throws Exception {
        rig.sendmail("From alice Mon Jan 1\nS: \u00e9\0x\r\n\r\nb\r\r\nno end", "-i", "bob");
        assertEquals("S: \u00e9\0x\r\n\r\nb\r\nno end\r\n", rig.droppedText());
    }

    @Test
    void aMessageThatIsTooBigLeavesNothing() throws Exception {
        rig = new QueueRig(dir, "message_size_limit = 1000");
        var result = rig.sendmail("x\n".repeat(2000), "bob");
        assertEquals(65, result.status());
        assertTrue(result.err().endsWith(": message file too big\n"), result.err());
        assertEquals(List.of(), maildrop());
    }

    @Test
    void whoIsNotListedMayNotSubmit() throws Exception {
        rig = new QueueRig(dir, "authorized_submit_users = nobody-else");
        var result = rig.sendmail("x\n", "bob");
        assertEquals(77, result.status());
        assertTrue(result.err().contains(" is not allowed to submit mail"), result.err());
    }

    @Test
    void aSpoolThatIsNotThereIsATemporaryError() throws Exception {
        Files.delete(rig.queue.resolve("maildrop"));
        var result = rig.sendmail("x\n", "bob");
        assertEquals(75, result.status());
        assertTrue(result.err().contains("queue file write error"), result.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-oem -oi", "-oi -f a@x", "-fa@x -F Full", "-odb", "-em", "-B8BITMIME -N never",
                        "-R hdrs -V id1",
                "-v -m -U -n -G", "-Lmail -X /dev/null", "-O DeliveryMode=b", "-bm", "-hx", "-it",
                        "-o7 -i --"
            })
    void optionsOfOldMailSystemsAreUnderstood(String options) throws Exception {
        String[] words = (options + " bob@x.test").split(" ");
        assertEquals(0, rig.sendmail("To: bob@x.test\n\nx\n", words).status());
        assertEquals(List.of("bob@x.test"), rig.droppedRecipients().stream().distinct().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-y bob", "-bz", "-N maybe bob", "-R some bob", "-B 9bit bob", "-f"})
    void otherOptionsAreErrors(String options) {
        var result = rig.sendmail("x\n", options.split(" "));
        assertEquals(64, result.status());
        assertTrue(result.err().startsWith("sendmail: fatal: "), result.err());
    }

    @Test
    void theNullSenderMayBeGiven() throws Exception {
        rig.sendmail("x\n", "-f", "<>", "bob");
        try (var file = rig.dropped()) {
            assertEquals("", file.envelope().sender());
        }
    }

    @Test
    void smtpOnTheStandardStreamsDropsMessages() throws Exception {
        var result =
                rig.sendmail(
                        String.join(
                                "\r\n",
                                "MAIL FROM:<a@x>",
                                "EHLO me",
                                "MAIL FROM:<a@x> RET=HDRS",
                                "RCPT TO:<bob@x.test> NOTIFY=NEVER",
                                "DATA",
                                "Subject: x",
                                "",
                                "..dot",
                                ".",
                                "NOOP",
                                "BOO",
                                "QUIT",
                                ""),
                        "-bs");
        assertEquals(0, result.status());
        String[] replies = result.out().split("\r\n");
        assertEquals("220 mx.test ESMTP Postino", replies[0]);
        assertEquals("503 5.5.1 Error: send HELO/EHLO first", replies[1]);
        assertEquals("250-mx.test", replies[2]);
        assertTrue(
                result.out()
                        .contains(
                                "354 End data with <CR><LF>.<CR><LF>\r\n250 2.0.0 Ok: queued as "));
        assertTrue(result.out().endsWith("221 2.0.0 Bye\r\n"));
        assertEquals("Subject: x\r\n\r\n.dot\r\n", rig.droppedText());
        try (var file = rig.dropped()) {
            assertEquals("HDRS", file.envelope().attribute(Envelope.RET));
            assertEquals("NEVER", file.recipients().getFirst().dsnNotify());
        }
    }

    @Test
    void smtpOnTheStandardStreamsUnderstandsLinesOfShells() throws Exception {
        String input = "HELO me\nMAIL FROM:<a@x>\nRCPT TO:<b@x>\nDATA\nS: x\n\nbody\n.\nQUIT\n";
        var result = rig.sendmail(input, "-bs");
        assertTrue(result.out().endsWith("221 2.0.0 Bye\r\n"), result.out());
        assertEquals("S: x\r\n\r\nbody\r\n", rig.droppedText());
    }

    @Test
    void aClientThatLeavesInTheMiddleOfAMessageLeavesNothing() throws Exception {
        var result =
                rig.sendmail("EHLO me\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\nhalf", "-bs");
        assertEquals(0, result.status());
        assertEquals(List.of(), rig.spool.scan(QueueName.MAILDROP));
        assertEquals(List.of(), maildrop());
    }

    private List<Path> maildrop() throws IOException {
        try (var files = Files.list(rig.queue.resolve("maildrop"))) {
            return files.toList();
        }
    }
}
