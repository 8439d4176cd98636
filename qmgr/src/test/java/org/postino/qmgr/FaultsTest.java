// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;

/// Follows messages when agents, files or the queue manager itself go missing.
final class FaultsTest {
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
    void messagesThatNobodyAnnouncedAreFoundAtTheStart() throws IOException {
        QueueId incoming = bench.put(QueueName.INCOMING, "a@x.test", "b@y.test");
        QueueId active = bench.put(QueueName.ACTIVE, "a@x.test", "c@y.test");
        bench.start();
        bench.awaitGone(incoming);
        bench.awaitGone(active);
        bench.awaitLog("1 messages put back from the active queue");
    }

    @Test
    void messageStaysUntilItsNotificationIsSafe() throws IOException {
        bench.agent = Bench::bounced;
        bench.notifierProblem = "no space";
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@y.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        assertTrue(Files.exists(bench.spool.path(QueueName.BOUNCE, id)));
        bench.notifierProblem = null;
        bench.manager().flushAll();
        bench.awaitGone(id);
        assertEquals(1, bench.requests.size());
        assertEquals(1, bench.told.size());
    }

    @Test
    void missingTransportDefersAndIsTriedAgainLater() throws IOException {
        bench.agent = r -> new Outcome.Unavailable("no socket private/smtp");
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@y.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        bench.awaitLog(
                "dsn=4.3.0, status=deferred (mail transport unavailable: no socket private/smtp)");
        QueueId other = bench.submit("a@x.test", "b@z.test");
        bench.awaitIn(QueueName.DEFERRED, other);
        assertEquals(1, bench.requests.size());
        bench.agent = Bench::sent;
        bench.advance(Duration.ofSeconds(60));
        QueueId third = bench.submit("a@x.test", "b@z.test");
        bench.awaitGone(third);
    }

    @Test
    void lostAgentRepeatsOnlyWhatItDidNotMark() throws IOException {
        var attempts = new AtomicInteger();
        bench.agent =
                r -> {
                    if (attempts.incrementAndGet() == 1) {
                        bench.markDone(r, 2);
                        return new Outcome.Lost(List.of(), "killed");
                    }
                    return Bench.sent(r);
                };
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@y.test", "c@y.test", "d@y.test");
        bench.awaitGone(id);
        assertEquals(2, bench.requests.size());
        assertEquals(1, bench.requests.getLast().recipients().size());
        assertEquals("d@y.test", bench.requests.getLast().recipients().getFirst().address());
    }

    @Test
    void messageThatKillsItsAgentIsPutOff() throws IOException {
        bench.agent = r -> new Outcome.Lost(List.of(), "killed");
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@y.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        assertEquals(3, bench.requests.size());
        bench.awaitLog("status=deferred (delivery agent smtp was lost)");
    }

    @Test
    void damagedFileIsSetAside() throws IOException {
        QueueId id = bench.put(QueueName.INCOMING, "a@x.test", "b@y.test");
        try (var c =
                FileChannel.open(
                        bench.spool.path(QueueName.INCOMING, id), StandardOpenOption.WRITE)) {
            c.truncate(c.size() / 2);
        }
        bench.start();
        bench.awaitIn(QueueName.CORRUPT, id);
        bench.awaitLog(id + ": queue file is damaged");
        assertTrue(bench.requests.isEmpty());
    }

    @Test
    void fileDamagedUnderTheAgentIsSetAside() throws IOException {
        bench.agent = r -> new Outcome.Corrupt("bad record");
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@y.test", "c@z.test");
        bench.awaitIn(QueueName.CORRUPT, id);
    }

    @Test
    void messageDeletedUnderWayIsForgotten() throws IOException {
        var go = new CountDownLatch(1);
        bench.agent = Bench.after(go, r -> new Outcome.Gone());
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@y.test", "c@z.test");
        Await.until("under way", () -> !bench.requests.isEmpty());
        bench.spool.remove(QueueName.ACTIVE, id);
        go.countDown();
        bench.awaitGone(id);
        assertFalse(bench.logged(id + ": removed"));
    }

