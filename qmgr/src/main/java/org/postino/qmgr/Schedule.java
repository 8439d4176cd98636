// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.qmgr.ActiveMessage.State;
import org.postino.queue.Attempt;
import org.postino.queue.Recipient;
import org.postino.queue.RecipientLog;
import org.postino.queue.StatusLine;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.slf4j.Logger;

/// The transports and what they do next; owned by the [QueueManager] thread.
///
/// [#add] makes batches of a message's recipients: those with the same transport and nexthop, as many at a time as the transport takes. Each
/// batch waits at its [Destination]; [#dispatch] gives agents what [Transport#next] allows; [#ended] takes in what an agent did. An answer that
/// blames the destination narrows it, or takes it for dead: then all that waits for it is deferred at once, batches of other
/// messages too. So each event may settle messages that it does not name; [#takeSettled] tells them, and who asks ends their pass.
///
/// A batch is in one place: it waits at its destination and in its message's list, or an agent has it. After an event the message learns
/// of the change before its transport does, and the transport's room is given back last: it would else be filled before the
/// destination is known to be dead.
final class Schedule {
    /// Agents lost with one batch before it is put off.
    private static final int MAX_CRASHES = 2;

    private record Way(String transport, String key, String nexthop) {}

    private final QmgrSettings settings;
    private final BatchRunner runner;
    private final Consumer<BatchRunner.Ended> whenEnded;
    private final Clock clock;
    private final Logger log;
    private final Map<String, Transport> transports = new HashMap<>();
    private final Set<ActiveMessage> settled = new LinkedHashSet<>();
    private long order;

    Schedule(
            QmgrSettings settings,
            BatchRunner runner,
            Consumer<BatchRunner.Ended> whenEnded,
            Clock clock,
            Logger log) {
        this.settings = settings;
        this.runner = runner;
        this.whenEnded = whenEnded;
        this.clock = clock;
        this.log = log;
    }

    /// Queues a message's recipients, grouped; those that cannot go now are deferred at once.
    void add(Activation.Loaded loaded, boolean unthrottle) {
        ActiveMessage m = loaded.message();
        m.defer(loaded.deferred());
        if (!m.expireNow()) {
            for (RecipientLog.Entry e : loaded.deferred()) {
                logDeferral(m, e.recipient(), e.dsn());
            }
        }
        Map<String, Integer> count = new HashMap<>();
        for (var group : grouped(loaded).entrySet()) {
            add(m, group.getKey(), group.getValue(), unthrottle, count);
        }
    }

    private Map<Way, List<Recipient>> grouped(Activation.Loaded loaded) {
        Map<Way, List<Recipient>> groups = new LinkedHashMap<>();
        for (Activation.Routed r : loaded.routed()) {
            boolean single = transport(r.transport()).limits().recipients() == 1;
            String key = single ? user(r) : r.nexthop();
            groups.computeIfAbsent(new Way(r.transport(), key, r.nexthop()), w -> new ArrayList<>())
                    .add(r.recipient());
        }
        return groups;
    }

    /// The key of a destination where a transport takes one recipient at a time: the user, whatever extension the address has.
    private String user(Activation.Routed r) {
        var address = Address.parse(r.recipient().address());
        return address.user(settings.delimiters()).toLowerCase(Locale.ROOT) + "@" + r.nexthop();
    }

    private void add(
            ActiveMessage m,
            Way way,
            List<Recipient> group,
            boolean unthrottle,
            Map<String, Integer> count) {
        Transport t = transport(way.transport());
        if (settings.deferTransports().contains(t.name()) && !unthrottle) {
            defer(m, group, Dsn.of("4.3.2", "deferred transport"));
            return;
        }
        Destination d = t.destination(way.key(), way.nexthop());
        if (unthrottle) {
            t.revive();
            d = t.destination(way.key(), way.nexthop());
        }
        Dsn dead = t.deadBecause(d, clock.instant());
        if (dead != null) {
            defer(m, group, suspended(dead));
            t.refresh(d);
            return;
        }
        int limit = t.limits().recipients();
        int size = limit > 0 ? limit : group.size();
        for (int i = 0; i < group.size(); i += size) {
            int k = count.merge(t.name(), 1, Integer::sum) - 1;
            List<Recipient> part = group.subList(i, Math.min(group.size(), i + size));
            queue(new Batch(m, d, part, t.virtualTime() + k, order++, 0));
        }
    }

    private static void queue(Batch b) {
        b.message().queued(b);
        b.destination().transport().add(b);
    }

    /// Begins as many deliveries as may run; returns when a transport or destination has rested enough for more, or null.
    @Nullable Instant dispatch() {
        Instant now = clock.instant();
        Instant next = null;
        for (Transport t : transports.values()) {
            Instant wake = t.wake(now);
            next = next == null || (wake != null && wake.isBefore(next)) ? wake : next;
            for (Batch b = t.next(); b != null; b = t.next()) {
                b.message().deliveryBegun(b);
                runner.begin(b, whenEnded);
            }
        }
        return next;
    }

