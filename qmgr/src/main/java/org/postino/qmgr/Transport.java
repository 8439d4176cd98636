// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postino.qmgr.QmgrSettings.Limits;
import org.postino.smtp.Dsn;

/// One transport: its destinations, and the order in which their batches go to the agent.
///
/// The order is start-time fair queueing with messages as flows. The transport has a virtual time V. The k-th batch of a
/// message that comes in at V gets the key V+k, the lowest key goes first, and each delivery moves V on by a fifth, or to
/// the key it had if that is more. So a message with few recipients overtakes the later batches of one with many, large
/// messages take turns, and as time moves on with every delivery, five small messages at most overtake each batch of a large one:
/// nobody starves. Batches for a destination that is busy or dead are not looked at, whatever their key.
final class Transport {
    private static final double STEP = 0.2;

    private record Pause(Destination destination, Instant end) {}

    private final String name;
    private final Limits limits;
    private final Map<String, Destination> destinations = new HashMap<>();
    private final TreeMap<Batch, Destination> ready =
            new TreeMap<>(Comparator.naturalOrder()); // by the head of each destination with room
    private final Map<Destination, Batch> listed = new HashMap<>();
    private final ArrayDeque<Pause> pauses = new ArrayDeque<>(); // in order of time
    private double virtualTime;
    private int busy;
    private @Nullable Instant restsUntil;
    private @Nullable Instant deadUntil;
    private @Nullable Dsn failure;

    Transport(String name, Limits limits) {
        this.name = name;
        this.limits = limits;
    }

    String name() {
        return name;
    }

    Limits limits() {
        return limits;
    }

    double virtualTime() {
        return virtualTime;
    }

    Collection<Destination> destinations() {
        return destinations.values();
    }

    /// The destination of that key, made if there is none.
    Destination destination(String key, String nexthop) {
        return destinations.computeIfAbsent(key, k -> new Destination(this, k, nexthop));
    }

    void add(Batch b) {
        b.destination().add(b);
        refresh(b.destination());
    }

    void withdraw(Batch b) {
        b.destination().remove(b);
        refresh(b.destination());
    }

    /// The next batch for the agent, or null if nothing may go now.
    @Nullable Batch next() {
        boolean full = limits.processes() > 0 && busy >= limits.processes();
        if (ready.isEmpty() || full || restsUntil != null) {
            return null;
        }
        Destination d = ready.firstEntry().getValue();
        Batch b = d.take();
        refresh(d);
        if (b != null) {
            busy++;
            virtualTime = Math.max(virtualTime + STEP, b.key());
        }
        return b;
    }

    /// Gives back the room of a delivery that ended, well or not.
    void released(Destination d, Instant now) {
        busy--;
        d.released();
        if (!limits.destinationPause().isZero()) {
            d.rest(true);
            pauses.add(new Pause(d, now.plus(limits.destinationPause())));
        }
        if (!limits.transportPause().isZero()) {
            restsUntil = now.plus(limits.transportPause());
        }
        refresh(d);
    }

    /// Ends the pauses that are over; returns the end of the next one, or null.
    @Nullable Instant wake(Instant now) {
        if (restsUntil != null && !now.isBefore(restsUntil)) {
            restsUntil = null;
        }
        while (!pauses.isEmpty() && !now.isBefore(pauses.getFirst().end())) {
            Destination d = pauses.removeFirst().destination();
            d.rest(false);
            refresh(d);
        }
        Instant next = pauses.isEmpty() ? null : pauses.getFirst().end();
        return restsUntil == null || (next != null && next.isBefore(restsUntil))
                ? next
                : restsUntil;
    }

    /// Takes the transport for dead; takes out and returns all batches that wait for it.
    List<Batch> die(Instant until, Dsn why) {
        deadUntil = until;
        failure = why;
        var waiting = new ArrayList<Batch>();
        for (Destination d : new ArrayList<>(destinations.values())) {
            waiting.addAll(d.clear());
            refresh(d);
        }
        return waiting;
    }

    /// Takes a destination for dead; takes out and returns all batches that wait for it.
    List<Batch> die(Destination d, Instant until, Dsn why) {
        d.die(until, why);
        List<Batch> waiting = d.clear();
        refresh(d);
        return waiting;
    }

    void revive() {
        deadUntil = null;
        failure = null;
        for (Destination d : new ArrayList<>(destinations.values())) {
            d.revive();
            refresh(d);
        }
    }

    /// The reason why nothing can go to that destination now; null if something can.
    @Nullable Dsn deadBecause(Destination d, Instant now) {
        if (deadUntil != null && !now.isBefore(deadUntil)) {
            deadUntil = null;
            failure = null;
        }
        return failure != null ? failure : d.deadBecause(now);
    }

    /// Forgets destinations that are not dead any longer and for which nothing waits.
    void sweep(Instant now) {
        for (Destination d : new ArrayList<>(destinations.values())) {
            if (d.deadBecause(now) == null) {
                refresh(d);
            }
        }
    }

    /// Gives a destination the place in the order that its first batch and its room call for, or forgets it if it is idle.
    void refresh(Destination d) {
        Batch before = listed.remove(d);
        if (before != null) {
            ready.remove(before);
        }
        Batch head = d.head();
        if (head != null && d.hasRoom()) {
            listed.put(d, head);
            ready.put(head, d);
        } else if (d.isIdle()) {
            destinations.remove(d.key());
        }
    }
}
