// SPDX-License-Identifier: Apache-2.0

package org.postino.bounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.log.EventLog;
import org.postino.queue.CleanupResult;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.Envelope;
import org.postino.queue.MessageEdit;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueFileWriter;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.queue.RecipientLog;
import org.postino.queue.Spool;
import org.postino.queue.Submission;
import org.postino.smtp.Dsn;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.Reply;
import org.slf4j.LoggerFactory;

final class NotificationsTest {
    private static final QueueId NEW_ID = new QueueId("0ABCDEF01");
    private static final Instant ARRIVAL = Instant.parse("2026-03-01T12:00:00Z");

    /// A message that was submitted.
    private record Submitted(Envelope envelope, String recipient, String content) {}

    @TempDir Path directory;
    private final Clock clock = Clock.fixed(ARRIVAL.plusSeconds(90), ZoneOffset.UTC);
    private final List<Submitted> submitted = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private boolean redacts = true;
    private int logged; // lines, when the notification got its recipient
    private CleanupResult result = new CleanupResult.Queued(NEW_ID, 1);
    private Spool spool = new Spool(Spool.Layout.flat(Path.of("unset")), Clock.systemUTC());
    private EventLog.Listening listening = () -> {};

    @BeforeEach
    void open() throws IOException {
        spool = new Spool(Spool.Layout.flat(directory), clock);
        spool.createDirectories();
        listening = EventLog.listen(e -> log.add(e.text()));
    }

    @AfterEach
    void close() {
        listening.close();
    }

    @Test
    void failureIsReportedToTheSender() throws Exception {
        QueueId id = message("alice@example.org", Map.of(), "7bit");
        notifications("resource").tell(Kind.FAILURE, id);
        var s = submitted.getFirst();
        assertEquals("", s.envelope().sender());
        assertEquals("alice@example.org", s.recipient());
        assertEquals("TRACE", s.envelope().trace());
        assertGolden("failure.ref", s.content());
        assertEquals(List.of(id + ": sender non-delivery notification: " + NEW_ID), log);
        assertEquals(1, logged, "said before cleanup has anything to say of the new message");
    }

    @Test
    void delayReturnsTheHeaderOnly() throws Exception {
        QueueId id = message("alice@example.org", Map.of(), "7bit");
        notifications("resource").tell(Kind.DELAY, id);
        assertGolden("delay.ref", submitted.getFirst().content());
        assertEquals(List.of(id + ": sender delay notification: " + NEW_ID), log);
    }

    @Test
    void successIsReported() throws Exception {
        QueueId id = message("alice@example.org", Map.of(), "7bit");
        notifications("resource").tell(Kind.SUCCESS, id);
        assertTrue(
                submitted
                        .getFirst()
                        .content()
                        .contains("Subject: Successful Mail Delivery Report\r\n"));
        assertEquals(List.of(id + ": sender delivery status notification: " + NEW_ID), log);
    }

    @Test
    void senderMayAskForTheHeaderOnly() throws Exception {
        QueueId id = message("alice@example.org", Map.of("ret", "HDRS", "envid", "a+2Bb"), "7bit");
        notifications("resource").tell(Kind.FAILURE, id);
        String content = submitted.getFirst().content();
        assertTrue(content.contains("Content-Type: text/rfc822-headers\r\n"));
        assertTrue(content.contains("Original-Envelope-Id: a+b\r\n"));
        assertFalse(content.contains("body line"));
    }

    @Test
    void aMessageWithRequireTlsIsNotReturnedWhole() throws Exception {
        QueueId id = message("alice@example.org", Map.of("requiretls", "yes"), "7bit");
        notifications("resource").tell(Kind.FAILURE, id);
        assertFalse(submitted.getFirst().content().contains("body line"));
        assertEquals("", submitted.getFirst().envelope().attribute(Envelope.REQUIRETLS));
    }

    @Test
    void unlessItsNotificationHasRequireTlsToo() throws Exception {
        redacts = false;
        QueueId id = message("alice@example.org", Map.of("requiretls", "yes"), "7bit");
        notifications("resource").tell(Kind.FAILURE, id);
        assertTrue(submitted.getFirst().content().contains("body line"));
        assertEquals(Envelope.YES, submitted.getFirst().envelope().attribute(Envelope.REQUIRETLS));
    }

