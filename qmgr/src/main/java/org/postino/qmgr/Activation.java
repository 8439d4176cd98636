// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postino.queue.CommitLock;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.queue.RecipientLog;
import org.postino.queue.RecipientStatus;
import org.postino.queue.Spool;
import org.postino.smtp.Dsn;
import org.slf4j.Logger;

/// Takes a message into the active queue: moves the file, reads it once, and finds the transport and nexthop of each recipient. Safe for
/// use by several threads.
final class Activation {
    /// The result of an attempt to take a message in.
    sealed interface Result {}

    /// The message is in the active queue.
    ///
    /// @param routed the open recipients that can be tried
    /// @param deferred open recipients that cannot be tried now
    record Loaded(ActiveMessage message, List<Routed> routed, List<RecipientLog.Entry> deferred)
            implements Result {}

    /// There is no such message, or not any more, or it cannot be used; the log has the reason if an operator should know it.
    record Nothing() implements Result {}

    /// A recipient with its address as resolved, its transport and its nexthop.
    record Routed(Recipient recipient, String transport, String nexthop) {}

    private final Spool spool;
    private final Router router;
    private final QmgrSettings settings;
    private final Clock clock;
    private final Logger log;

    Activation(Spool spool, Router router, QmgrSettings settings, Clock clock, Logger log) {
        this.spool = spool;
        this.router = router;
        this.settings = settings;
        this.clock = clock;
        this.log = log;
    }

    Result load(Backlog.Candidate c) {
        QueueId id = c.id();
        try {
            boolean taken = isComplete(c) && isDue(c) && spool.move(id, c.from(), QueueName.ACTIVE);
            return taken ? read(id) : new Nothing();
        } catch (NoSuchFileException e) {
            return new Nothing();
        } catch (CorruptQueueFileException e) {
            setAside(id, String.valueOf(e.getMessage()));
            return new Nothing();
        } catch (IOException | RuntimeException e) {
            log.error("{}: cannot take the message into the active queue: {}", id, e.toString());
            putOff(id);
            return new Nothing();
        }
    }

    /// True if cleanup is done with the file; a scan may find it before.
    private boolean isComplete(Backlog.Candidate c) throws IOException {
        return c.from() != QueueName.INCOMING
                || (spool.ready(c.from(), c.id())
                        && !CommitLock.isHeld(spool.path(c.from(), c.id())));
    }

    /// True if the message may be tried now. A deferred one may have been tried, and deferred again, since the scan that found it.
    private boolean isDue(Backlog.Candidate c) throws IOException {
        return c.from() != QueueName.DEFERRED
                || c.unthrottle()
                || !Files.getLastModifiedTime(spool.path(c.from(), c.id()))
                        .toInstant()
                        .isAfter(clock.instant());
    }

    /// Moves a damaged file to `corrupt`, where nothing touches it.
    void setAside(QueueId id, String damage) {
        log.error(
                "{}: queue file is damaged: {}; the message is saved in the corrupt queue",
                id,
                damage);
        try {
            spool.move(id, QueueName.ACTIVE, QueueName.CORRUPT);
        } catch (IOException e) {
            log.error("{}: cannot move the damaged queue file: {}", id, e.toString());
        }
    }

    private void putOff(QueueId id) {
        try {
            Instant later = clock.instant().plus(settings.minimalBackoff());
            Files.setLastModifiedTime(spool.path(QueueName.ACTIVE, id), FileTime.from(later));
            spool.move(id, QueueName.ACTIVE, QueueName.DEFERRED);
        } catch (IOException e) {
            // it is found in the active queue at the next start
            log.error("{}: cannot defer the message: {}", id, e.toString());
        }
    }

    private Result read(QueueId id) throws IOException, CorruptQueueFileException {
        try (var file = QueueFile.open(spool.path(QueueName.ACTIVE, id), false)) {
            var open = new ArrayList<Recipient>();
            for (Recipient r : file.recipients()) {
                if (r.status() == RecipientStatus.OPEN) {
                    open.add(r);
                }
            }
            var message =
                    new ActiveMessage(
                            id,
                            file.envelope(),
                            file.contentLength(),
                            clock.instant(),
                            file.expire(),
                            open.size());
            return file.expire() ? expired(message, open) : routed(message, open);
        }
    }

    private Loaded routed(ActiveMessage m, List<Recipient> open) {
        var routed = new ArrayList<Routed>(open.size());
        var deferred = new ArrayList<RecipientLog.Entry>();
        String destination = m.filter();
        ContentFilter filter =
                destination == null
                        ? null
                        : ContentFilter.parse(destination, settings.filterNexthop());
        Router routes = m.probed() == null ? router : router.ofProbes();
        for (Recipient r : open) {
            try {
                Router.Route route =
                        filter == null
                                ? routes.route(m.sender(), r.address())
                                : filter.route(r.address());
                Recipient resolved =
                        route.recipient().equals(r.address())
                                ? r
                                : r.withAddress(route.recipient());
                routed.add(new Routed(resolved, route.transport(), route.nexthop()));
            } catch (IOException e) {
                log.warn("{}: cannot resolve a recipient: {}", m.id(), e.getMessage());
                deferred.add(
                        waiting(r, Dsn.of("4.3.0", "address resolver failure: " + e.getMessage())));
            }
        }
        return new Loaded(m, routed, deferred);
    }

    /// The result for a message that the administrator wants returned: nobody tries it again, and the last reasons stand.
    private Loaded expired(ActiveMessage m, List<Recipient> open) throws IOException {
        Map<Long, RecipientLog.Entry> reasons = new HashMap<>();
        for (var e : RecipientLog.read(spool.path(QueueName.DEFER, m.id())).entries()) {
            reasons.put(e.recipient().offset(), e);
        }
        var deferred = new ArrayList<RecipientLog.Entry>();
        for (Recipient r : open) {
            RecipientLog.Entry known = reasons.get(r.offset());
            deferred.add(
                    known != null
                            ? known
                            : waiting(r, Dsn.of("4.4.7", "message expired before it was tried")));
        }
        return new Loaded(m, List.of(), deferred);
    }

    private RecipientLog.Entry waiting(Recipient r, Dsn why) {
        return new RecipientLog.Entry(r, "delayed", why, "none", clock.instant());
    }
}
