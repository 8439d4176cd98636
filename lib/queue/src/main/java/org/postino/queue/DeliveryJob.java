// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.slf4j.Logger;

/// One request in the hands of an agent: it gives what is to be delivered, and takes the results.
///
/// [#report] may be called by any thread, once for each recipient.
public final class DeliveryJob {
    /// The receiver of results: the connection to the queue manager, or a list in a test.
    interface Sink {
        void accept(DeliveryResult result) throws IOException;
    }

    private final DeliveryRequest request;
    private final QueueFile message;
    private final Clock clock;
    private final Logger log;
    private final boolean softBounce;
    private final Sink sink;
    private final Instant begun;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Recipient> open = new HashMap<>();
    private volatile boolean cancelled;
    private volatile @Nullable Dsn destinationFailure;

    DeliveryJob(
            DeliveryRequest request,
            QueueFile message,
            Clock clock,
            Logger log,
            boolean softBounce,
            Sink sink) {
        this.request = request;
        this.message = message;
        this.clock = clock;
        this.log = log;
        this.softBounce = softBounce;
        this.sink = sink;
        this.begun = clock.instant();
        for (Recipient r : request.recipients()) {
            open.put(r.offset(), r);
        }
    }

    public DeliveryRequest request() {
        return request;
    }

    /// The open queue file: envelope and content. The server closes it, not the agent.
    public QueueFile message() {
        return message;
    }

    /// The recipients to deliver to.
    public List<Recipient> recipients() {
        return request.recipients();
    }

    /// The time at which the agent got the request.
    public Instant begun() {
        return begun;
    }

    /// True if the queue manager is gone. An agent leaves recipients alone then with which it has not begun: another queue manager will ask again.
    public boolean cancelled() {
        return cancelled;
    }

    /// An attempt without a connection, which began with the request and ends now.
    public Attempt attempt() {
        return Attempt.of(begun, clock.instant());
    }

    /// Reports a recipient as [#report(Recipient, Delivery, String, Attempt)] does, with [#attempt()].
    public void report(Recipient r, Delivery outcome, String relay) {
        report(r, outcome, relay, attempt());
    }

    /// Reports the outcome for a recipient: logs the `status=` line, marks a recipient that has the message as done in
    /// the queue file, and tells the queue manager.
    ///
    /// The severity of the status follows the outcome, whatever the agent put there. A second report of a recipient is ignored.
    ///
    /// @param relay `HOST[ADDRESS]:PORT`, `local`, `virtual`, `none`
    public void report(Recipient r, Delivery outcome, String relay, Attempt times) {
        lock.lock();
        try {
            Recipient known = open.remove(r.offset());
            if (known != null) {
                log(known, outcome, relay, times);
                record(known, settled(outcome), relay);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Logs the `status=` line of one of several deliveries for a recipient; [#settle] reports the recipient after them.
    ///
    /// @param part the recipient with the address that was delivered to
    public void logPart(Recipient part, Delivery outcome, String relay) {
        log(part, outcome, relay, attempt());
    }

    /// Reports a recipient as [#report(Recipient, Delivery, String)] does, when its `status=` lines are in the log already.
    public void settle(Recipient r, Delivery outcome, String relay) {
        lock.lock();
        try {
            Recipient known = open.remove(r.offset());
            if (known != null) {
                record(known, settled(outcome), relay);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Reports that the destination itself could not be reached or refuses us, so that the queue manager slows down or waits. The
    /// recipients must be reported all the same.
    public void destinationFailed(Dsn why) {
        destinationFailure = why;
    }

    @Nullable Dsn destinationFailure() {
        return destinationFailure;
    }

    /// Defers the recipients that the agent left unreported.
    void deferRest(Dsn why) {
        for (Recipient r : request.recipients()) {
            report(r, new Delivery.Deferred(why), "none");
        }
    }

    boolean isSettled() {
        lock.lock();
        try {
            return open.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void log(Recipient r, Delivery outcome, String relay, Attempt times) {
        log.info(
                "{}",
                StatusLine.of(
                        request.id(),
                        r,
                        relay,
                        request.arrival(),
                        request.activeSince(),
                        times,
                        settled(outcome).dsn(),
                        word(outcome)));
    }

    private void record(Recipient r, Delivery outcome, String relay) {
        if (outcome instanceof Delivery.Sent) {
            markDone(r);
        }
        try {
            if (!cancelled) {
                sink.accept(new DeliveryResult(r.offset(), outcome, relay));
            }
        } catch (IOException e) {
            cancelled = true;
            log.warn("{}: queue manager is gone: {}", request.id(), e.getMessage());
        }
    }

    private void markDone(Recipient r) {
        try {
            message.mark(r, RecipientStatus.DONE);
        } catch (IOException e) {
            log.error(
                    "{}: cannot mark <{}> as done, it may be delivered again: {}",
                    request.id(),
                    StatusLine.address(r.address()),
                    e.getMessage());
        }
    }

    private String word(Delivery outcome) {
        if (request.isProbe()) {
            return outcome instanceof Delivery.Sent ? "deliverable" : "undeliverable";
        }
        return softBounce && outcome instanceof Delivery.Bounced ? "SOFTBOUNCE" : outcome.word();
    }

    private Delivery settled(Delivery outcome) {
        return switch (outcome) {
            case Delivery.Sent(Dsn dsn, Delivery.Goal goal) ->
                    new Delivery.Sent(withSeverity(dsn, 2), goal);
            case Delivery.Deferred(Dsn dsn) -> new Delivery.Deferred(withSeverity(dsn, 4));
            case Delivery.Bounced(Dsn dsn) ->
                    softBounce && !request.isProbe()
                            ? new Delivery.Deferred(withSeverity(dsn, 4))
                            : new Delivery.Bounced(withSeverity(dsn, 5));
        };
    }

    private static Dsn withSeverity(Dsn dsn, int severity) {
        return dsn.status().severity() == severity
                ? dsn
                : new Dsn(
                        dsn.status().withSeverity(severity),
                        dsn.reason(),
                        dsn.remote(),
                        dsn.diagnostic());
    }
}
