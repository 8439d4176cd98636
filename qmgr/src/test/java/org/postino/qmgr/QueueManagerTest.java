// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.Envelope;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.RecipientLog;
import org.postino.smtp.Delivery;

/// Follows messages when nothing goes wrong: order, limits, times, notifications.
final class QueueManagerTest {
    @TempDir Path directory;
    private Bench bench;

    @BeforeEach
    void open() throws IOException {
        bench = new Bench(directory);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void deliveredMessageIsRemoved() throws IOException {
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@y.test", "c@y.test");
        bench.awaitGone(id);
        assertEquals(1, bench.requests.size());
        assertEquals(2, bench.requests.getFirst().recipients().size());
        bench.awaitLog(id + ": from=<a@x.test>, size=25, nrcpt=2 (queue active)");
        bench.awaitLog(id + ": removed");
        assertTrue(bench.traced.contains("TRACE " + id + ": removed"));
        assertTrue(
                bench.traced.contains(
                        "TRACE " + id + ": from=<a@x.test>, size=25, nrcpt=2 (queue active)"));
    }

    @Test
    void deferredMessageIsTriedAgainWhenItIsTwiceAsOld() throws Exception {
        bench.agent = Bench::deferred;
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@y.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        assertEquals(bench.clock.instant().plusSeconds(300), bench.nextAttempt(id));
        String reason =
                RecipientLog.read(bench.spool.path(QueueName.DEFER, id))
                        .entries()
                        .getFirst()
                        .dsn()
                        .reason();
        assertEquals("not now", reason);
        bench.advance(Duration.ofSeconds(600));
        Await.until("second attempt", () -> bench.requests.size() == 2);
        bench.awaitIn(QueueName.DEFERRED, id);
        assertEquals(bench.clock.instant().plusSeconds(600), bench.nextAttempt(id));
        bench.advance(Duration.ofSeconds(301));
        bench.manager().glance(); // the time has not come: nothing is tried
        bench.agent = Bench::sent;
        bench.advance(Duration.ofSeconds(600));
        bench.awaitGone(id);
        assertEquals(3, bench.requests.size());
        assertFalse(Files.exists(bench.spool.path(QueueName.DEFER, id)));
    }

    @Test
    void oldMessageIsReturnedToItsSender() throws IOException {
        bench.agent = Bench::deferred;
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@y.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        bench.advance(Duration.ofDays(5));
        bench.awaitGone(id);
        bench.awaitLog(id + ": from=<a@x.test>, status=expired, returned to sender");
        var told = bench.told.getFirst();
        assertEquals(Notifier.Kind.FAILURE, told.kind());
        assertEquals("b@y.test", told.entries().getFirst().recipient().address());
        assertEquals("not now", told.entries().getFirst().dsn().reason());
        assertFalse(Files.exists(bench.spool.path(QueueName.BOUNCE, id)));
    }

    @Test
    void messageFromTheNullSenderLivesByItsOwnTime() throws IOException {
        bench.agent = Bench::deferred;
        bench.start();
        QueueId id = bench.submit("", "b@y.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        bench.advance(Duration.ofDays(1));
        bench.awaitGone(id);
        bench.awaitLog(id + ": from=<>, status=expired, returned to sender");
    }

    @Test
    void bouncedRecipientIsToldAtOnceWhileOthersWait() throws IOException {
        bench.agent = r -> r.nexthop().equals("y.test") ? Bench.bounced(r) : Bench.deferred(r);
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@y.test", "c@z.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        Await.until("told", () -> bench.told.size() == 1);
        assertEquals(1, bench.told.getFirst().entries().size());
        bench.agent = Bench::sent;
        bench.manager().flushAll();
        bench.awaitGone(id);
        assertEquals("z.test", bench.requests.getLast().nexthop());
        assertEquals(3, bench.requests.size());
        assertEquals(1, bench.told.size());
    }

    @Test
    void whoAskedForSilenceIsNotTold() throws IOException {
        bench.agent = Bench::bounced;
        bench.start();
        QueueId id = bench.put(QueueName.INCOMING, "a@x.test", "NEVER", List.of("b@y.test"));
        bench.manager().incoming(id);
        bench.awaitGone(id);
        assertTrue(bench.told.isEmpty());
    }

    @Test
    void whoAskedForSuccessIsTold() throws IOException {
        bench.start();
        QueueId id = bench.put(QueueName.INCOMING, "a@x.test", "SUCCESS", List.of("b@y.test"));
        bench.manager().incoming(id);
        bench.awaitGone(id);
        assertEquals(Notifier.Kind.SUCCESS, bench.told.getFirst().kind());
        assertEquals("delivered", bench.told.getFirst().entries().getFirst().action());
    }

    @Test
    void whoAskedForSuccessHearsThatAnAliasWasExpanded() throws IOException {
        bench.agent = r -> Bench.sent(r, Delivery.Goal.EXPANDED);
        bench.start();
        QueueId id = bench.put(QueueName.INCOMING, "a@x.test", "SUCCESS", List.of("b@y.test"));
        bench.manager().incoming(id);
        bench.awaitGone(id);
        assertEquals("expanded", bench.told.getFirst().entries().getFirst().action());
    }

    @Test
    void aServerWithoutDsnHasTheMessageRelayedAndOneWithItTellsItself() throws IOException {
        bench.agent =
                r ->
                        Bench.sent(
                                r,
                                r.nexthop().equals("y.test")
                                        ? Delivery.Goal.RELAYED
                                        : Delivery.Goal.PASSED_ON);
        bench.start();
        QueueId id =
                bench.put(
                        QueueName.INCOMING, "a@x.test", "SUCCESS", List.of("b@y.test", "c@z.test"));
        bench.manager().incoming(id);
        bench.awaitGone(id);
        assertEquals(1, bench.told.size());
        assertEquals(1, bench.told.getFirst().entries().size());
        assertEquals("relayed", bench.told.getFirst().entries().getFirst().action());
        id = bench.put(QueueName.INCOMING, "a@x.test", "SUCCESS", List.of("c@z.test"));
        bench.manager().incoming(id);
        bench.awaitGone(id);
        assertEquals(1, bench.told.size());
    }

    @Test
    void senderIsWarnedOnceOfADelay() throws IOException {
        bench.agent = Bench::deferred;
        bench.warningAfter(Duration.ofHours(4)).start();
        QueueId id = bench.submit("a@x.test", "b@y.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        assertTrue(bench.told.isEmpty());
        bench.advance(Duration.ofHours(4));
        Await.until("warned", () -> bench.told.size() == 1);
        bench.awaitIn(QueueName.DEFERRED, id);
        assertEquals(Notifier.Kind.DELAY, bench.told.getFirst().kind());
        bench.advance(Duration.ofHours(4));
        Await.until("third attempt", () -> bench.requests.size() == 3);
        bench.awaitIn(QueueName.DEFERRED, id);
        assertEquals(1, bench.told.size());
    }

    @Test
    void oneDestinationGetsOnlySoManyDeliveriesAtATime() throws Exception {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var go = new CountDownLatch(1);
        var held = Bench.after(go, Bench::sent);
        bench.agent =
                r -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    Outcome sent = held.apply(r);
                    now.decrementAndGet();
                    return sent;
                };
        bench.limited(Bench.limits(100, 5, 8, 50)).start();
        QueueId last = bench.submit("a@x.test", "b@y.test");
        for (int i = 0; i < 60; i++) {
            last = bench.submit("a@x.test", "b@y.test");
        }
        Await.until("five under way", () -> now.get() == 5);
        assertEquals(5, bench.manager().glance().windows().get("smtp:y.test"));
        go.countDown();
        bench.awaitGone(last);
        assertTrue(most.get() <= 8, "at most 8, not " + most.get());
    }

    @Test
    void transportGetsOnlySoManyDeliveriesAtATime() throws IOException {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        bench.agent =
                r -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    now.decrementAndGet();
                    return Bench.sent(r);
                };
        bench.limited(Bench.limits(3, 5, 8, 50)).start();
        QueueId last = bench.submit("a@x.test", "b@y.test");
        for (int i = 0; i < 60; i++) {
            last = bench.submit("a@x.test", "b@y" + i + ".test");
        }
        bench.awaitGone(last);
        assertTrue(most.get() <= 3, "at most 3, not " + most.get());
    }

    @Test
    void extensionsOfAUserAreOneDestination() throws Exception {
        var go = new CountDownLatch(1);
        bench.agent = Bench.after(go, Bench::sent);
        bench.limited(Bench.limits(100, 2, 2, 1)).start();
        QueueId many =
                bench.submit(
                        "a@x.test",
                        "user@y.test",
                        "User+1@y.test",
                        "user+2@y.test",
                        "USER+3@y.test");
        Await.until("active", () -> bench.manager().glance().active() == 1);
        QueueId other = bench.submit("a@x.test", "other@y.test");
        Await.until("two and one under way", () -> bench.requests.size() == 3);
        assertEquals(
                Set.of("smtp:user@y.test", "smtp:other@y.test"),
                bench.manager().glance().windows().keySet());
        go.countDown();
        bench.awaitGone(many);
        bench.awaitGone(other);
        assertEquals(5, bench.requests.size());
    }

    @Test
    void deadDestinationIsLeftAloneForAWhile() throws IOException {
        bench.agent = Bench::unreachable;
        bench.limited(Bench.limits(1, 1, 1, 50)).start();
        QueueId first = bench.submit("a@x.test", "b@dead.test");
        bench.awaitIn(QueueName.DEFERRED, first);
        QueueId second = bench.submit("a@x.test", "c@dead.test");
        bench.awaitIn(QueueName.DEFERRED, second);
        assertEquals(1, bench.requests.size());
        bench.awaitLog(
                second
                        + ": to=<c@dead.test>, relay=none, delay=0, delays=0/0/0/0, dsn=4.4.1, status=deferred (delivery temporarily suspended: connection refused)");
        bench.agent = Bench::sent;
        bench.advance(Duration.ofSeconds(300));
        bench.awaitGone(first);
        bench.awaitGone(second);
    }

    @Test
    void smallMessageOvertakesALargeOne() throws IOException {
        var go = new CountDownLatch(1);
        bench.agent = Bench.after(go, Bench::sent);
        bench.limited(Bench.limits(1, 1, 1, 1)).start();
        var many = new String[40];
        for (int i = 0; i < many.length; i++) {
            many[i] = "user" + i + "@y.test";
        }
        QueueId large = bench.submit("list@x.test", many);
        Await.until("first delivery", () -> bench.requests.size() == 1);
        QueueId small = bench.submit("a@x.test", "b@z.test");
        Await.until("both active", () -> bench.manager().glance().active() == 2);
        go.countDown();
        bench.awaitGone(large);
        bench.awaitGone(small);
        int place = 0;
        while (!bench.requests.get(place).id().equals(small)) {
            place++;
        }
        assertTrue(place <= 2, "place " + place);
    }

    @Test
    void flushTriesOneMessageOrASite() throws IOException {
        bench.agent = Bench::deferred;
        bench.start();
        QueueId one = bench.submit("a@x.test", "b@y.test");
        QueueId two = bench.submit("a@x.test", "b@z.test");
        QueueId three = bench.submit("a@x.test", "b@z.test");
        for (QueueId id : List.of(one, two, three)) {
            bench.awaitIn(QueueName.DEFERRED, id);
        }
        bench.agent = Bench::sent;
        assertEquals(0, bench.manager().flush(List.of(new QueueId("ABCDEF123"))));
        assertEquals(1, bench.manager().flush(List.of(one)));
        Await.until("one gone", () -> bench.spool.find(one).isEmpty());
        assertTrue(bench.isIn(QueueName.DEFERRED, two));
        assertEquals(2, bench.manager().flushSite("Z.TEST"));
        bench.awaitGone(two);
        bench.awaitGone(three);
    }

    @Test
    void flushRevivesWhatWasTakenForDead() throws IOException {
        bench.agent = Bench::unreachable;
        bench.limited(Bench.limits(1, 1, 1, 50)).start();
        QueueId id = bench.submit("a@x.test", "b@dead.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        bench.agent = Bench::sent;
        bench.manager().flushAll();
        bench.awaitGone(id);
    }

    @Test
    void deferredTransportWaitsForAFlush() throws IOException {
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@held.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        bench.awaitLog("dsn=4.3.2, status=deferred (deferred transport)");
        bench.manager().flush(List.of(id));
        bench.awaitGone(id);
    }

    @Test
    void unresolvableRecipientIsDeferred() throws IOException {
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@unresolvable.test", "c@y.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        assertEquals(1, bench.requests.size());
        bench.awaitLog("dsn=4.3.0, status=deferred (address resolver failure: table is broken)");
    }

    @Test
    void forcedExpiryReturnsWithoutAnotherAttempt() throws IOException, CorruptQueueFileException {
        bench.agent = Bench::deferred;
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@y.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        try (var file = QueueFile.open(bench.spool.path(QueueName.DEFERRED, id), true)) {
            file.expire(true);
        }
        bench.manager().flush(List.of(id));
        bench.awaitGone(id);
        assertEquals(1, bench.requests.size());
        bench.awaitLog(id + ": from=<a@x.test>, status=force-expired, returned to sender");
        assertEquals("not now", bench.told.getFirst().entries().getFirst().dsn().reason());
    }

    /// All recipients of a message that is to be scanned go one way, as they are.
    @Test
    void aContentFilterGetsTheMessageInsteadOfItsDestinations() throws Exception {
        bench.start();
        assertEquals(
                List.of("scan [127.0.0.1]:10024 b@Y.test", "scan [127.0.0.1]:10024 c@z.test"),
                filtered("scan:[127.0.0.1]:10024"));
        assertEquals(List.of("scan y.test b@Y.test", "scan z.test c@z.test"), filtered("scan:"));
        assertEquals(
                List.of("scan filter.test b@Y.test", "scan filter.test c@z.test"),
                filtered("scan:Filter.TEST"));
        assertEquals(
                List.of("lmtp unix:/run/Scan b@Y.test", "lmtp unix:/run/Scan c@z.test"),
                filtered("lmtp:unix:/run/Scan"));
    }

    @Test
    void aFilterWithoutNextHopHasTheConfiguredOne() throws Exception {
        bench.filteringAt("filter.test").start();
        assertEquals(
                List.of("scan filter.test b@Y.test", "scan filter.test c@z.test"),
                filtered("scan:"));
    }

    /// Where a message with that filter goes: transport, next hop and recipient, in order.
    private List<String> filtered(String filter) throws IOException {
        bench.ways.clear();
        var envelope =
                new Envelope(
                        "a@x.test", bench.clock.instant(), "T", Map.of(Envelope.FILTER, filter));
        QueueId id = bench.put(QueueName.INCOMING, envelope, "", List.of("b@Y.test", "c@z.test"));
        bench.manager().incoming(id);
        bench.awaitGone(id);
        return bench.ways.stream().sorted().toList();
    }

    @Test
    void destinationRestsAfterEachDelivery() throws Exception {
        bench.limited(
                        new QmgrSettings.Limits(
                                100, 5, 20, 50, 1, Duration.ofSeconds(10), Duration.ZERO))
                .start();
        bench.submit("a@x.test", "b@y.test");
        QueueId second = bench.submit("a@x.test", "b@y.test");
        QueueId other = bench.submit("a@x.test", "b@z.test");
        Await.until("other gone", () -> bench.spool.find(other).isEmpty());
        Await.until("first gone", () -> bench.manager().glance().active() == 1);
        assertEquals(2, bench.requests.size());
        bench.advance(Duration.ofSeconds(10));
        bench.awaitGone(second);
    }

    @Test
    void transportRestsAfterEachDelivery() throws Exception {
        bench.limited(
                        new QmgrSettings.Limits(
                                100, 5, 20, 50, 1, Duration.ZERO, Duration.ofSeconds(10)))
                .start();
        bench.submit("a@x.test", "b@y.test");
        QueueId second = bench.submit("a@x.test", "b@z.test");
        Await.until(
                "first gone",
                () -> bench.requests.size() == 1 && bench.manager().glance().active() == 1);
        bench.advance(Duration.ofSeconds(10));
        bench.awaitGone(second);
    }

    @Test
    void activeQueueIsBounded() throws IOException {
        var go = new CountDownLatch(1);
        bench.agent = Bench.after(go, Bench::sent);
        bench.activeLimit(3).start();
        for (int i = 0; i < 20; i++) {
            bench.submit("a@x.test", "b@y.test");
        }
        Await.until("full", () -> bench.manager().glance().active() == 3);
        go.countDown();
        Await.until(
                "all gone",
                () ->
                        bench.spool.scan(QueueName.INCOMING).isEmpty()
                                && bench.spool.scan(QueueName.ACTIVE).isEmpty());
        assertEquals(20, bench.requests.size());
    }
}
