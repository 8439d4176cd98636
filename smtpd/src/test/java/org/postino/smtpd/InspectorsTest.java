// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Wire;
import org.postino.message.NewField;
import org.postino.queue.Envelope;
import org.postino.queue.MessageEdit;
import org.postino.smtp.Reply;
import org.postino.smtp.SmtpStage;

/// Who is asked at the stages of a session, in which order, and what becomes of the answers.
final class InspectorsTest {
    private static final Reply NO = Reply.of(550, 5, 7, 1, "not this one");

    @TempDir Path directory;
    private SmtpdStage stage;

    InspectorsTest() {
        stage = new SmtpdStage(Path.of("/nonexistent"));
    }

    @BeforeEach
    void setUp() {
        stage.close();
        stage = new SmtpdStage(directory);
    }

    @AfterEach
    void tearDown() {
        stage.close();
    }

    /// An inspector that notes all it is asked, and answers as it was told.
    private static final class Scripted implements Inspector {
        final List<SmtpStage> asked = new CopyOnWriteArrayList<>();
        final Map<SmtpStage, List<Action>> answers = new ConcurrentHashMap<>();
        final List<String> pieces = new CopyOnWriteArrayList<>();
        volatile boolean closed;

        @Override
        public void inspect(Inspection at) {
            asked.add(at.stage());
            answers.getOrDefault(at.stage(), List.of()).forEach(at::act);
        }

        @Override
        public ContentListener content() {
            pieces.clear();
            return (bytes, from, length) ->
                    pieces.add(new String(bytes, from, length, StandardCharsets.ISO_8859_1));
        }