    @Test
    void largeMessageIsNotReturnedWhole() throws Exception {
        QueueId id = message("alice@example.org", Map.of(), "7bit");
        notifications(10, "resource").tell(Kind.FAILURE, id);
        assertFalse(submitted.getFirst().content().contains("body line"));
    }

    @Test
    void eightBitMessageIsLabelled() throws Exception {
        QueueId id = message("alice@example.org", Map.of(), "8bit");
        notifications("resource").tell(Kind.FAILURE, id);
        assertTrue(submitted.getFirst().content().contains("Content-Transfer-Encoding: 8bit\r\n"));
        assertEquals("8bit", submitted.getFirst().envelope().attribute(Envelope.ENCODING));
    }

    @Test
    void aHeaderInUtf8ComesBackAsWhatItIs() throws Exception {
        var utf8 = Map.of(Envelope.UTF8_HEADER, Envelope.YES);
        notifications("resource").tell(Kind.FAILURE, message("alice@example.org", utf8, "8bit"));
        String content = submitted.getLast().content();
        assertTrue(content.contains("Content-Type: message/global\r\n"), content);
        notifications("resource").tell(Kind.DELAY, message("alice@example.org", utf8, "8bit"));
        content = submitted.getLast().content();
        assertTrue(content.contains("Content-Type: message/global-headers\r\n"), content);
    }

    @Test
    void originalRecipientsKeepTheirType() throws Exception {
        QueueId id = message("alice@example.org", Map.of(), "7bit");
        add(id, "failed", "550 no", "utf-8;j\\x{F6}rg+2B@x.test");
        notifications("resource").tell(Kind.FAILURE, id);
        String content = submitted.getLast().content();
        assertTrue(
                content.contains("Original-Recipient: utf-8; j\\x{F6}rg+2B@x.test\r\n"), content);
        assertTrue(content.contains("Original-Recipient: rfc822; info+@mx.test\r\n"), content);
    }

    @Test
    void bouncedNotificationIsDroppedUnlessThePostmasterWantsIt() throws Exception {
        QueueId id = message("", Map.of(), "7bit");
        notifications("resource").tell(Kind.FAILURE, id);
        assertTrue(submitted.isEmpty());
        notifications("2bounce").tell(Kind.FAILURE, id);
        assertEquals("postmaster@mx.test", submitted.getFirst().recipient());
        assertEquals("double-bounce@mx.test", submitted.getFirst().envelope().sender());
        assertEquals(id + ": postmaster non-delivery notification: " + NEW_ID, log.getLast());
    }

    @Test
    void postmasterNotificationThatBouncesEndsThere() throws Exception {
        QueueId id = message("double-bounce@mx.test", Map.of(), "7bit");
        notifications("2bounce").tell(Kind.FAILURE, id);
        assertTrue(submitted.isEmpty());
        assertEquals(List.of(id + ": undeliverable postmaster notification discarded"), log);
    }

    @Test
    void postmasterGetsACopyIfHeWantsOne() throws Exception {
        QueueId id = message("alice@example.org", Map.of(), "7bit");
        notifications("bounce").tell(Kind.FAILURE, id);
        assertEquals(2, submitted.size());
        assertEquals("postmaster@mx.test", submitted.getLast().recipient());
        assertFalse(submitted.getLast().content().contains("body line"));
    }

    @Test
    void refusalForGoodIsLoggedAndOnePassingIsTriedAgain() throws Exception {
        QueueId id = message("alice@example.org", Map.of(), "7bit");
        result = new CleanupResult.Refused(Reply.of(451, 4, 3, 0, "no space"), "no space");
        assertThrows(IOException.class, () -> notifications("resource").tell(Kind.FAILURE, id));
        result = new CleanupResult.Refused(Reply.of(552, 5, 3, 4, "too big"), "too big");
        notifications("resource").tell(Kind.FAILURE, id);
        String told = id + ": sender non-delivery notification: " + NEW_ID;
        assertEquals(
                List.of(
                        told,
                        told,
                        id
                                + ": sender notification failed to <alice@example.org>: 552 5.3.4"
                                + " too big"),
                log);
    }

