// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postino.kit.Await;
import org.postino.kit.Wire;
import org.postino.queue.Envelope;
import org.postino.smtp.Reply;
import org.postino.smtp.Verb;

/// What conversation files cannot see: what reaches the queue, and what happens when something breaks.
final class SessionTest {
    @TempDir Path directory;
    private SmtpdStage stage;
    private @Nullable Wire wire;

    SessionTest() {
        stage = new SmtpdStage(Path.of("/nonexistent"));
    }

    @BeforeEach
    void setUp() {
        stage.close();
        stage = new SmtpdStage(directory);
    }

    @AfterEach
    void tearDown() throws IOException {
        if (wire != null) {
            wire.close();
        }
        stage.close();
    }

    private Wire connect() throws IOException {
        var fresh = new Wire(stage.connect());
        wire = fresh;
        assertEquals("220 mx.test ESMTP Postino", fresh.line());
        return fresh;
    }

    /// Sends commands, each of which must get a reply with this start.
    private static void say(Wire wire, String... commandsAndReplies) throws IOException {
        for (int i = 0; i < commandsAndReplies.length; i += 2) {
            String command = commandsAndReplies[i];
            String reply = wire.ask(command);
            while (reply != null && reply.startsWith("250-")) {
                reply = wire.line();
            }
            String expected = commandsAndReplies[i + 1];
            assertTrue(reply != null && reply.startsWith(expected), command + " -> " + reply);
        }
    }

    private static void begin(Wire wire) throws IOException {
        say(
                wire,
                "EHLO client.test",
                "250",
                "MAIL FROM:<a@b.test>",
                "250",
                "RCPT TO:<bob@local.test>",
                "250");
    }

    @Test
    void receivedSaysNothingOfAClientThatShallBeHidden() throws IOException {
        stage.param("smtpd_hide_client_session", "yes");
        Wire wire = connect();
        begin(wire);
        say(wire, "DATA", "354", "Subject: x\r\n.", "250 2.0.0");
        String content = stage.queue.messages.getFirst().content();
        assertTrue(
                content.startsWith(
                        "Received: by mx.test (Postino) id ABC001\r\n\tfor <bob@local.test>; "),
                content);
    }

    @Test
    void contentReachesTheQueueCleanAndMarkedAsReceived() throws IOException {
        Wire wire = connect();
        begin(wire);
        say(wire, "DATA", "354");
        wire.send("Subject: x\r\n\r\n..dot\none\n.\ntwo\rthree\r\n.\nfour\r\n.\r\n");
        assertEquals("250 2.0.0 Ok: queued as ABC001", wire.line());
        var message = stage.queue.messages.getFirst();
        assertEquals(List.of("bob@local.test"), message.recipients());
        assertEquals("a@b.test", message.envelope().sender());
        assertEquals("client.test", message.envelope().attribute(Envelope.HELO_NAME));
        assertEquals("127.0.0.1", message.envelope().attribute(Envelope.CLIENT_ADDRESS));
        assertEquals("ESMTP", message.envelope().attribute(Envelope.PROTOCOL_NAME));
        assertEquals(12, message.envelope().trace().length());
        assertTrue(
                message.content()
                        .startsWith(
                                String.join(
                                        "\r\n\t",
                                        "Received: from client.test (localhost [127.0.0.1])",
                                        "by mx.test (Postino) with ESMTP id ABC001",
                                        "for <bob@local.test>; ")),
                message.content());
        assertEquals(
                "Subject: x\r\n\r\n.dot\r\none\r\n.\r\ntwo three\r\n\r\nfour\r\n", message.text());
    }

    @Test
    void severalRecipientsDoNotLearnOfEachOther() throws IOException {
        Wire wire = connect();
        begin(wire);
        say(wire, "RCPT TO:<alice@local.test>", "250", "DATA", "354", ".", "250");
        String content = stage.queue.messages.getFirst().content();
        assertFalse(content.contains("for <"), content);
        assertTrue(content.contains(" with ESMTP id ABC001;\r\n\t"), content);
    }

