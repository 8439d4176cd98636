// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.log.Trace;
import org.postino.queue.DeliveryRequest;
import org.postino.queue.Envelope;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.queue.RecipientLog;

/// A message in the active queue, and how far its pass is: one attempt at all recipients that are open in its file.
///
/// ```
///                       deliveryBegun
///   loaded ---> WAITING -------------> DELIVERING ---+---> SETTLED    every recipient has an outcome
///                |   ^                  |            |
///                |   |  deliveryEnded:  |            +---> WITHDRAWN  the file was taken away
///                |   +--- recipients ---+            |
///                |          are left                 +---> DAMAGED    the file cannot be read
///                |
///                +---> SETTLED    the rest was deferred, or nothing was open from the start
///
///   all but DELIVERING ---> endPass ---> ENDING ---> out of the active queue
/// ```
///
/// Only this class writes the state; its methods are the transitions. One that makes no sense is a bug of ours and is refused with an
/// [IllegalStateException]: the queue thread ends the daemon then, and the next one begins the pass again from the file.
///
/// **Owner.** The queue thread makes all transitions up to [#endPass]. From then on the message belongs to the thread that [Disposal]
/// gives it to, and the queue thread may ask for its [#state] alone. Whatever is final (the accessors of the file's facts, [#request])
/// may be read by any thread at any time; virtual threads that deliver a batch read nothing else.
///
/// **Limits.** A message is one of `qmgr_message_active_limit`, and its [#recipients] count against `qmgr_message_recipient_limit`: all that were
/// open at the beginning, until the message has left the active queue, however many of them are settled by then.
final class ActiveMessage {
    /// The action of a recipient whom the next server tells of: it is in no log (RFC 3461, 5.2.2).
    static final String PASSED_ON = "passed on";

    /// The part of its pass that a message is in.
    enum State {
        /// Some recipients have no outcome yet, and no agent has any of them.
        WAITING,
        /// Agents have at least one batch. They write to the file, so it stays where it is, whatever else is known.
        DELIVERING,
        /// Each recipient has an outcome: the message can be removed or deferred.
        SETTLED,
        /// An administrator deleted the file, put it on hold or requeued it.
        WITHDRAWN,
        /// An agent could not read the file.
        DAMAGED,
        /// The pass is over, and a disk thread takes the message out of the active queue.
        ENDING
    }

    private final QueueId id;
    private final Envelope envelope;
    private final long size;
    private final Instant activeSince;
    private final boolean expireNow;
    private final int recipients;

    private int unsettled;
    private int underWay;
    private boolean withdrawn;
    private @Nullable String damage;
    private boolean ending;
    private final List<Batch> waiting = new ArrayList<>();
    private final List<RecipientLog.Entry> deferred = new ArrayList<>();
    private final List<RecipientLog.Entry> delivered = new ArrayList<>();

    /// A message at the beginning of its pass.
    ///
    /// @param size bytes of the content
    /// @param activeSince the time at which it entered the active queue
    /// @param expireNow true if the operator wants it returned without another attempt
    /// @param recipients the number of open ones
    ActiveMessage(
            QueueId id,
            Envelope envelope,
            long size,
            Instant activeSince,
            boolean expireNow,
            int recipients) {
        this.id = id;
        this.envelope = envelope;
        this.size = size;
        this.activeSince = activeSince;
        this.expireNow = expireNow;
        this.recipients = recipients;
        this.unsettled = recipients;
    }

    QueueId id() {
        return id;
    }

    String sender() {
        return envelope.sender();
    }

    long size() {
        return size;
    }

    Instant arrival() {
        return envelope.arrival();
    }

    Instant activeSince() {
        return activeSince;
    }

    boolean expireNow() {
        return expireNow;
    }

    /// The content filter that gets the message first, `transport:nexthop`; null if it goes its own way.
    @Nullable String filter() {
        return isProbe() ? null : envelope.attributes().get(Envelope.FILTER);
    }

    /// True if it is delivered to nobody: agents say what they would do.
    boolean isProbe() {
        return Envelope.isProbe(envelope.attributes());
    }

    /// The address of which verify(8) wants to know; null if it asked nothing.
    @Nullable String probed() {
        return envelope.attributes().get(Envelope.PROBE);
    }

    /// True if somebody hears what became of each recipient, whatever that is.
    boolean isReported() {
        return probed() != null || envelope.attributes().containsKey(Envelope.REPORT);
    }

    /// The number of recipients by which it counts against the limit.
    int recipients() {
        return recipients;
    }

    /// Does something under the trace of the session that brought the message, so that the log tells which it was.
    void traced(Runnable work) {
        ScopedValue.where(Trace.ID, envelope.trace()).run(work);
    }

    /// The request to deliver a batch, as an agent gets it.
    DeliveryRequest request(Batch b) {
        return new DeliveryRequest(
                id,
                QueueName.ACTIVE,
                envelope.trace(),
                sender(),
                b.destination().nexthop(),
                b.recipients(),
                size,
                arrival(),
                activeSince,
                envelope.attributes());
    }