    @Test
    void noLineIsTooLongWhateverAServerSays() throws Exception {
        for (String words :
                List.of(
                        "x".repeat(2100),
                        "short " + "\ud83d\ude00".repeat(900) + " end",
                        ("y".repeat(250) + " ").repeat(8))) {
            QueueId id = message("alice@example.org", Map.of(), "7bit");
            add(id, "failed", "550 5.1.1 " + words);
            notifications("resource").tell(Kind.FAILURE, id);
            String content = submitted.getLast().content();
            for (String line : content.split("\r\n", -1)) {
                assertTrue(line.getBytes(StandardCharsets.UTF_8).length <= 998, line);
            }
            assertTrue(content.replaceAll("[\r\n ]", "").contains(words.replace(" ", "")), content);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"relayed", "expanded"})
    void whoHandedAMessageOnSaysHow(String action) throws Exception {
        QueueId id = message("alice@example.org", Map.of(), "7bit");
        add(id, action, "250 2.0.0 Ok");
        notifications("resource").tell(Kind.SUCCESS, id);
        String content = submitted.getFirst().content();
        assertTrue(content.contains("<bob@mx.test>: " + action + ": 250 2.0.0 Ok\r\n"), content);
        assertTrue(content.contains("Action: " + action + "\r\nStatus: 2.0.0\r\n"), content);
        assertTrue(content.contains("Diagnostic-Code: smtp; 250 2.0.0 Ok\r\n"), content);
    }

    /// Adds to the logs what a server said of the first recipient.
    private void add(QueueId id, String action, String words) throws Exception {
        add(id, action, words, "");
    }

    private void add(QueueId id, String action, String words, String orcpt) throws Exception {
        try (var queued = QueueFile.open(spool.path(QueueName.ACTIVE, id), false)) {
            var status = new EnhancedStatus(action.equals("failed") ? 5 : 2, 0, 0);
            Recipient bob = queued.recipients().getFirst();
            var entry =
                    new RecipientLog.Entry(
                            new Recipient(
                                    bob.offset(),
                                    bob.status(),
                                    bob.address(),
                                    bob.original(),
                                    bob.dsnNotify(),
                                    orcpt),
                            action,
                            new Dsn(status, words, "mx.far.test", words),
                            "mx.far.test[192.0.2.1]:25",
                            clock.instant());
            for (QueueName q : List.of(QueueName.BOUNCE, QueueName.TRACE)) {
                RecipientLog.append(spool.path(q, id), List.of(entry));
            }
        }
    }

    @Test
    void errorAgentReadsItsNexthop() {
        var error = new Error(new EnhancedStatus(5, 0, 0));
        assertEquals("5.1.1", error.outcome("5.1.1 no such user").dsn().status().toString());
        assertEquals("no such user", error.outcome("5.1.1 no such user").dsn().reason());
        assertEquals("bounced", error.outcome("4.3.2 come back").word());
        assertEquals("5.3.2", error.outcome("4.3.2 come back").dsn().status().toString());
        assertEquals("Address is undeliverable", error.outcome("").dsn().reason());
        assertEquals(
                "deferred",
                new Error(new EnhancedStatus(4, 0, 0)).outcome("5.1.1 no such user").word());
        assertEquals("5.0.0", error.outcome("we do not talk to you").dsn().status().toString());
        assertEquals(
                "we do not talk to you", error.outcome("we do not talk to you").dsn().reason());
        assertEquals(
                "4.0.0",
                new Error(new EnhancedStatus(4, 0, 0)).outcome("later").dsn().status().toString());
    }

    private Notifications notifications(String... classes) {
        return notifications(50_000, classes);
    }