        String seen() {
            return String.join("", pieces);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private Scripted inspector() {
        var inspector = new Scripted();
        stage.inspectors.add((_, _) -> inspector);
        return inspector;
    }

    private static final String LETTER = "Subject: hello\r\n there\r\n\r\nbody\r\n.\r\n";

    /// Sends one message; the last reply.
    private String send(String content) throws IOException {
        try (var wire = new Wire(stage.connect())) {
            var replies = new ArrayList<String>();
            replies.add(String.valueOf(wire.line()));
            for (String command :
                    List.of(
                            "HELO client.test",
                            "MAIL FROM:<a@b.test>",
                            "RCPT TO:<bob@local.test>",
                            "DATA")) {
                replies.add(String.valueOf(wire.ask(command)));
                if (replies.getLast().charAt(0) > '3') {
                    return replies.getLast();
                }
            }
            wire.send(content);
            String reply = String.valueOf(wire.line());
            assertEquals("221 2.0.0 Bye", wire.ask("QUIT"));
            return reply;
        }
    }

    private static final List<SmtpStage> OF_A_MESSAGE =
            Stream.of(SmtpStage.values()).filter(s -> s != SmtpStage.ETRN).toList();

    @Test
    void eachStageIsAskedOnceInOrder() throws IOException {
        var inspector = inspector();
        assertTrue(send(LETTER).startsWith("250 2.0.0"));
        assertEquals(OF_A_MESSAGE, inspector.asked);
        assertEquals("Subject: hello\r\n there\r\n\r\nbody\r\n", inspector.seen());
        assertEquals(inspector.seen(), stage.queue.messages.getFirst().text());
        Await.until("closed", () -> inspector.closed);
    }

    @Test
    void aHeaderEndsWithTheContentAtLatest() throws IOException {
        var inspector = inspector();
        assertTrue(send("Subject: nothing else\r\n.\r\n").startsWith("250 2.0.0"));
        assertEquals(OF_A_MESSAGE, inspector.asked);
    }

    @Test
    void aRefusalIsTheReplyAtEachStage() throws IOException {
        for (SmtpStage at :
                List.of(
                        SmtpStage.HELO,
                        SmtpStage.MAIL,
                        SmtpStage.RCPT,
                        SmtpStage.DATA,
                        SmtpStage.END_OF_HEADER,
                        SmtpStage.END_OF_MESSAGE)) {
            setUp();
            var inspector = inspector();
            inspector.answers.put(at, List.of(new Action.Refuse(NO)));
            assertEquals("550 5.7.1 not this one", send(LETTER), at.word());
            assertEquals(at, inspector.asked.getLast());
            assertEquals(List.of(), stage.queue.messages);
            stage.awaitLog("reject: " + at.word() + " from localhost[127.0.0.1]: 550 5.7.1 not");
        }
    }

    @Test
    void afterARefusedHeaderNobodyGetsTheBody() throws IOException {
        var refusing = inspector();
        var other = inspector();
        refusing.answers.put(SmtpStage.END_OF_HEADER, List.of(new Action.Refuse(NO)));
        assertEquals("550 5.7.1 not this one", send(LETTER));
        assertEquals("Subject: hello\r\n there\r\n\r\n", other.seen());
        assertFalse(other.asked.contains(SmtpStage.END_OF_HEADER));
    }

    @Test
    void nobodyIsAskedAboutWhatTheRestrictionsRefuse() throws IOException {
        stage.param("smtpd_sender_restrictions", "check_sender_access inline:{a@b.test=REJECT}");
        var inspector = inspector();
        assertTrue(send(LETTER).startsWith("554 5.7.1"));
        assertEquals(List.of(SmtpStage.CONNECT, SmtpStage.HELO, SmtpStage.MAIL), inspector.asked);
    }

    @Test
    void everyAnswerIsCarriedOut() throws IOException {
        var inspector = inspector();
        inspector.answers.put(
                SmtpStage.RCPT,
                List.of(
                        new Action.Hold("look at it"),
                        new Action.Hold("look at it"),
                        new Action.Redirect("trap@local.test", "to the trap"),
                        new Action.Prepend("X-Seen: yes"),
                        new Action.Note("a word"),
                        new Action.Warn("another")));
        assertTrue(send(LETTER).startsWith("250 2.0.0"));
        var message = stage.queue.messages.getFirst();
        assertEquals(Envelope.YES, message.envelope().attribute(Envelope.HOLD));
        assertEquals(List.of("trap@local.test"), message.recipients());
        assertTrue(message.content().startsWith("X-Seen: yes\r\nReceived: "));
        stage.awaitLog("hold: RCPT from localhost[127.0.0.1]: look at it;");
        stage.awaitLog("redirect: RCPT from localhost[127.0.0.1]: to the trap;");
        stage.awaitLog("info: RCPT from localhost[127.0.0.1]: a word;");
        stage.awaitLog("warn: RCPT from localhost[127.0.0.1]: another;");
        assertEquals(1, stage.log().stream().filter(l -> l.contains(" hold: ")).count());
    }

    /// What Postfix 3.11 does: what happens to the whole message already is not logged for each recipient.
    @Test
    void aMessageIsHeldOrDiscardedOnceInTheLog() throws IOException {
        inspector()
                .answers
                .put(
                        SmtpStage.RCPT,
                        List.of(new Action.Hold("look at it"), new Action.Discard("away")));
        try (var wire = new Wire(stage.connect())) {
            wire.linesTo("220 ");
            for (String command :
                    List.of(
                            "HELO client.test",
                            "MAIL FROM:<a@b.test>",
                            "RCPT TO:<bob@local.test>",
                            "RCPT TO:<alice@local.test>",
                            "RSET",
                            "MAIL FROM:<a@b.test>",
                            "RCPT TO:<bob@local.test>")) {
                assertEquals("250", String.valueOf(wire.ask(command)).substring(0, 3), command);
            }
        }
        stage.awaitLog("disconnect from ");
        for (String what : List.of(" hold: ", " discard: ")) {
            assertEquals(2, stage.log().stream().filter(l -> l.contains(what)).count(), what);
        }
    }

    /// An inspector often knows only at the end what shall become of a message.
    @Test
    void everyAnswerIsCarriedOutAtTheEndOfTheMessageToo() throws IOException {
        var inspector = inspector();
        var subject = new MessageEdit.ChangeField(1, NewField.of("Subject", "[SPAM] hello"));
        inspector.answers.put(
                SmtpStage.END_OF_MESSAGE,
                List.of(
                        new Action.Quarantine("a virus"),
                        new Action.Quarantine("and another"),
                        new Action.Filter("scan:[127.0.0.1]:10024", "scan it"),
                        new Action.Redirect("trap@local.test", "to the trap"),
                        new Action.Edit(subject),
                        new Action.Edit(new MessageEdit.NewBody()),
                        new Action.Prepend("X-Seen:  yes")));
        assertTrue(send(LETTER).startsWith("250 2.0.0"));
        var message = stage.queue.messages.getFirst();
        assertEquals(List.of("trap@local.test"), message.recipients());
        assertEquals(Envelope.YES, message.envelope().attribute(Envelope.HOLD));
        assertEquals("a virus", message.envelope().attribute(Envelope.QUARANTINE));
        assertEquals("scan:[127.0.0.1]:10024", message.envelope().attribute(Envelope.FILTER));
        assertEquals(
                List.of(
                        subject,
                        new MessageEdit.NewBody(),
                        MessageEdit.prepend(NewField.of("X-Seen", "yes"))),
                stage.queue.edits);
        stage.awaitLog("quarantine: END-OF-MESSAGE from localhost[127.0.0.1]: a virus;");
        stage.awaitLog("filter: END-OF-MESSAGE from localhost[127.0.0.1]: scan it;");
    }

    /// The last list has the same actions as all others.
    @Test
    void whatAnAccessTableSaysAtTheEndIsCarriedOut() throws IOException {
        Map.of(
                        "HOLD", "yes [bob@local.test] []",
                        "REDIRECT c@local.test", " [c@local.test] []",
                        "BCC c@local.test", " [bob@local.test, c@local.test] []",
                        "FILTER scan:", " [bob@local.test] [scan:]")
                .forEach((action, expected) -> assertEquals(expected, outcome(action), action));
        assertEquals(" [bob@local.test] []", outcome("PREPEND X-Seen: yes"));
        assertEquals(List.of(MessageEdit.prepend(NewField.of("X-Seen", "yes"))), stage.queue.edits);
    }

    /// What becomes of a message with that action for its sender: hold, recipients, filter.
    private String outcome(String action) {
        setUp();
        stage.param(
                "smtpd_end_of_data_restrictions",
                "check_sender_access inline:{{a@b.test=" + action + "}}");
        try {
            assertTrue(send(LETTER).startsWith("250 2.0.0"), action);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var message = stage.queue.messages.getFirst();
        return message.envelope().attribute(Envelope.HOLD)
                + " "
                + message.recipients()
                + " ["
                + message.envelope().attribute(Envelope.FILTER)
                + "]";
    }

    @Test
    void allMailGoesThroughTheContentFilterUnlessAnotherIsAskedFor() throws IOException {
        stage.param("content_filter", "scan:[127.0.0.1]:10024");
        assertTrue(send(LETTER).startsWith("250 2.0.0"));
        var first = stage.queue.messages.getFirst();
        assertEquals("scan:[127.0.0.1]:10024", first.envelope().attribute(Envelope.FILTER));
        setUp();
        stage.param("content_filter", "scan:[127.0.0.1]:10024");
        var inspector = inspector();
        inspector.answers.put(SmtpStage.RCPT, List.of(new Action.Filter("other:", "why")));
        assertTrue(send(LETTER).startsWith("250 2.0.0"));
        var second = stage.queue.messages.getFirst();
        assertEquals("other:", second.envelope().attribute(Envelope.FILTER));
    }

    @Test
    void anEarlyEditWaitsForTheContent() throws IOException {
        var inspector = inspector();
        var field = MessageEdit.prepend(NewField.of("Received-SPF", "none"));
        inspector.answers.put(SmtpStage.CONNECT, List.of(new Action.Edit(field)));
        assertTrue(send(LETTER).startsWith("250 2.0.0"));
        assertEquals(List.of(field), stage.queue.edits);
        inspector.answers.put(SmtpStage.END_OF_MESSAGE, List.of(new Action.Refuse(NO)));
        assertEquals("550 5.7.1 not this one", send(LETTER));
        assertEquals(1, stage.queue.messages.size());
    }

    /// An inspector that asks for too much has lost its mind, and not the message.
    @Test
    void editsThatWaitAreBounded() throws IOException {
        var inspector = inspector();
        var field = new Action.Edit(new MessageEdit.AddField(NewField.of("X", "y")));
        inspector.answers.put(SmtpStage.RCPT, Collections.nCopies(10_000, field));
        assertTrue(send(LETTER).startsWith("250 2.0.0"));
        assertEquals(1000, stage.queue.edits.size());
    }

    @Test
    void eachCopyThatIsAskedForIsSent() throws IOException {
        var inspector = inspector();
        inspector.answers.put(
                SmtpStage.MAIL, List.of(new Action.Bcc("archive@local.test", "a copy")));
        inspector.answers.put(
                SmtpStage.RCPT,
                List.of(
                        new Action.Bcc("legal@local.test", "a copy"),
                        new Action.Bcc("archive@local.test", "again")));
        assertTrue(send(LETTER).startsWith("250 2.0.0"));
        assertEquals(
                List.of("bob@local.test", "archive@local.test", "legal@local.test"),
                stage.queue.messages.getFirst().recipients());
    }

    @Test
    void copiesAreBounded() throws IOException {
        var inspector = inspector();
        List<Action> many =
                IntStream.range(0, 200)
                        .<Action>mapToObj(i -> new Action.Bcc("c" + i + "@local.test", "a copy"))
                        .toList();
        inspector.answers.put(SmtpStage.RCPT, many);
        assertTrue(send(LETTER).startsWith("250 2.0.0"));
        assertEquals(101, stage.queue.messages.getFirst().recipients().size());
        stage.awaitLog("too many BCC actions for a message: c199@local.test gets no copy");
    }

    @Test
    void aCopyGoesToOneMoreAndADiscardedMessageNowhere() throws IOException {
        var inspector = inspector();
        inspector.answers.put(
                SmtpStage.DATA, List.of(new Action.Bcc("archive@local.test", "a copy")));
        assertTrue(send(LETTER).startsWith("250 2.0.0"));
        assertEquals(
                List.of("bob@local.test", "archive@local.test"),
                stage.queue.messages.getFirst().recipients());
        inspector.answers.put(SmtpStage.END_OF_MESSAGE, List.of(new Action.Discard("no use")));
        assertTrue(send(LETTER).startsWith("250 2.0.0"));
        assertEquals(1, stage.queue.messages.size());
    }
}