    @Test
    void deliveryStatusParametersReachTheQueue() throws IOException {
        Wire wire = connect();
        say(
                wire,
                "EHLO x",
                "250",
                "MAIL FROM:<a@b.test> RET=HDRS ENVID=id+2B1 BODY=8BITMIME",
                "250",
                "RCPT TO:<bob@local.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;bob+2Bx@b.test",
                "250",
                "DATA",
                "354",
                ".",
                "250");
        var message = stage.queue.messages.getFirst();
        assertEquals("HDRS", message.envelope().attribute(Envelope.RET));
        assertEquals("id+2B1", message.envelope().attribute(Envelope.ENVID));
        assertEquals("8bit", message.envelope().attribute(Envelope.ENCODING));
        assertEquals(
                List.of("bob@local.test notify=SUCCESS,FAILURE orcpt=rfc822;bob+2Bx@b.test"),
                message.recipients());
    }

    @Test
    void chunksArriveAsOneCleanText() throws IOException {
        Wire wire = connect();
        begin(wire);
        wire.send("BDAT 6\r\n.\r\nab\r");
        assertEquals("250 2.0.0 Ok: 6 bytes", wire.line());
        wire.send("BDAT 7\r\n\n..\nc\rd");
        assertEquals("250 2.0.0 Ok: 7 bytes", wire.line());
        wire.send("BDAT 0 LAST\r\n");
        assertEquals("250 2.0.0 Ok: 16 bytes queued as ABC001", wire.line());
        assertEquals(".\r\nab\r\n..\r\nc d\r\n", stage.queue.messages.getFirst().text());
    }

    @ParameterizedTest
    @EnumSource(FakeQueue.Fault.class)
    void aDeadCleanupIsATemporaryFailureAndTheSessionGoesOn(FakeQueue.Fault fault)
            throws IOException {
        Wire wire = connect();
        say(wire, "EHLO x", "250", "MAIL FROM:<a@b.test>", "250");
        stage.queue.fault = fault;
        boolean atOpen = fault == FakeQueue.Fault.OPEN;
        String no = "451 4.3.0 Error: queue file write error";
        say(wire, "RCPT TO:<bob@local.test>", atOpen ? no : "250");
        if (fault == FakeQueue.Fault.HEAD) {
            say(wire, "DATA", no);
        } else if (!atOpen) {
            say(wire, "DATA", "354");
            wire.send("x".repeat(2000) + "\r\n" + "y\r\n".repeat(20_000) + ".\r\n");
            String reply = String.valueOf(wire.line());
            assertTrue(reply.startsWith(fault == FakeQueue.Fault.NONE ? "250" : no), reply);
        }
        stage.queue.fault = FakeQueue.Fault.NONE;
        say(wire, "RSET", "250");
        assertEquals(0, fault == FakeQueue.Fault.FINISH ? 0 : stage.queue.open.get());
        begin(wire);
        say(wire, "DATA", "354", ".", "250 2.0.0 Ok: queued as", "QUIT", "221");
    }

    @Test
    void whatCleanupRefusesIsRefusedInItsWords() throws IOException {
        stage.queue.refusal = Reply.of(554, 5, 4, 6, "Error: too many hops");
        Wire wire = connect();
        begin(wire);
        say(wire, "DATA", "354", ".", "554 5.4.6 Error: too many hops", "NOOP", "250");
    }

    @Test
    void aClientThatVanishesLeavesNothingBehind() throws IOException {
        Wire wire = connect();
        begin(wire);
        say(wire, "DATA", "354");
        wire.send("Subject: x\r\n\r\nhi\r\n");
        wire.close();
        stage.awaitLog("ABC001: lost connection after DATA (18 bytes) from localhost[127.0.0.1]");
        stage.awaitLog(
                "disconnect from localhost[127.0.0.1] ehlo=1 mail=1 rcpt=1 data=0/1 commands=3/4");
        Await.until("submission closed", () -> stage.queue.open.get() == 0);
        assertTrue(stage.queue.messages.isEmpty());
    }

