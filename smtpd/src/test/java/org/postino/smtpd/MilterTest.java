// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.kit.Await;
import org.postino.kit.FakeMilter;
import org.postino.kit.FreePort;
import org.postino.kit.Wire;
import org.postino.message.NewField;
import org.postino.queue.Envelope;
import org.postino.queue.MessageEdit;

/// What milters are told, what becomes of their answers, and what of none.
final class MilterTest {
    private static final String[] MESSAGE = {
        "EHLO client.test",
        "MAIL FROM:<a@b.test> SIZE=100",
        "RCPT TO:<bob@local.test>",
        "DATA",
        "Subject: s\r\nX-Folded: a\r\n b\r\n\r\nbody\r\n."
    };

    @TempDir Path directory;
    private @Nullable SmtpdStage opened;
    private @Nullable FakeMilter filter;

    @BeforeEach
    void setUp() throws IOException {
        opened = new SmtpdStage(directory);
        filter = new FakeMilter();
        stage().param("smtpd_milters", milter().place());
        stage().param("milter_default_action", "tempfail");
    }

    @AfterEach
    void tearDown() throws IOException {
        stage().close();
        milter().close();
    }

    private SmtpdStage stage() {
        return Objects.requireNonNull(opened);
    }

    private FakeMilter milter() {
        return Objects.requireNonNull(filter);
    }

    private List<String> say(String... commands) throws IOException {
        try (var wire = new Wire(stage().connect())) {
            var replies = new ArrayList<String>();
            replies.add(String.valueOf(wire.line()));
            for (String command : commands) {
                wire.send(command + "\r\n");
                String line = String.valueOf(wire.line());
                while (line.length() > 3 && line.charAt(3) == '-') {
                    line = String.valueOf(wire.line());
                }
                replies.add(line);
            }
            return replies;
        }
    }

    /// The events of a session, when it has ended.
    private List<String> events() {
        Await.until("QUIT", () -> milter().events.contains("Q "));
        return milter().events;
    }

