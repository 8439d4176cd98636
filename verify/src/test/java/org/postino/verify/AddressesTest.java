// SPDX-License-Identifier: Apache-2.0

package org.postino.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.queue.ProbeSender;
import org.postino.queue.VerifyClient.Answer;
import org.postino.queue.VerifyClient.Status;
import org.slf4j.LoggerFactory;

/// What is remembered of addresses, for how long, and when a probe is sent.
final class AddressesTest {
    private static final String BOB = "bob@x.test";
    private static final Answer GOOD = new Answer(Status.DELIVERABLE, "250 Ok");
    private static final Answer BAD = new Answer(Status.UNDELIVERABLE, "550 no\tbody");
    private static final Answer LATER = new Answer(Status.DEFERRED, "not now");

    @TempDir Path dir;
    private final List<String> probes = new CopyOnWriteArrayList<>();
    private Instant now = Instant.parse("2026-11-29T12:00:00Z");

    private final class TestClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private VerifySettings settings(boolean keepsBad, long pending) {
        return new VerifySettings(
                dir.resolve("cache"),
                new VerifySettings.Life(Duration.ofDays(7), Duration.ofDays(31)),
                new VerifySettings.Life(Duration.ofHours(3), Duration.ofDays(3)),
                keepsBad,
                Duration.ofHours(12),
                pending,
                new ProbeSender("double-bounce@mx.test", Duration.ZERO),
                "mx.test");
    }

    private Addresses open() {
        return open(true, 100);
    }

    private Addresses open(boolean keepsBad, long pending) {
        return new Addresses(
                settings(keepsBad, pending),
                probes::add,
                new TestClock(),
                LoggerFactory.getLogger("verify"));
    }

    private static Status ask(Addresses addresses) {
        return addresses.query(BOB, Duration.ZERO).status();
    }

    @Test
    void anUnknownAddressIsProbedOnce() {
        var addresses = open();
        assertEquals(
                new Answer(Status.UNKNOWN, "Address verification in progress"),
                addresses.query(BOB, Duration.ZERO));
        assertEquals(Status.UNKNOWN, ask(addresses));
        assertEquals(List.of(BOB), probes);
        addresses.update(BOB, GOOD);
        assertEquals(GOOD, addresses.query(BOB, Duration.ZERO));
        assertEquals(1, probes.size());
    }

    @Test
    void whoWaitsIsWokenByTheResult() throws InterruptedException {
        var addresses = open();
        ask(addresses);
        Thread.ofVirtual().start(() -> addresses.update(BOB, BAD));
        assertEquals(Status.UNDELIVERABLE, addresses.query(BOB, Duration.ofMinutes(1)).status());
    }

    @Test
    void aProbeOfWhichNothingIsHeardIsSentAgain() {
        var addresses = open();
        ask(addresses);
        now = now.plusSeconds(1001);
        ask(addresses);
        assertEquals(2, probes.size());
    }

    @Test
    void aGoodResultIsLookedAfterAndKeptWhileTheServerIsAway() {
        var addresses = open();
        ask(addresses);
        addresses.update(BOB, GOOD);
        now = now.plus(Duration.ofDays(8));
        assertEquals(Status.DELIVERABLE, ask(addresses));
        assertEquals(2, probes.size());
        addresses.update(BOB, LATER);
        assertEquals(Status.DELIVERABLE, ask(addresses));
        now = now.plus(Duration.ofDays(24));
        assertEquals(Status.UNKNOWN, ask(addresses));
    }

    @Test
    void aBadResultIsLookedAfterEarlyAndReplaced() {
        var addresses = open();
        ask(addresses);
        addresses.update(BOB, BAD);
        assertEquals(Status.UNDELIVERABLE, ask(addresses));
        assertEquals(1, probes.size());
        now = now.plus(Duration.ofHours(4));
        assertEquals(Status.UNDELIVERABLE, ask(addresses));
        assertEquals(2, probes.size());
        addresses.update(BOB, GOOD);
        assertEquals(Status.DELIVERABLE, ask(addresses));
    }

    @Test
    void withoutNegativeCacheABadResultIsForThoseWhoWaitOnly() {
        var addresses = open(false, 100);
        ask(addresses);
        addresses.update(BOB, BAD);
        assertEquals(Status.UNDELIVERABLE, ask(addresses));
        now = now.plusSeconds(11);
        assertEquals(Status.UNKNOWN, ask(addresses));
        assertEquals(2, probes.size());
    }