    @Test
    void aClientThatTricklesIsSentAway() throws IOException {
        stage.param("smtpd_timeout", "1");
        Wire wire = connect();
        var sender =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                while (!Thread.interrupted()) {
                                    wire.send("N");
                                    LockSupport.parkNanos(50_000_000);
                                }
                            } catch (IOException e) {
                                // it was closed, as it should be
                            }
                        });
        assertEquals("421 4.4.2 mx.test Error: timeout exceeded", wire.line());
        assertNull(wire.line());
        sender.interrupt();
    }

    @Test
    void accessTablesChangeWhatIsQueued() throws IOException {
        stage.param(
                "smtpd_sender_restrictions",
                "check_sender_access inline:{ {pre@b.test=PREPEND X-Seen: yes}"
                        + " {bcc@b.test=BCC copy@local.test} {red@b.test=REDIRECT alice@local.test}"
                        + " {hold@b.test=HOLD} {gone@b.test=DISCARD} }");
        stage.param("smtpd_data_restrictions", "check_sender_access inline:{late@b.test=HOLD}");
        Wire wire = connect();
        say(wire, "HELO x", "250");
        for (String sender : List.of("pre", "bcc", "red", "hold", "late", "gone")) {
            say(
                    wire,
                    "MAIL FROM:<" + sender + "@b.test>",
                    "250",
                    "RCPT TO:<bob@local.test>",
                    "250",
                    "DATA",
                    "354",
                    ".",
                    "250 2.0.0 Ok: queued as ");
        }
        var got = stage.queue.messages;
        assertEquals(5, got.size());
        assertTrue(got.get(0).content().startsWith("X-Seen: yes\r\nReceived: from x ("));
        assertEquals(List.of("bob@local.test", "copy@local.test"), got.get(1).recipients());
        assertEquals(List.of("alice@local.test"), got.get(2).recipients());
        assertEquals("", got.get(2).envelope().attribute(Envelope.HOLD));
        assertEquals(Envelope.YES, got.get(3).envelope().attribute(Envelope.HOLD));
        assertEquals(Envelope.YES, got.get(4).envelope().attribute(Envelope.HOLD));
        assertEquals(0, stage.queue.open.get());
        stage.awaitLog(": discard: RCPT from localhost[127.0.0.1]: <gone@b.test>: Sender address");
    }

    @Test
    void aHelloNameCannotForgeHeaderOrLog() throws IOException {
        Wire wire = connect();
        wire.send("HELO x) by y (\r\tz;<>\"\u001b[2J\r\n");
        assertEquals("250 mx.test", wire.line());
        say(wire, "MAIL FROM:<a@b.test>", "250", "RCPT TO:<nobody@local.test>", "550");
        say(wire, "RCPT TO:<bob@local.test>", "250", "DATA", "354", ".", "250");
        String content = stage.queue.messages.getFirst().content();
        assertTrue(
                content.startsWith("Received: from x??by?y????z?????[2J (localhost [127.0.0.1])"),
                content);
        for (String line : stage.log()) {
            assertTrue(line.chars().noneMatch(c -> c < ' '), line);
        }
    }

    @Test
    void aClientHasOnlySoManySessions() throws IOException {
        stage.param("smtpd_client_connection_count_limit", "1");
        connect();
        try (var second = new Wire(stage.connect())) {
            assertEquals(
                    "421 4.7.0 mx.test Error: too many connections from 127.0.0.1", second.line());
            assertNull(second.line());
        }
        stage.awaitLog(
                "warning: Connection concurrency limit exceeded: 2 from localhost[127.0.0.1] for"
                        + " service smtp");
    }

    @Test
    void ratesAreLimited() throws IOException {
        stage.param("smtpd_client_message_rate_limit", "1");
        Wire wire = connect();
        say(wire, "HELO x", "250", "MAIL FROM:<a@b.test>", "250", "RSET", "250");
        say(wire, "MAIL FROM:<a@b.test>", "450 4.7.1 Error: too much mail from 127.0.0.1");
        stage.awaitLog("Message delivery request rate limit exceeded: 2 from localhost[127.0.0.1]");
    }

    @Test
    void anUnreachableAuthHidesAuthAndNothingElse() throws IOException {
        stage.param("smtpd_sasl_auth_enable", "yes");
        stage.auth.reachable = false;
        Wire wire = connect();
        wire.send("EHLO x\r\n");
        assertFalse(wire.linesTo("250 CHUNKING").contains("AUTH"));
        say(wire, "AUTH PLAIN AGJvYgBwdw==", "454 4.7.0 Temporary authentication failure");
        begin(wire);
    }

    @Test
    void aStoppedDaemonSaysGoodbye() throws IOException {
        Wire wire = connect();
        say(wire, "HELO x", "250");
        var server = stage.server();
        Thread.ofVirtual().start(server::close);
        assertEquals("421 4.3.2 mx.test Service shutting down", wire.line());
    }

    @Test
    void recipientsMayNotFillTheMemory() throws IOException {
        stage.param("smtpd_recipient_limit", "100000");
        Wire wire = connect();
        say(wire, "HELO x", "250", "MAIL FROM:<a@b.test>", "250");
        String last = "";
        int accepted = 0;
        while (!last.startsWith("452 4.5.3 Error: too many recipients")) {
            last = String.valueOf(wire.ask("RCPT TO:<bob+" + "x".repeat(500) + "@local.test>"));
            accepted++;
        }
        assertTrue(accepted > 400 && accepted < 600, "accepted " + accepted);
        assertEquals(
                "501 5.1.3 Bad recipient address syntax",
                wire.ask("RCPT TO:<bob+" + "x".repeat(512) + "@local.test>"));
    }

    @Test
    void rubbishNeverMakesASessionFail() throws IOException {
        stage.param("smtpd_hard_error_limit", "1000");
        stage.param("smtpd_forbid_unauth_pipelining", "no");
        stage.param("smtpd_sasl_auth_enable", "yes");
        stage.param("message_size_limit", "3000");
        String[] parts = {
            "EHLO x",
            "HELO",
            "MAIL FROM:",
            "RCPT TO:",
            "<a@b.test>",
            "<bob@local.test>",
            " SIZE=9",
            "DATA",
            "BDAT 7",
            "BDAT 3 LAST",
            "RSET",
            "VRFY ",
            "AUTH PLAIN",
            "AUTH LOGIN",
            " AGEAYg==",
            "\r\n",
            "\r\n",
            "\r\n",
            "\n",
            ".\r\n",
            "\r",
            "\0",
            "\"",
            "\\",
            "<",
            ">",
            "@",
            ":",
            " ",
            "\u00c3\u00a9",
            "\u00ff",
            "NOOP",
            "*",
            "=",
            "QUIT\r\n",
            "STARTTLS",
            "[IPv6:",
            "x".repeat(700)
        };
        var random = new Random(20);
        for (int n = 0; n < 150; n++) {
            try (var wire = new Wire(stage.connect())) {
                var text = new StringBuilder("EHLO x\r\n");
                for (int i = random.nextInt(60); i >= 0; i--) {
                    text.append(parts[random.nextInt(parts.length)]);
                }
                wire.send(text.toString());
                wire.socket().shutdownOutput();
                for (String line = wire.line(); line != null; line = wire.line()) {
                    assertTrue(line.matches("[2345]\\d\\d[ -].*"), line);
                }
            }
        }
        Await.until("sessions ended", () -> stage.server().sessions() == 0);
        assertEquals(0, stage.queue.open.get());
        assertTrue(
                stage.log().stream().noneMatch(l -> l.startsWith("panic")), stage.log()::toString);
    }

    @Test
    void everyVerbIsAnsweredWithOneReply() throws IOException {
        stage.param("smtpd_hard_error_limit", "1000");
        Wire wire = connect();
        for (var verb : Verb.values()) {
            if (verb != Verb.QUIT && verb != Verb.BDAT) {
                say(wire, verb.name().toLowerCase(Locale.ROOT), "");
            }
        }
        say(wire, "NOOP", "250");
    }
}
