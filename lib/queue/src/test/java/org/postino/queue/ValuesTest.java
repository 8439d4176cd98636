// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.smtp.EnhancedStatus;

final class ValuesTest {
    private static final Instant T = Instant.parse("2026-03-01T12:00:00.123Z");

    @TempDir Path directory;

    @Test
    void spansHaveTwoSignificantDigits() {
        Map<Long, String> expected =
                Map.ofEntries(
                        Map.entry(0L, "0"),
                        Map.entry(4L, "0"),
                        Map.entry(5L, "0.01"),
                        Map.entry(14L, "0.01"),
                        Map.entry(100L, "0.1"),
                        Map.entry(123L, "0.12"),
                        Map.entry(994L, "0.99"),
                        Map.entry(995L, "1"),
                        Map.entry(1_000L, "1"),
                        Map.entry(1_260L, "1.3"),
                        Map.entry(9_949L, "9.9"),
                        Map.entry(9_950L, "10"),
                        Map.entry(12_499L, "12"),
                        Map.entry(323_700L, "324"),
                        Map.entry(-5L, "0"));
        expected.forEach((millis, text) ->
                assertEquals(text, StatusLine.seconds(T, T.plusMillis(millis)), "" + millis));
    }

    @Test
    void statusLineHasItsFieldsInOrder() {
        var attempt = new Attempt(T.plusMillis(60), T.plusMillis(160), T.plusMillis(1160), 2, null);
        assertEquals(
                "ABCDEF1: to=<b@y.test>, orig_to=<alias@y.test>, relay=mx.y.test[192.0.2.1]:25,"
                        + " conn_use=2, delay=1.2, delays=0.01/0.05/0.1/1, dsn=2.0.0, status=sent (250"
                        + " 2.0.0 Ok?forged line)",
                StatusLine.of(
                        new QueueId("ABCDEF1"),
                        new Recipient(1, RecipientStatus.OPEN, "b@y.test", "alias@y.test", "", ""),
                        "mx.y.test[192.0.2.1]:25",
                        T,
                        T.plusMillis(10),
                        attempt,
                        Dsn.of("2.0.0", "250 2.0.0 Ok\nforged line"),
                        "sent"));
    }

    @Test
    void anAddressIsLoggedWithItsQuotes() {
        assertEquals("", StatusLine.address(""));
        assertEquals("bob+x@y.test", StatusLine.address("bob+x@y.test"));
        assertEquals("\"a b+c\"@v.test", StatusLine.address("a b+c@v.test"));
        assertEquals("\"a>?, to=<b\"@v.test", StatusLine.address("a>\n, to=<b@v.test"));
        assertEquals("\"first last\"", StatusLine.address("first last"));
    }

    @Test
    void requestSurvivesTheSocket() throws ProtocolException {
        var request =
                new DeliveryRequest(
                        new QueueId("ABCDEF1"),
                        QueueName.ACTIVE,
                        "TRACE",
                        "",
                        "[mx.test]:2525",
                        List.of(
                                new Recipient(
                                        17, RecipientStatus.OPEN, "b@y.test", "b@y.test", "", ""),
                                new Recipient(
                                        99,
                                        RecipientStatus.OPEN,
                                        "c@y.test",
                                        "alias@y.test",
                                        "NEVER",
                                        "rfc822;x")),
                        4711,
                        T,
                        T.plusSeconds(1),
                        Map.of("client_name", "localhost", "encoding", "8bit"));
        assertEquals(request, DeliveryRequest.fromMessage(request.toMessage()));
    }

    @Test
    void malformedRequestIsRefused() {
        assertThrows(
                ProtocolException.class,
                () -> DeliveryRequest.fromMessage(Message.of("deliver").build()));
    }

    @Test
    void resultSurvivesTheSocket() throws ProtocolException {
        for (Delivery outcome :
                List.of(
                        new Delivery.Sent(Dsn.of("2.0.0", "ok")),
                        new Delivery.Sent(Dsn.of("2.0.0", "ok"), Delivery.Goal.RELAYED),
                        new Delivery.Sent(Dsn.of("2.0.0", "ok"), Delivery.Goal.PASSED_ON),
                        new Delivery.Sent(Dsn.of("2.0.0", "ok"), Delivery.Goal.EXPANDED),
                        new Delivery.Deferred(Dsn.of("4.4.1", "no")),
                        new Delivery.Bounced(
                                new Dsn(new EnhancedStatus(5, 1, 1), "no", "mx", "550 no")))) {
            var result = new DeliveryResult(12, outcome, "mx[1]:25");
            assertEquals(result, DeliveryResult.fromMessage(result.toMessage()));
        }
    }

    @Test
    void logIsReadAsItWasWritten() throws IOException {
        Path log = directory.resolve("d/ABCDEF1");
        var first = entry(17, "b@y.test", "5.1.1");
        RecipientLog.append(log, List.of(first));
        RecipientLog.append(log, List.of(entry(99, "c@y.test", "5.2.0")));
        assertEquals(first, RecipientLog.read(log).entries().getFirst());
        assertEquals(2, RecipientLog.read(log).entries().size());
        RecipientLog.replace(log, new RecipientLog.Contents(List.of(first), true));
        assertEquals(List.of(first), RecipientLog.read(log).entries());
        assertTrue(RecipientLog.read(log).warned());
        assertEquals(RecipientLog.Contents.NONE, RecipientLog.read(directory.resolve("none")));
    }

    @Test
    void entryCutShortByACrashIsNotRead() throws IOException {
        Path log = directory.resolve("ABCDEF1");
        RecipientLog.append(log, List.of(entry(17, "b@y.test", "5.1.1")));
        Files.writeString(
                log, "recipient=c@y.test\noffset=99\nstatus=5.1.1\n", StandardOpenOption.APPEND);
        assertEquals(1, RecipientLog.read(log).entries().size());
    }

    @Test
    void laterEntryForARecipientCounts() throws IOException {
        Path log = directory.resolve("ABCDEF1");
        RecipientLog.append(log, List.of(entry(17, "b@y.test", "5.1.1")));
        RecipientLog.append(log, List.of(entry(17, "b@y.test", "5.2.2")));
        var entries = RecipientLog.read(log).entries();
        assertEquals(1, entries.size());
        assertEquals("5.2.2", entries.getFirst().dsn().status().toString());
    }

    private static RecipientLog.Entry entry(long offset, String address, String status) {
        return new RecipientLog.Entry(
                new Recipient(offset, RecipientStatus.OPEN, address, "x@y.test", "FAILURE", ""),
                "failed",
                new Dsn(EnhancedStatus.parse(status).orElseThrow(), "a = b", "mx", "550 no"),
                "mx",
                Instant.ofEpochSecond(T.getEpochSecond()));
    }
}