    @Test
    void aMilterIsToldOfAllThatHappens() throws IOException {
        stage().param("milter_helo_macros", "{client_addr} {client_ptr} v");
        stage().param("milter_macro_defaults", "{mine=a b}, auth_type=none");
        stage().param("milter_mail_macros", "i {auth_type} {mine} {mail_addr} {mail_mailer}");
        var replies = say(MESSAGE);
        assertTrue(replies.getLast().startsWith("250 2.0.0 Ok: queued as"), replies.toString());
        var events = new ArrayList<>(events());
        assertTrue(events.removeFirst().matches("C localhost\\|4..127.0.0.1\\|"), events::toString);
        assertEquals(
                List.of(
                        "H client.test|",
                        "M <a@b.test>|SIZE=100|",
                        "R <bob@local.test>|",
                        "T ",
                        "L Subject|s|",
                        "L X-Folded|a\n b|",
                        "N ",
                        "B body\r\n",
                        "E ",
                        "A ",
                        "Q "),
                events);
        String id = stage().queue.messages.getFirst().id().text();
        assertTrue(milter().macros.getFirst().startsWith("Cj|mx.test|{daemon_name}|mx.test|"));
        assertEquals(
                List.of(
                        "H{client_addr}|127.0.0.1|{client_ptr}|localhost|v|Postino 0.1.0|",
                        "M{auth_type}|none|{mine}|a b|{mail_addr}|a@b.test|{mail_mailer}|smtp|",
                        "R{rcpt_addr}|bob@local.test|{rcpt_host}|mx.test|{rcpt_mailer}|local|",
                        "Ti|" + id + "|",
                        "Li|" + id + "|",
                        "Li|" + id + "|",
                        "Ni|" + id + "|",
                        "Bi|" + id + "|",
                        "Ei|" + id + "|"),
                milter().macros.subList(1, milter().macros.size()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    # event; answer; number of the reply; the reply
                    C; r; 0; 554 mx.test ESMTP not accepting connections
                    C; t; 2; 451 4.7.1 Service unavailable - try again later
                    C; 4; 0; 421 4.7.0 Server closing connection
                    C; f; 0; 421 4.7.0 Server closing connection
                    C; d; 2; 451 4.7.1 Service unavailable - try again later
                    H; r; 2; 550 5.7.1 Command rejected
                    H; y550 5.7.9 no %% helo|; 2; 550 5.7.9 no % helo
                    M; r; 2; 550 5.7.1 Command rejected
                    M; y451 4.7.1 greylisted|; 2; 451 4.7.1 greylisted
                    R; t; 3; 451 4.7.1 Service unavailable - try again later
                    R; y554 no status|; 3; 554 no status
                    R; y250 2.0.0 Ok|; 3; 451 4.7.1 Service unavailable - try again later
                    T; r; 4; 550 5.7.1 Command rejected
                    L; r; 5; 550 5.7.1 Command rejected
                    N; t; 5; 451 4.7.1 Service unavailable - try again later
                    B; r; 5; 550 5.7.1 Command rejected
                    E; r; 5; 550 5.7.1 Command rejected
                    E; y550-5.7.1 a/550 5.7.1 b|; 5; 550 5.7.1 b
                    E; 4; 5; 421 4.7.0 Server closing connection
                    E; z; 5; 451 4.7.1 Service unavailable - try again later
                    B; s; 5; 451 4.7.1 Service unavailable - try again later
                    """)
    void anAnswerBecomesAReply(char event, String answer, int at, String reply) throws IOException {
        milter().on(event, answer.replace('|', '\0').replace("/", "\r\n"));
        var replies = say(Arrays.copyOf(MESSAGE, at));
        assertEquals(reply, replies.get(at));
        assertTrue(stage().queue.messages.isEmpty());
        stage().awaitLog(at < 4 ? "NOQUEUE: milter-reject: " : ": milter-reject: ");
    }

    @Test
    void refusalsOfTheClientAreLoggedWhereTheyAreMade() throws IOException {
        milter().on('H', "t");
        var replies = say(Arrays.copyOf(MESSAGE, 2));
        assertTrue(replies.get(1).startsWith("250 "));
        assertEquals("451 4.7.1 Service unavailable - try again later", replies.get(2));
        for (String stage : List.of("EHLO", "MAIL")) {
            stage().awaitLog(
                            "NOQUEUE: milter-reject: "
                                    + stage
                                    + " from localhost[127.0.0.1]: 451 4.7.1 Service unavailable");
        }
    }

    @ParameterizedTest
    @CsvSource({"M, d", "R, d", "T, d", "E, d"})
    void aMessageIsThrownAway(char event, String answer) throws IOException {
        milter().on(event, answer);
        assertTrue(say(MESSAGE).getLast().startsWith("250 2.0.0 Ok: queued as"));
        assertTrue(stage().queue.messages.isEmpty());
        stage().awaitLog(": milter-discard: ");
    }

    /// As Postfix 3.7 does it.
    @Test
    void aMessageWithoutRecipientsIsThrownAway() throws IOException {
        milter().on('E', "-<bob@local.test>\0", "c");
        assertTrue(say(MESSAGE).getLast().startsWith("250 2.0.0 Ok: queued as"));
        assertTrue(stage().queue.messages.isEmpty());
        stage().awaitLog(
                        ": milter-discard: END-OF-MESSAGE from localhost[127.0.0.1]: milter removes");
    }

    @ParameterizedTest
    @CsvSource({"C, 1", "H, 2", "M, 3", "R, 4", "T, 5", "N, 8"})
    void whoAcceptsHearsNoMore(char event, int heard) throws IOException {
        milter().on(event, "a");
        assertTrue(say(MESSAGE).getLast().startsWith("250 2.0.0 Ok: queued as"));
        assertEquals(heard, events().stream().filter(e -> !"A Q ".contains(e)).count());
    }

    @Test
    void editsGoToCleanup() throws IOException {
        milter().on(
                        'E',
                        FakeMilter.field('i', 0, "X-Front", "f"),
                        "hX-Back\0b\n\tc\0",
                        FakeMilter.field('m', 1, "Received", "r"),
                        FakeMilter.field('m', 2, "Subject", ""),
                        "+new@local.test\0",
                        "2<more@local.test>\0NOTIFY=NEVER\0",
                        "-bob@local.test\0",
                        "e<c@d.test>\0RET=HDRS\0",
                        "p",
                        "bnew body\r\n",
                        "bmore",
                        "c");
        assertTrue(say(MESSAGE).getLast().startsWith("250 2.0.0 Ok: queued as"));
        assertEquals(
                List.of(
                        "NewBody[]",
                        "new body\r\n",
                        "more",
                        text(new MessageEdit.InsertField(0, new NewField("X-Front", " f"))),
                        text(new MessageEdit.AddField(new NewField("X-Back", " b\n\tc"))),
                        text(new MessageEdit.ChangeField(2, new NewField("Received", " r"))),
                        text(new MessageEdit.DeleteField(2, "Subject"))),
                stage().queue.edits.stream().map(MilterTest::shown).toList());
        var message = stage().queue.messages.getFirst();
        assertEquals(
                List.of("new@local.test", "more@local.test notify=NEVER"), message.recipients());
        assertEquals("c@d.test", message.envelope().attribute(Envelope.NEW_SENDER));
        assertEquals("HDRS", message.envelope().attribute(Envelope.RET));
    }

    private static String text(MessageEdit edit) {
        return new MessageEdit.OfMilter(edit).toString();
    }

    private static String shown(MessageEdit edit) {
        return edit instanceof MessageEdit.BodyPart(byte[] bytes)
                ? new String(bytes, StandardCharsets.ISO_8859_1)
                : edit.toString();
    }

    @Test
    void aNewBodyKeepsTheLimitOfMessages() throws IOException {
        stage().param("message_size_limit", "200000");
        String part = "b" + "x".repeat(60_000);
        milter().on('E', part, part, part, "c");
        assertTrue(say(MESSAGE).getLast().startsWith("250 2.0.0 Ok: queued as"));
        milter().on('E', part, part, part, part, "SILENCE"); // there is no end to wait for
        assertEquals("552 5.3.4 Error: message file too big", say(MESSAGE).getLast());
        assertEquals(1, stage().queue.messages.size());
        stage().awaitLog("SMFIC_BODYEOB: a body of more than message_size_limit (200000) bytes");
    }

    @Test
    void aLeadingBlankIsKeptAsAgreed() throws IOException {
        milter().steps = 0x10_0000;
        milter().on('E', "hX-None\0b\0", "hX-Blank\0 b\0", "c");
        assertTrue(say(MESSAGE).getLast().startsWith("250 2.0.0 Ok: queued as"));
        assertTrue(events().contains("L Subject| s|"), () -> milter().events.toString());
        assertEquals(
                List.of(
                        text(new MessageEdit.AddField(new NewField("X-None", "b"))),
                        text(new MessageEdit.AddField(new NewField("X-Blank", " b")))),
                stage().queue.edits.stream().map(MilterTest::shown).toList());
    }

    @Test
    void aQuarantinedMessageIsHeld() throws IOException {
        milter().on('E', "qa virus\0", "c");
        assertTrue(say(MESSAGE).getLast().startsWith("250 2.0.0 Ok: queued as"));
        var envelope = stage().queue.messages.getFirst().envelope();
        assertEquals(Envelope.YES, envelope.attribute(Envelope.HOLD));
        assertEquals("a virus", envelope.attribute(Envelope.QUARANTINE));
        stage().awaitLog(": milter-quarantine: END-OF-MESSAGE from localhost[127.0.0.1]: a virus;");
    }

    @Test
    void silentEventsAreNotWaitedFor() throws IOException {
        milter().steps = 0xff000 | 0x80;
        milter().on('E', "hX-A\0b\0", "c");
        assertTrue(say(MESSAGE).getLast().startsWith("250 2.0.0 Ok: queued as"));
        assertEquals(12, events().size());
    }

    @Test
    void whatAFilterLeavesOutItIsNotTold() throws IOException {
        milter().steps = 0x3f | 0x40 | 0x300;
        assertTrue(say(MESSAGE).getLast().startsWith("250 2.0.0 Ok: queued as"));
        assertEquals(List.of("E ", "A ", "Q "), events());
    }

    @Test
    void aFilterMaySkipTheRestOfABody() throws IOException {
        milter().steps = 0x400;
        milter().on('B', "s");
        String[] large = MESSAGE.clone();
        large[4] = "A: b\r\n\r\n" + "0123456789abcde\r\n".repeat(20_000) + ".";
        assertTrue(say(large).getLast().startsWith("250 2.0.0 Ok: queued as"));
        assertEquals(1, events().stream().filter(e -> e.startsWith("B ")).count());
        assertTrue(milter().events.contains("B 65535 bytes"));
    }

    @Test
    void aFilterAsksForItsOwnMacros() throws IOException {
        milter().lists = "\0\0\0\2{client_name} j\0\0\0\0\1\0";
        assertTrue(say(MESSAGE).getLast().startsWith("250 2.0.0 Ok: queued as"));
        assertTrue(milter().macros.contains("M{client_name}|localhost|j|mx.test|"));
        assertTrue(milter().macros.contains("H"));
    }

    @ParameterizedTest
    @CsvSource({"0, false", "2048, true"})
    void recipientsThatWereRefusedAreShownToWhoAsks(int steps, boolean shown) throws IOException {
        milter().steps = steps;
        var replies =
                say("EHLO c.test", "MAIL FROM:<a@b.test>", "RCPT TO:<nobody@local.test>", "QUIT");
        assertTrue(replies.get(3).startsWith("550 5.1.1"), replies::toString);
        assertEquals(shown, events().contains("R <nobody@local.test>|"));
        boolean told =
                milter().macros.stream()
                        .anyMatch(m -> m.contains("{rcpt_host}|5.1.1|{rcpt_mailer}|error|"));
        assertEquals(shown, told);
    }

    @Test
    void eachMessageIsToldAnewAndOneThatIsGivenUpIsAborted() throws IOException {
        var mail = "MAIL FROM:<a@b.test>";
        say(
                "HELO c.test",
                mail,
                "RSET",
                "RSET",
                mail,
                "HELO again",
                "VRFY bob@local.test",
                "FOO x");
        var events = events();
        assertEquals(
                List.of("H c.test|", "M <a@b.test>|", "A ", "M <a@b.test>|", "H again|"),
                events.subList(1, 6));
        assertEquals(List.of("A ", "U FOO|", "Q "), events.subList(6, events.size()));
    }

    @Test
    void addressesThatAreOnlyAskedForAreNotShown() throws IOException {
        stage().param("mynetworks", "127.0.0.0/8");
        milter().steps = 0x800;
        say("EHLO c.test", "VRFY bob@local.test", "EXPN bob@local.test", "VRFY no@local.test");
        assertEquals(List.of("H c.test|", "Q "), events().subList(1, 3));
    }

    @ParameterizedTest
    @CsvSource({
        "accept, 250 2.0.0 Ok",
        "reject, 550 5.5.0 Service unavailable",
        "tempfail, 451 4.7.1 Service unavailable - try again later",
        "shutdown, 421 4.7.0 Server closing connection",
        "quarantine, 250 2.0.0 Ok"
    })
    void whoBreaksTheProtocolIsReplacedByTheDefaultAction(String action, String reply)
            throws IOException {
        List<List<String>> faults =
                List.of(
                        List.of("CLOSE"),
                        List.of("z"),
                        List.of("hX-A\0b\0", "CLOSE"),
                        List.of("hno name\0b\0", "c"),
                        List.of("hX-A\0b", "c"),
                        List.of("+\r\n\0", "c"),
                        List.of("RAW\0\0\0\0"),
                        List.of("RAW\177\0\0\0c"),
                        Collections.nCopies(10_000, "hX-A\0b\0"));
        stage().param("milter_default_action", action);
        for (var fault : faults) {
            milter().on('E', fault.toArray(String[]::new));
            String last = say(MESSAGE).getLast();
            assertTrue(last.startsWith(reply), last + " for " + fault.getFirst());
        }
        assertTrue(stage().queue.edits.isEmpty(), stage().queue.edits::toString);
        stage().awaitLog("warning: milter " + milter().place() + ": SMFIC_BODYEOB: ");
        for (var message : stage().queue.messages) {
            assertEquals(
                    action.equals("quarantine") ? Envelope.YES : "",
                    message.envelope().attribute(Envelope.HOLD));
        }
    }

    @Test
    void aBodyThatIsBegunAndNotEndedIsNoBody() throws IOException {
        stage().param("milter_default_action", "accept");
        milter().on('E', "bnew", "CLOSE");
        assertEquals("451 4.7.1 Service unavailable - try again later", say(MESSAGE).getLast());
        assertTrue(stage().queue.messages.isEmpty());
    }

    @Test
    void silenceEndsAndProgressDoesNot() throws IOException {
        stage().param(
                        "smtpd_milters",
                        "{ " + milter().place() + ", command_timeout=1s, default_action=reject }");
        milter().on('M', "p", "p", "SILENCE");
        assertEquals("550 5.5.0 Service unavailable", say(Arrays.copyOf(MESSAGE, 2)).getLast());
        stage().awaitLog(": SMFIC_MAIL: Connection timed out");
    }

    @Test
    void aFilterThatIsDownIsWarnedOf() throws IOException {
        String nowhere = "inet:127.0.0.1:" + FreePort.find();
        stage().param("smtpd_milters", nowhere + ", " + milter().place());
        assertEquals(
                "451 4.7.1 Service unavailable - try again later",
                say(Arrays.copyOf(MESSAGE, 2)).getLast());
        stage().awaitLog("warning: connect to Milter service " + nowhere + ": ");
        assertTrue(milter().events.isEmpty());
    }

    @Test
    void oneThatIsDownAndNotNeededIsPassedOver() throws IOException {
        stage().param(
                        "smtpd_milters",
                        "{ unix:nowhere/socket, default_action=accept } " + milter().place());
        assertTrue(say(MESSAGE).getLast().startsWith("250 2.0.0 Ok: queued as"));
        assertTrue(events().contains("E "));
        stage().awaitLog("warning: connect to Milter service unix:nowhere/socket: ");
    }

    @ParameterizedTest
    @CsvSource({
        "7, 0, protocol version mismatch",
        "1, 0, protocol version mismatch",
        "6, -2147483648, unknown protocol steps 0x80000000"
    })
    void anAgreementIsWithinWhatWasOffered(int version, int steps, String problem)
            throws IOException {
        milter().version = version;
        milter().steps = steps;
        assertEquals(
                "451 4.7.1 Service unavailable - try again later",
                say(Arrays.copyOf(MESSAGE, 2)).getLast());
        stage().awaitLog("warning: milter " + milter().place() + ": SMFIC_OPTNEG: " + problem);
    }

    @Test
    void tablesNameOtherFiltersForAClient() throws IOException {
        stage().param("smtpd_milter_maps", "inline:{127.0.0.1=DISABLE}");
        assertTrue(say(MESSAGE).getLast().startsWith("250 2.0.0 Ok: queued as"));
        assertTrue(milter().events.isEmpty());
    }

    @Test
    void filtersAreLeftOutWhereTheRowSaysSo() throws IOException {
        stage().param("receive_override_options", "no_milters");
        assertTrue(say(MESSAGE).getLast().startsWith("250 2.0.0 Ok: queued as"));
        assertFalse(milter().events.contains("E "));
    }

    @Test
    void theFirstWhoRefusesIsTheLastWhoIsAsked() throws IOException {
        try (var second = new FakeMilter()) {
            stage().param("smtpd_milters", milter().place() + " " + second.place());
            milter().on('R', "r");
            assertEquals("550 5.7.1 Command rejected", say(Arrays.copyOf(MESSAGE, 3)).getLast());
            Await.until("QUIT", () -> second.events.contains("Q "));
            assertTrue(second.events.contains("M <a@b.test>|SIZE=100|"));
            assertFalse(second.events.contains("R <bob@local.test>|"));
        }
    }
}