    @Test
    void tooManyProbesAreNotSent() {
        var addresses = open(true, 1);
        ask(addresses);
        Answer answer = addresses.query("carol@x.test", Duration.ZERO);
        assertEquals(new Answer(Status.DEFERRED, "too many address verification requests"), answer);
        assertEquals(1, probes.size());
    }

    @Test
    void aProbeThatCannotBeSentIsTriedAgain() {
        var refused = new int[1];
        var addresses =
                new Addresses(
                        settings(true, 100),
                        _ -> {
                            refused[0]++;
                            throw new IOException("cleanup is away");
                        },
                        new TestClock(),
                        LoggerFactory.getLogger("verify"));
        assertEquals(Status.UNKNOWN, addresses.query(BOB, Duration.ofMinutes(1)).status());
        ask(addresses);
        assertEquals(2, refused[0]);
    }

    @Test
    void resultsOutliveTheDaemonUntilTheyAreTooOld() throws IOException {
        var addresses = open();
        addresses.update(BOB, BAD);
        addresses.update("carol@x.test", BAD);
        addresses.update(BOB, GOOD);
        Files.writeString(
                dir.resolve("cache"), Files.readString(dir.resolve("cache")) + "dave@x.test\tdel");
        assertEquals(Status.DELIVERABLE, ask(open()));
        assertEquals(
                new Answer(Status.UNDELIVERABLE, "550 no body"),
                open().query("carol@x.test", Duration.ZERO));
        now = now.plus(Duration.ofDays(4));
        open();
        String file = Files.readString(dir.resolve("cache"));
        assertTrue(file.startsWith("bob@x.test\tdeliverable\t"), file);
        assertEquals(1, file.lines().count());
    }

    @Test
    void aFileThatIsNotOursIsReplaced() throws IOException {
        Files.write(dir.resolve("cache"), new byte[] {(byte) 0xff, 0, '\n', (byte) 0xfe});
        var addresses = open();
        addresses.update(BOB, GOOD);
        assertEquals(Status.DELIVERABLE, ask(open()));
    }

    @Test
    void theLastLineOfAnAddressCounts() throws IOException {
        Path file = dir.resolve("lines");
        Files.writeString(
                file,
                "a@x\tdeliverable\t5\tok\nb@x\tdeferred\t6\tno\na@x\tundeliverable\t7\tgone\n");
        var known = new KnownAddresses();
        new KnowledgeFile(file).read(known);
        assertEquals(
                List.of("b@x", "a@x"), known.all().stream().map(entry -> entry.key()).toList());
        assertEquals("gone", Objects.requireNonNull(known.get("a@x")).text());
    }

    @Test
    void strangersDoNotSayHowMuchIsRemembered() throws IOException {
        var addresses = open();
        String domain = "@" + "d".repeat(230) + ".test";
        var wordy = new Answer(Status.UNDELIVERABLE, "550 " + "no ".repeat(600));
        for (int i = 0; i < 18_000; i++) {
            addresses.update(i + domain, wordy);
        }
        for (var all : List.of(addresses, open())) {
            String last = all.query(17_999 + domain, Duration.ZERO).text();
            assertEquals(wordy.text().substring(0, 250), last);
            assertEquals(Status.UNKNOWN, all.query("0" + domain, Duration.ZERO).status());
        }
    }

    @Test
    void theFileIsWrittenAnewBeforeItIsLarge() throws IOException {
        var addresses = open();
        for (int i = 0; i < 55_000; i++) {
            addresses.update(i % 7 + BOB, GOOD);
        }
        assertTrue(Files.size(dir.resolve("cache")) < 10_000 * 50);
        assertEquals(Status.DELIVERABLE, open().query("6" + BOB, Duration.ZERO).status());
    }

    @Test
    void theSenderOfProbesChangesWithTime() {
        var sender = new ProbeSender("double-bounce@mx.test", Duration.ofHours(1));
        String first = sender.at(now);
        assertTrue(first.matches("double-bounce[0-9a-u]+@mx.test"), first);
        assertTrue(sender.isOne(first, now.plus(Duration.ofHours(1))));
        assertTrue(!sender.isOne(first, now.plus(Duration.ofHours(3))));
        assertTrue(!sender.isOne("double-bounce@mx.test", now));
    }
}