    /// Takes in the result of a delivery.
    void ended(BatchRunner.Ended e, boolean draining) {
        Batch b = e.batch();
        ActiveMessage m = b.message();
        Destination d = b.destination();
        Transport t = d.transport();
        m.deliveryEnded(e);
        switch (e.outcome()) {
            case Outcome.Answered(_, var failure) -> feedback(t, d, failure);
            case Outcome.Unavailable(var reason) -> {
                if (!draining) { // else its agent was told to leave before us, and will be back
                    unavailable(t, b, reason);
                }
            }
            case Outcome.Lost(_, var reason) ->
                    m.traced(() ->
                            log.warn(
                                    "{}: delivery agent {} was lost: {}",
                                    m.id(),
                                    t.name(),
                                    reason));
            case Outcome.Gone _, Outcome.Corrupt _ -> {}
        }
        goOn(t, b, e.left(), draining);
        t.released(d, clock.instant());
    }

    private void goOn(Transport t, Batch b, List<Recipient> left, boolean draining) {
        if (left.isEmpty() || draining) {
            return;
        }
        if (b.crashes() < MAX_CRASHES && t.deadBecause(b.destination(), clock.instant()) == null) {
            queue(b.again(left));
        } else {
            defer(b.message(), left, Dsn.of("4.3.0", "delivery agent " + t.name() + " was lost"));
        }
    }

    private void feedback(Transport t, Destination d, @Nullable Dsn failure) {
        if (failure == null) {
            d.succeeded();
        } else if (d.failed()) {
            Instant until = clock.instant().plus(settings.minimalBackoff());
            deferAll(t.die(d, until, failure), suspended(failure));
        }
    }

    /// The reason for recipients that were not tried themselves because their destination is dead.
    private static Dsn suspended(Dsn dead) {
        return new Dsn(
                dead.status(),
                "delivery temporarily suspended: " + dead.reason(),
                dead.remote(),
                dead.diagnostic());
    }

    private void unavailable(Transport t, Batch b, String reason) {
        Dsn why = Dsn.of("4.3.0", "mail transport unavailable: " + reason);
        if (t.deadBecause(b.destination(), clock.instant()) == null) {
            log.warn("transport {} is unavailable: {}", t.name(), reason);
        }
        defer(b.message(), b.recipients(), why);
        deferAll(t.die(clock.instant().plus(settings.transportRetry()), why), why);
    }

    private void deferAll(List<Batch> batches, Dsn why) {
        for (Batch b : batches) {
            ActiveMessage m = b.message();
            if (m.state()
                    != State.ENDING) { // else it went back to incoming, and this batch with it
                m.dequeued(b);
                defer(m, b.recipients(), why);
            }
        }
    }

    private void defer(ActiveMessage m, List<Recipient> group, Dsn why) {
        Instant now = clock.instant();
        var entries = new ArrayList<RecipientLog.Entry>(group.size());
        for (Recipient r : group) {
            logDeferral(m, r, why);
            entries.add(new RecipientLog.Entry(r, "delayed", why, "none", now));
        }
        m.defer(entries);
        settled.add(m);
    }

    private void logDeferral(ActiveMessage m, Recipient r, Dsn why) {
        Instant now = clock.instant();
        String word = new Delivery.Deferred(why).word();
        String line =
                StatusLine.of(
                        m.id(),
                        r,
                        "none",
                        m.arrival(),
                        m.activeSince(),
                        Attempt.of(now, now),
                        why,
                        word);
        m.traced(() -> log.info("{}", line));
    }

    /// Takes out the batches of a message that still wait.
    void withdraw(ActiveMessage m) {
        for (Batch b : m.dequeueAll()) {
            b.destination().transport().withdraw(b);
        }
    }

    /// The messages of which recipients were deferred without a delivery since this was last asked.
    List<ActiveMessage> takeSettled() {
        var list = List.copyOf(settled);
        settled.clear();
        return list;
    }

    void reviveAll() {
        transports.values().forEach(Transport::revive);
    }

    void sweep() {
        Instant now = clock.instant();
        transports.values().forEach(t -> t.sweep(now));
    }

    /// The number of deliveries that each destination bears, by `transport:key`; for tests.
    Map<String, Integer> windows() {
        var all = new TreeMap<String, Integer>();
        for (Transport t : transports.values()) {
            for (Destination d : t.destinations()) {
                all.put(t.name() + ":" + d.key(), d.window());
            }
        }
        return all;
    }

    private Transport transport(String name) {
        return transports.computeIfAbsent(name, n -> new Transport(n, settings.limits().apply(n)));
    }
}