    @Test
    void messageHeldUnderWayKeepsItsPlace() throws IOException {
        var go = new CountDownLatch(1);
        bench.agent = Bench.after(go, Bench::deferred);
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@y.test");
        Await.until("under way", () -> !bench.requests.isEmpty());
        bench.spool.move(id, QueueName.ACTIVE, QueueName.HOLD);
        go.countDown();
        Await.until("ended", () -> bench.manager().glance().active() == 0);
        assertTrue(bench.isIn(QueueName.HOLD, id));
    }

    @Test
    void drainEndsWhatIsUnderWayAndPutsTheRestBack() throws Exception {
        var go = new CountDownLatch(1);
        bench.agent = Bench.after(go, Bench::sent);
        bench.limited(Bench.limits(1, 1, 1, 50)).start();
        QueueId first = bench.submit("a@x.test", "b@y.test");
        Await.until("under way", () -> bench.requests.size() == 1);
        QueueId second = bench.submit("a@x.test", "b@y.test");
        Await.until("both active", () -> bench.manager().glance().active() == 2);
        var drain = Thread.ofVirtual().start(bench.manager()::drain);
        bench.awaitIn(QueueName.INCOMING, second);
        go.countDown();
        drain.join();
        assertTrue(bench.spool.find(first).isEmpty());
        assertTrue(bench.isIn(QueueName.INCOMING, second));
    }

    @Test
    void messageThatWentBackIsNotDeferredAsWell() throws Exception {
        var go = new CountDownLatch(1);
        bench.agent = Bench.after(go, Bench::unreachable);
        bench.limited(Bench.limits(1, 1, 1, 50)).start();
        QueueId first = bench.submit("a@x.test", "b@y.test");
        Await.until("under way", () -> bench.requests.size() == 1);
        QueueId second = bench.submit("a@x.test", "b@y.test");
        Await.until("both active", () -> bench.manager().glance().active() == 2);
        var drain = Thread.ofVirtual().start(bench.manager()::drain);
        bench.awaitIn(QueueName.INCOMING, second);
        go.countDown(); // the destination is dead now, with the second's batch in its queue
        drain.join();
        assertTrue(bench.isIn(QueueName.DEFERRED, first));
        assertTrue(bench.isIn(QueueName.INCOMING, second));
        assertFalse(bench.logged(second + ": to="));
    }

    @Test
    void secondQueueManagerLeavesTheFirstOnesMessagesAlone() throws Exception {
        var go = new CountDownLatch(1);
        bench.agent = Bench.after(go, Bench::sent);
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@y.test");
        Await.until("under way", () -> bench.requests.size() == 1);
        try (var lock = new OwnerLock(directory.resolve("pid/qmgr.lock"))) {
            assertFalse(lock.tryLock());
        }
        go.countDown();
        bench.awaitGone(id);
        bench.manager().drain();
        try (var lock = new OwnerLock(directory.resolve("pid/qmgr.lock"))) {
            assertTrue(lock.tryLock());
        }
    }

    @Test
    void untoldBounceWaitsForTheRestart() throws Exception {
        var go = new CountDownLatch(1);
        bench.agent = Bench.after(go, Bench::bounced);
        bench.notifierProblem = "bounce daemon has left";
        bench.start();
        QueueId id = bench.submit("a@x.test", "b@y.test");
        Await.until("under way", () -> bench.requests.size() == 1);
        var drain = Thread.ofVirtual().start(bench.manager()::drain);
        Await.until("draining", () -> bench.manager().isDraining());
        go.countDown();
        drain.join();
        assertTrue(bench.isIn(QueueName.ACTIVE, id));
        assertTrue(Files.exists(bench.spool.path(QueueName.BOUNCE, id)));
    }

    @Test
    void successorWorksBesideOneThatStillDelivers() throws Exception {
        QueueId theirs = bench.put(QueueName.ACTIVE, "a@x.test", "b@y.test");
        try (var earlier = new OwnerLock(directory.resolve("pid/qmgr.lock"))) {
            assertTrue(earlier.tryLock());
            bench.start();
            bench.awaitGone(bench.submit("a@x.test", "c@y.test"));
            assertTrue(bench.isIn(QueueName.ACTIVE, theirs));
            QueueId putBack = bench.put(QueueName.INCOMING, "a@x.test", "d@y.test");
            bench.advance(Duration.ofSeconds(5));
            bench.awaitGone(putBack);
            assertTrue(bench.isIn(QueueName.ACTIVE, theirs));
        }
        bench.awaitGone(theirs);
    }
}
