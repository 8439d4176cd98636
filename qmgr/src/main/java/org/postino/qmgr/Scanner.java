// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.queue.RecipientStatus;
import org.postino.queue.Spool;
import org.slf4j.Logger;

/// Looks through the queue directories. Safe for use by several threads; what cannot be read is logged and left out.
final class Scanner {
    private record Due(QueueId id, Instant time) {}

    private final Spool spool;
    private final Clock clock;
    private final Logger log;

    Scanner(Spool spool, Clock clock, Logger log) {
        this.spool = spool;
        this.clock = clock;
        this.log = log;
    }

    List<QueueId> incoming() {
        return scan(QueueName.INCOMING);
    }

    /// The deferred messages whose time has come, or all; those that waited longest come first.
    List<QueueId> deferred(boolean all) {
        Instant now = clock.instant();
        var due = new ArrayList<Due>();
        for (QueueId id : scan(QueueName.DEFERRED)) {
            Instant time = time(spool.path(QueueName.DEFERRED, id));
            if (all || !time.isAfter(now)) {
                due.add(new Due(id, time));
            }
        }
        due.sort(Comparator.comparing(Due::time));
        var ids = new ArrayList<QueueId>(due.size());
        for (Due d : due) {
            ids.add(d.id());
        }
        return ids;
    }

    private Instant time(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (NoSuchFileException e) {
            return Instant.MAX; // taken away meanwhile
        } catch (IOException e) {
            log.warn("{}: {}", file.getFileName(), e.toString());
            return Instant.MAX;
        }
    }

    /// Moves everything in the active queue but these back to the incoming queue; returns the number of messages moved.
    int recover(Set<QueueId> except) {
        int moved = 0;
        for (QueueId id : scan(QueueName.ACTIVE)) {
            if (!except.contains(id) && putBack(id)) {
                moved++;
            }
        }
        return moved;
    }

    /// Moves an active message back to the incoming queue.
    boolean putBack(QueueId id) {
        return move(id, QueueName.ACTIVE);
    }

    /// Moves a deferred message to the incoming queue; false if there is none of that name.
    boolean requeue(QueueId id) {
        return move(id, QueueName.DEFERRED);
    }

    private boolean move(QueueId id, QueueName from) {
        try {
            return spool.move(id, from, QueueName.INCOMING);
        } catch (IOException e) {
            log.error("{}: cannot move to the incoming queue: {}", id, e.toString());
            return false;
        }
    }

    /// The deferred messages with an open recipient at that domain.
    List<QueueId> deferredFor(String site) {
        String wanted = "@" + site.toLowerCase(Locale.ROOT);
        var found = new ArrayList<QueueId>();
        for (QueueId id : scan(QueueName.DEFERRED)) {
            try (var file = QueueFile.open(spool.path(QueueName.DEFERRED, id), false)) {
                for (Recipient r : file.recipients()) {
                    if (r.status() == RecipientStatus.OPEN
                            && r.address().toLowerCase(Locale.ROOT).endsWith(wanted)) {
                        found.add(id);
                        break;
                    }
                }
            } catch (NoSuchFileException e) {
                // taken away meanwhile
            } catch (IOException | CorruptQueueFileException e) {
                log.warn("{}: {}", id, e.toString());
            }
        }
        return found;
    }

    private List<QueueId> scan(QueueName q) {
        try {
            return spool.scan(q);
        } catch (IOException e) {
            log.error("cannot scan the {} queue: {}", q.directory(), e.toString());
            return List.of();
        }
    }
}
