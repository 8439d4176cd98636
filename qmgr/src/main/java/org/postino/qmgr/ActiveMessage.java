// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postino.log.Trace;
import org.postino.queue.DeliveryRequest;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.queue.RecipientLog;

/// A message in the active queue and how far it is; owned by the [QueueManager] thread until its pass ends, then by [Ending].
final class ActiveMessage {
    /// The action of a recipient whom the next server tells of: it is in no log (RFC 3461, 5.2.2).
    static final String PASSED_ON = "passed on";

    final QueueId id;
    final String sender;
    final String trace;
    final Map<String, String> attributes;
    final long size;
    final Instant arrival;
    final Instant activeSince;
    final boolean expireNow;

    /// Recipients for which this pass has no outcome yet.
    int unsettled;

    /// Recipients by which it counts against the limit.
    int counted;

    /// Its pass is over, or it leaves the active queue for another reason.
    boolean ending;

    /// Batches in the hands of agents.
    int underWay;

    /// Those that must wait, with the reason.
    final List<RecipientLog.Entry> deferred = new ArrayList<>();

    /// Those that reached their goal and whose sender wants to know (NOTIFY=SUCCESS).
    final List<RecipientLog.Entry> delivered = new ArrayList<>();

    /// Batches that wait for an agent.
    final List<Batch> waiting = new ArrayList<>();

    /// The file is not there any more: an administrator deleted it, put it on hold or requeued it.
    boolean withdrawn;

    /// Why the file cannot be read, once an agent said so; empty while it can.
    String damage = "";

    ActiveMessage(
            QueueId id,
            String sender,
            String trace,
            Map<String, String> attributes,
            long size,
            Instant arrival,
            Instant activeSince,
            boolean expireNow) {
        this.id = id;
        this.sender = sender;
        this.trace = trace;
        this.attributes = attributes;
        this.size = size;
        this.arrival = arrival;
        this.activeSince = activeSince;
        this.expireNow = expireNow;
    }

    /// Does something under the trace of the session that brought the message, so that the log tells which it was.
    void traced(Runnable work) {
        ScopedValue.where(Trace.ID, trace).run(work);
    }

    /// Whether nothing more can be done with the file.
    boolean isLost() {
        return withdrawn || !damage.isEmpty();
    }

    DeliveryRequest request(Batch b) {
        return new DeliveryRequest(
                id,
                QueueName.ACTIVE,
                trace,
                sender,
                b.destination().nexthop(),
                b.recipients(),
                size,
                arrival,
                activeSince,
                attributes);
    }

    /// Whether the sender of the message asked to be told that this recipient has it, and nobody else will do so.
    static boolean wantsSuccess(RecipientLog.Entry sent) {
        return mentions(sent.recipient().dsnNotify(), "SUCCESS")
                && !sent.action().equals(PASSED_ON);
    }

    /// Whether the sender may be told of this: `FAILURE` or `DELAY`; without NOTIFY it may (RFC 3461, 4.1).
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
