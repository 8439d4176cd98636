// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;

/// Messages known to wait for a place in the active queue; owned by the [QueueManager] thread.
///
/// New and deferred ones take turns, so that neither starves the other.
final class Backlog {
    /// A message and the queue in which it stands.
    ///
    /// @param unthrottle true if an operator wants it tried, whatever is taken for dead
    record Candidate(QueueId id, QueueName from, boolean unthrottle) {}

    private final int limit;
    private final Map<QueueId, Boolean> incoming = new LinkedHashMap<>();
    private final Deque<QueueId> deferred = new ArrayDeque<>();
    private boolean overflow;
    private boolean unthrottleDeferred;
    private boolean deferredsTurn;

    Backlog(int limit) {
        this.limit = limit;
    }

    /// Adds a message of the incoming queue. Beyond the limit only the fact is kept, and a scan finds the message later.
    void incoming(QueueId id, boolean unthrottle) {
        if (incoming.size() < limit || incoming.containsKey(id)) {
            incoming.merge(id, unthrottle, Boolean::logicalOr);
        } else {
            overflow = true;
        }
    }

    /// Replaces the deferred messages by the result of a new scan.
    void deferred(Collection<QueueId> ids, boolean unthrottle) {
        deferred.clear();
        deferred.addAll(ids);
        unthrottleDeferred = unthrottle;
    }

    /// Puts a candidate back that could not be taken when it was its turn.
    void again(Candidate c) {
        if (c.from() == QueueName.INCOMING) {
            incoming(c.id(), c.unthrottle());
        } else {
            deferred.addFirst(c.id());
        }
    }

    /// True, once, if messages were left out and all others have been taken: a scan must find them now.
    boolean takeOverflow() {
        boolean was = overflow && incoming.isEmpty();
        overflow &= !was;
        return was;
    }

    /// True while messages of the last scan of the deferred queue are left.
    boolean hasDeferred() {
        return !deferred.isEmpty();
    }

    @Nullable Candidate next() {
        boolean takeDeferred = !deferred.isEmpty() && (deferredsTurn || incoming.isEmpty());
        deferredsTurn = !takeDeferred;
        if (takeDeferred) {
            return new Candidate(deferred.removeFirst(), QueueName.DEFERRED, unthrottleDeferred);
        }
        var first = incoming.entrySet().iterator();
        if (!first.hasNext()) {
            return null;
        }
        var e = first.next();
        var candidate = new Candidate(e.getKey(), QueueName.INCOMING, e.getValue());
        first.remove();
        return candidate;
    }
}