    /// The state, as the transitions have made it.
    ///
    /// ENDING hides every other, and DELIVERING all but that one. WITHDRAWN hides DAMAGED: there is no file to set aside.
    State state() {
        if (ending) {
            return State.ENDING;
        }
        if (underWay > 0) {
            return State.DELIVERING;
        }
        if (withdrawn) {
            return State.WITHDRAWN;
        }
        if (damage != null) {
            return State.DAMAGED;
        }
        return unsettled == 0 ? State.SETTLED : State.WAITING;
    }

    /// True if the file is gone or damaged: no more batches of it shall begin, though agents may still have some.
    boolean isLost() {
        return withdrawn || damage != null;
    }

    /// A batch waits for an agent from now on.
    void queued(Batch b) {
        refuseIf(ending, "a batch is queued");
        waiting.add(b);
    }

    /// A batch waits no longer, and no agent gets it.
    void dequeued(Batch b) {
        boolean waited = waiting.remove(b);
        refuseIf(!waited, "a batch is taken back that does not wait");
    }

    /// No batch waits any longer; returns those that did.
    List<Batch> dequeueAll() {
        var all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    /// An agent gets a batch that waited.
    void deliveryBegun(Batch b) {
        refuseIf(ending, "a delivery begins");
        boolean waited = waiting.remove(b);
        refuseIf(!waited, "a batch is delivered that does not wait");
        underWay++;
    }

    /// An agent gave a batch back, with an outcome for some or all of its recipients, or with news of the file.
    void deliveryEnded(BatchRunner.Ended e) {
        refuseIf(underWay == 0, "a delivery ends that did not begin");
        settle(e.sent().size() + e.bounced().size() + e.deferred().size());
        underWay--;
        deferred.addAll(e.deferred());
        for (RecipientLog.Entry sent : e.sent()) {
            if (isReported() || wantsSuccess(sent)) {
                delivered.add(sent);
            }
        }
        switch (e.outcome()) {
            case Outcome.Gone _ -> withdrawn = true;
            case Outcome.Corrupt(String reason) -> damage = reason;
            case Outcome.Answered _, Outcome.Lost _, Outcome.Unavailable _ -> {}
        }
    }

    /// Recipients must wait for another pass without having been tried in this one.
    void defer(List<RecipientLog.Entry> entries) {
        refuseIf(ending, "recipients are deferred");
        settle(entries.size());
        deferred.addAll(entries);
    }

    private void settle(int count) {
        refuseIf(count > unsettled, "more recipients are settled than are open");
        unsettled -= count;
    }

    /// The pass is over, for whatever reason; the caller hands the message to the thread that takes it out of the active queue.
    void endPass() {
        refuseIf(ending, "the pass ends a second time");
        refuseIf(underWay > 0, "the pass ends");
        ending = true;
    }

    /// The recipients that must wait, with the reason.
    List<RecipientLog.Entry> deferred() {
        return Collections.unmodifiableList(deferred);
    }

    /// The recipients that have the message and whose sender wants to know (NOTIFY=SUCCESS).
    List<RecipientLog.Entry> delivered() {
        return Collections.unmodifiableList(delivered);
    }

    /// True if the file was taken away; at the end of the pass too.
    boolean isWithdrawn() {
        return withdrawn;
    }

    /// The reason why the file cannot be read; only of a damaged one.
    String damage() {
        if (damage == null) {
            throw refused("its damage is asked for");
        }
        return damage;
    }

    /// The deferred recipients have failed, as the bounce log says now: none waits for another pass.
    void expired() {
        refuseIf(!ending, "it expires before the end of its pass");
        deferred.clear();
    }

    /// The file turned out to be taken away when the pass was to be ended.
    void withdraw() {
        refuseIf(!ending, "it is found withdrawn before the end of its pass");
        withdrawn = true;
    }

    private void refuseIf(boolean senseless, String transition) {
        if (senseless) {
            throw refused(transition);
        }
    }

    private IllegalStateException refused(String transition) {
        return new IllegalStateException(id + " is " + state() + ": " + transition);
    }

    /// True if the sender of the message asked to be told that this recipient has it, and nobody else will do so.
    static boolean wantsSuccess(RecipientLog.Entry sent) {
        return mentions(sent.recipient().dsnNotify(), "SUCCESS")
                && !sent.action().equals(PASSED_ON);
    }

    /// True if the sender may be told of an event, `FAILURE` or `DELAY`, at this recipient; without NOTIFY it may (RFC 3461, 4.1).
    static boolean mayTell(Recipient r, String event) {
        return r.dsnNotify().isEmpty() || mentions(r.dsnNotify(), event);
    }

    private static boolean mentions(String notify, String event) {
        for (String word : notify.split(",", -1)) {
            if (word.strip().equalsIgnoreCase(event)) {
                return true;
            }
        }
        return false;
    }
}