    private Notifications notifications(long limit, String... classes) {
        var settings =
                new BounceSettings(
                        "mail.mx.test",
                        "mx.test",
                        "Postino",
                        limit,
                        redacts,
                        List.of(classes),
                        "double-bounce",
                        "postmaster",
                        "postmaster",
                        "postmaster",
                        Duration.ofDays(5));
        return new Notifications(
                settings, spool, FakeSubmission::new, clock, LoggerFactory.getLogger("bounce"));
    }

    /// Writes a message into the active queue, and all three logs beside it.
    private QueueId message(String sender, Map<String, String> attributes, String encoding)
            throws IOException, CorruptQueueFileException {
        var file = spool.create(QueueName.ACTIVE);
        try (var channel = file.channel()) {
            var out = new QueueFileWriter(channel);
            var all = new HashMap<>(attributes);
            all.put(Envelope.ENCODING, encoding);
            out.envelope(new Envelope(sender, ARRIVAL, "TRACE", all));
            out.recipient(Recipient.of("bob@mx.test", "bob@mx.test", "", ""));
            out.recipient(
                    Recipient.of(
                            "carol@far.test",
                            "info@mx.test",
                            "FAILURE,DELAY",
                            "rfc822;info+2B@mx.test"));
            byte[] content =
                    "Received: from client\r\n\tby mail.mx.test\r\nSubject: hello\r\n\r\nbody line\r\n"
                            .getBytes(StandardCharsets.US_ASCII);
            out.beginContent();
            out.content(content, 0, content.length);
            out.finish();
        }
        var entries = new ArrayList<RecipientLog.Entry>();
        try (var queued = QueueFile.open(spool.path(QueueName.ACTIVE, file.id()), false)) {
            Recipient bob = queued.recipients().get(0);
            Recipient carol = queued.recipients().get(1);
            entries.add(
                    new RecipientLog.Entry(
                            bob,
                            "failed",
                            Dsn.of("5.1.1", "unknown user: \"bob\""),
                            "virtual",
                            clock.instant()));
            entries.add(
                    new RecipientLog.Entry(
                            carol,
                            "failed",
                            new Dsn(
                                    new EnhancedStatus(5, 7, 1),
                                    "host mx.far.test[192.0.2.1] said: 550 5.7.1 we do not like the"
                                            + " look of this letter at all (in reply to end of DATA"
                                            + " command)",
                                    "mx.far.test",
                                    "550 5.7.1 we do not like the look of this letter at all"),
                            "mx.far.test[192.0.2.1]:25",
                            clock.instant()));
        }
        for (QueueName q : List.of(QueueName.DEFER, QueueName.BOUNCE, QueueName.TRACE)) {
            RecipientLog.append(spool.path(q, file.id()), entries);
        }
        return file.id();
    }

    private static void assertGolden(String name, String content) throws IOException {
        Path ref = Path.of("src/test/resources/org/postino/bounce", name);
        String masked = content.replaceAll("Queue-ID: [0-9A-F]+", "Queue-ID: ORIGINAL");
        assertEquals(Files.readString(ref), masked.replace("\r\n", "\n"));
        assertFalse(masked.replace("\r\n", "").contains("\n"), "only CRLF ends lines");
    }

    private final class FakeSubmission implements Submission {
        private final Envelope envelope;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private String recipient = "";

        FakeSubmission(Envelope envelope) {
            this.envelope = envelope;
        }

        @Override
        public QueueId queueId() {
            return NEW_ID;
        }

        @Override
        public void recipient(String address, String original, String dsnNotify, String orcpt) {
            recipient = address;
            logged = log.size();
        }

        @Override
        public void attribute(String name, String value) {
            throw new AssertionError("its envelope is known when it begins");
        }

        @Override
        public OutputStream content() {
            return content;
        }

        @Override
        public InputStream message() {
            return new ByteArrayInputStream(content.toByteArray());
        }

        @Override
        public void edit(MessageEdit edit) {
            throw new AssertionError("a notification is written as it should be");
        }

        @Override
        public CleanupResult finish() {
            if (result instanceof CleanupResult.Queued) {
                submitted.add(
                        new Submitted(
                                envelope, recipient, content.toString(StandardCharsets.UTF_8)));
            }
            return Objects.requireNonNull(result);
        }

        @Override
        public void close() {}
    }
}
