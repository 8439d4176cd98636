// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.postino.qmgr.QmgrSettings.Limits;
import org.postino.smtp.Dsn;

/// One nexthop of a transport: the batches that wait for it, the number of deliveries that it bears, and whether it is taken for dead.
///
/// The number of deliveries at a time begins at the initial concurrency, grows by one with each success as long as it is
/// used, and shrinks by one with each failure of the destination itself. A failure weighs 1/window; when the weights since
/// the last success add up to the failed-cohort limit, the destination is dead for a while.
final class Destination {
    private final Transport transport;
    private final String key;
    private final String nexthop;
    private final PriorityQueue<Batch> waiting = new PriorityQueue<>();
    private int window;
    private int busy;
    private double failedCohorts;
    private boolean resting;
    private @Nullable Instant deadUntil;
    private @Nullable Dsn failure;

    Destination(Transport transport, String key, String nexthop) {
        this.transport = transport;
        this.key = key;
        this.nexthop = nexthop;
        this.window = bounded(transport.limits().initialConcurrency());
    }

    Transport transport() {
        return transport;
    }

    String key() {
        return key;
    }

    String nexthop() {
        return nexthop;
    }

    int window() {
        return window;
    }

    int busy() {
        return busy;
    }

    void add(Batch b) {
        waiting.add(b);
    }

    boolean remove(Batch b) {
        return waiting.remove(b);
    }

    @Nullable Batch head() {
        return waiting.peek();
    }

    /// Takes the first batch for delivery.
    @Nullable Batch take() {
        Batch b = waiting.poll();
        if (b != null) {
            busy++;
        }
        return b;
    }

    /// Takes out and returns all batches that wait.
    List<Batch> clear() {
        var all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    boolean hasRoom() {
        return busy < window && !resting;
    }

    /// True if there is nothing to remember about it.
    boolean isIdle() {
        return busy == 0 && waiting.isEmpty() && deadUntil == null && !resting;
    }

    /// Begins or ends a pause, in which it gets nothing because of its rate delay.
    void rest(boolean now) {
        resting = now;
    }

    /// Gives back the room of a delivery that ended, well or not.
    void released() {
        busy--;
    }

    void succeeded() {
        failedCohorts = 0;
        if (window <= busy + transport.limits().initialConcurrency()) {
            window = bounded(window + 1);
        }
    }

    /// Takes in that the destination could not be reached or refused us; returns true if it is to be taken for dead.
    boolean failed() {
        Limits limits = transport.limits();
        failedCohorts += 1.0 / window;
        window = Math.max(1, window - 1);
        // A sum of fractions falls short of a whole number by rounding.
        return limits.failedCohorts() > 0 && failedCohorts >= limits.failedCohorts() - 1e-9;
    }

    void die(Instant until, Dsn why) {
        deadUntil = until;
        failure = why;
        window = 1;
        failedCohorts = 0;
    }

    void revive() {
        deadUntil = null;
        failure = null;
    }

    /// The reason why it is taken for dead; null if it is not, or not any longer.
    @Nullable Dsn deadBecause(Instant now) {
        if (deadUntil != null && !now.isBefore(deadUntil)) {
            revive();
        }
        return failure;
    }

    private int bounded(int wanted) {
        int limit = transport.limits().concurrency();
        return limit > 0 ? Math.min(limit, wanted) : wanted;
    }
}
