// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.DeliveryResult;
import org.postino.queue.QueueId;
import org.postino.queue.Recipient;
import org.postino.queue.RecipientLog;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.slf4j.Logger;

/// The batches in the hands of agents: each has a virtual thread, which writes bounces into the log before it reports.
final class BatchRunner {
    /// The result of a delivery.
    ///
    /// @param sent recipients that have the message
    /// @param bounced recipients that never will have it; they are in the log
    /// @param deferred recipients to try later, with the reason
    /// @param left recipients of which the agent said nothing before it was lost
    record Ended(
            Batch batch,
            Outcome outcome,
            List<RecipientLog.Entry> sent,
            List<RecipientLog.Entry> bounced,
            List<RecipientLog.Entry> deferred,
            List<Recipient> left) {}

    private final Agents agents;
    private final Ledger ledger;
    private final ExecutorService disk;
    private final Clock clock;
    private final Logger log;

    BatchRunner(Agents agents, Ledger ledger, ExecutorService disk, Clock clock, Logger log) {
        this.agents = agents;
        this.ledger = ledger;
        this.disk = disk;
        this.clock = clock;
        this.log = log;
    }

    /// Begins a delivery; `whenEnded` is called on another thread.
    void begin(Batch b, Consumer<Ended> whenEnded) {
        Thread.ofVirtual().start(() -> b.message().traced(() -> whenEnded.accept(deliver(b))));
    }

    private Ended deliver(Batch b) {
        Outcome outcome;
        try {
            outcome = agents.deliver(b.destination().transport().name(), b.message().request(b));
        } catch (RuntimeException e) {
            log.error("panic: {}: {}", b.message().id(), e.toString(), e);
            outcome = new Outcome.Lost(List.of(), e.toString());
        }
        return switch (outcome) {
            case Outcome.Answered(var results, _) -> sorted(b, outcome, results);
            case Outcome.Lost(var results, _) -> sorted(b, outcome, results);
            case Outcome.Unavailable _, Outcome.Gone _, Outcome.Corrupt _ ->
                    new Ended(b, outcome, List.of(), List.of(), List.of(), List.of());
        };
    }

    private Ended sorted(Batch b, Outcome outcome, List<DeliveryResult> results) {
        Map<Long, Recipient> unknown = new HashMap<>();
        for (Recipient r : b.recipients()) {
            unknown.put(r.offset(), r);
        }
        var sent = new ArrayList<RecipientLog.Entry>();
        var bounced = new ArrayList<RecipientLog.Entry>();
        var deferred = new ArrayList<RecipientLog.Entry>();
        for (DeliveryResult result : results) {
            Recipient r = unknown.remove(result.offset());
            if (r != null) {
                switch (result.outcome()) {
                    case Delivery.Sent(_, var goal) -> sent.add(entry(r, result, action(goal)));
                    case Delivery.Bounced _ -> bounced.add(entry(r, result, "failed"));
                    case Delivery.Deferred _ -> deferred.add(entry(r, result, "delayed"));
                }
            }
        }
        if (!bounced.isEmpty()) {
            writeDown(b.message().id(), bounced, deferred);
        }
        List<Recipient> left = new ArrayList<>();
        Outcome known = outcome;
        if (!unknown.isEmpty()) {
            for (Recipient r : b.recipients()) {
                if (unknown.containsKey(r.offset())) {
                    left.add(r);
                }
            }
            known = reread(b, outcome, left, sent);
        }
        return new Ended(b, known, sent, bounced, deferred, left);
    }

    private static String action(Delivery.Goal goal) {
        return switch (goal) {
            case DELIVERED -> "delivered";
            case RELAYED -> "relayed";
            case EXPANDED -> "expanded";
            case PASSED_ON -> ActiveMessage.PASSED_ON;
        };
    }

    private RecipientLog.Entry entry(Recipient r, DeliveryResult result, String action) {
        return new RecipientLog.Entry(
                r, action, result.outcome().dsn(), result.relay(), clock.instant());
    }

    /// Writes bounced recipients into the log; those that cannot be written are deferred instead.
    private void writeDown(
            QueueId id, List<RecipientLog.Entry> bounced, List<RecipientLog.Entry> deferred) {
        var copy = List.copyOf(bounced);
        String problem = onDisk(() -> ledger.bounced(id, copy));
        if (problem != null) {
            log.error("{}: cannot write the bounce log: {}", id, problem);
            for (RecipientLog.Entry e : bounced) {
                Dsn why = Dsn.of("4.3.0", "bounce log cannot be written: " + problem);
                deferred.add(
                        new RecipientLog.Entry(e.recipient(), "delayed", why, e.relay(), e.when()));
            }
            bounced.clear();
        }
    }

    /// Looks up in the queue file the recipients of which the agent said nothing: those that are marked as done there have the message.
    private Outcome reread(
            Batch b, Outcome outcome, List<Recipient> left, List<RecipientLog.Entry> sent) {
        try {
            List<Recipient> open = ledger.open(b.message().id(), left);
            for (Recipient r : left) {
                if (!open.contains(r)) {
                    sent.add(
                            new RecipientLog.Entry(
                                    r,
                                    "delivered",
                                    Dsn.of("2.0.0", "delivered before the agent was lost"),
                                    "none",
                                    clock.instant()));
                }
            }
            left.retainAll(open);
            return outcome;
        } catch (NoSuchFileException e) {
            return new Outcome.Gone();
        } catch (CorruptQueueFileException e) {
            return new Outcome.Corrupt(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            log.warn("{}: cannot read the queue file: {}", b.message().id(), e.getMessage());
            return outcome;
        }
    }

    private interface DiskWork {
        void run() throws IOException, CorruptQueueFileException;
    }

    /// Does work on a thread that may wait for the disk; returns what went wrong, or null.
    private @Nullable String onDisk(DiskWork work) {
        try {
            disk.submit(
                            () -> {
                                work.run();
                                return true;
                            })
                    .get();
            return null;
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
