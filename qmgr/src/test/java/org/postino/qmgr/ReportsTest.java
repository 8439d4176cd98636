// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.queue.Envelope;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;

/// Messages of which somebody wants to know what became of them, whatever that is.
final class ReportsTest {
    @TempDir Path dir;
    private Bench bench;

    @BeforeEach
    void open() throws IOException {
        bench = new Bench(dir);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    private QueueId put(String name, String value, String... recipients) throws IOException {
        var envelope =
                new Envelope("a@x.test", bench.clock.instant(), "TRACE", Map.of(name, value));
        QueueId id = bench.put(QueueName.INCOMING, envelope, "", List.of(recipients));
        bench.manager().incoming(id);
        return id;
    }

    @Test
    void verifyHearsOfAProbeAndItIsRemovedWhateverCameOfIt() throws IOException {
        bench.start();
        bench.awaitGone(put(Envelope.PROBE, "b@y.test", "b@y.test"));
        bench.agent = Bench::bounced;
        bench.awaitGone(put(Envelope.PROBE, "c@y.test", "c@y.test"));
        bench.agent = Bench::deferred;
        bench.awaitGone(put(Envelope.PROBE, "d@y.test", "d@y.test"));
        bench.awaitGone(put(Envelope.PROBE, "e@unresolvable.test", "e@unresolvable.test"));
        assertEquals(4, bench.probed.size());
        assertTrue(bench.probed.get(0).startsWith("b@y.test DELIVERABLE "), bench.probed.get(0));
        assertTrue(bench.probed.get(1).startsWith("c@y.test UNDELIVERABLE "), bench.probed.get(1));
        assertEquals("d@y.test DEFERRED not now", bench.probed.get(2));
        assertTrue(bench.probed.get(3).contains(" DEFERRED address resolver failure"));
        assertTrue(bench.told.isEmpty());
        assertTrue(bench.requests.stream().allMatch(r -> r.isProbe()));
    }

    @Test
    void ofAnAddressThatStandsForSeveralOneIsEnough() throws IOException {
        bench.agent = r -> r.nexthop().equals("y.test") ? Bench.bounced(r) : Bench.sent(r);
        bench.start();
        bench.awaitGone(put(Envelope.PROBE, "all@x.test", "b@y.test", "c@z.test"));
        assertTrue(bench.probed.getFirst().startsWith("all@x.test DELIVERABLE "));
    }

    @Test
    void aSenderHearsWhatWouldBecomeOfAMessage() throws IOException {
        bench.agent = r -> r.nexthop().equals("y.test") ? Bench.bounced(r) : Bench.deferred(r);
        bench.start();
        bench.awaitGone(put(Envelope.REPORT, Envelope.LOOKED_UP, "b@y.test", "c@z.test"));
        assertEquals(1, bench.told.size());
        assertEquals(Notifier.Kind.REPORT, bench.told.getFirst().kind());
        assertEquals(
                List.of("undeliverable", "undeliverable"),
                bench.told.getFirst().entries().stream().map(e -> e.action()).toList());
    }

    @Test
    void aReportOfDeliveriesIsMadeOnceAndMailGoesItsWay() throws IOException {
        bench.agent = r -> r.nexthop().equals("y.test") ? Bench.sent(r) : Bench.deferred(r);
        bench.start();
        QueueId id = put(Envelope.REPORT, Envelope.DELIVERED, "b@y.test", "c@z.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        assertEquals(2, bench.told.getFirst().entries().size());
        assertTrue(bench.requests.stream().noneMatch(r -> r.isProbe()));
        bench.agent = Bench::sent;
        bench.manager().flushAll();
        bench.awaitGone(id);
        assertEquals(1, bench.told.size());
    }
}
