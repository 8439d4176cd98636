// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the queue from the spool, for the queue manager when it is asked and for `postqueue` when nobody runs.
public final class QueueListing {
    /// The order in which messages move, so that one under way is seen at least once.
    private static final List<QueueName> SEARCH =
            List.of(
                    QueueName.MAILDROP,
                    QueueName.HOLD,
                    QueueName.DEFERRED,
                    QueueName.INCOMING,
                    QueueName.ACTIVE);

    /// The order of the report.
    private static final List<QueueName> REPORT =
            List.of(
                    QueueName.MAILDROP,
                    QueueName.ACTIVE,
                    QueueName.INCOMING,
                    QueueName.DEFERRED,
                    QueueName.HOLD);

    /// The most messages of `maildrop` in the report: any local user may fill it, and the rest is left out.
    private static final int DROPS_SHOWN = 10_000;

    private final Spool spool;

    public QueueListing(Spool spool) {
        this.spool = spool;
    }

    /// The ids of all messages in the order of the report: by queue, then by name. A queue that we may not read is left out.
    public List<QueueId> ids() throws IOException {
        Map<QueueName, List<QueueId>> found = new EnumMap<>(QueueName.class);
        for (QueueName q : SEARCH) {
            try {
                int limit = q == QueueName.MAILDROP ? DROPS_SHOWN : Integer.MAX_VALUE;
                List<QueueId> ids = new ArrayList<>(spool.scan(q, limit));
                Collections.sort(ids);
                found.put(q, ids);
            } catch (AccessDeniedException e) {
                // a sandbox cannot be asked beforehand what it allows
            }
        }
        var all = new ArrayList<QueueId>();
        Set<QueueId> seen = new HashSet<>();
        for (QueueName q : REPORT) {
            for (QueueId id : found.getOrDefault(q, List.of())) {
                if (seen.add(id)) {
                    all.add(id);
                }
            }
        }
        return all;
    }

    /// The entry of one message; empty if it was delivered or removed since, or if its file cannot be read.
    public Optional<QueueEntry> entry(QueueId id) throws IOException {
        // It may move on between our look and our open; it does so a few times in its life.
        for (int i = 0; i < 3; i++) {
            Optional<QueueName> queue = spool.find(id);
            if (queue.isEmpty()) {
                return Optional.empty();
            }
            boolean dropped = queue.get() == QueueName.MAILDROP;
            var limits = dropped ? EnvelopeLimits.DROPPED : EnvelopeLimits.NONE;
            try (var file = QueueFile.open(spool.path(queue.get(), id), limits)) {
                return Optional.of(entry(id, queue.get(), file));
            } catch (NoSuchFileException e) {
                // look again
            } catch (AccessDeniedException e) {
                if (!dropped) {
                    throw e;
                }
                return Optional.empty();
            } catch (CorruptQueueFileException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private QueueEntry entry(QueueId id, QueueName queue, QueueFile file) throws IOException {
        Map<Long, String> reasons = new HashMap<>();
        if (queue != QueueName.MAILDROP) {
            for (var e : RecipientLog.read(spool.path(QueueName.DEFER, id)).entries()) {
                reasons.put(e.recipient().offset(), e.dsn().reason());
            }
        }
        var waiting = new ArrayList<QueueEntry.Waiting>();
        for (Recipient r : file.recipients()) {
            if (r.status() == RecipientStatus.OPEN) {
                waiting.add(
                        new QueueEntry.Waiting(
                                r.address(), r.original(), reasons.getOrDefault(r.offset(), "")));
            }
        }
        return new QueueEntry(
                id,
                queue,
                file.expire(),
                file.contentLength(),
                file.arrival(),
                file.envelope().sender(),
                waiting);
    }
}
