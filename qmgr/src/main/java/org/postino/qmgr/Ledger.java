// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.queue.RecipientLog;
import org.postino.queue.RecipientStatus;
import org.postino.queue.Spool;

/// Reads and writes what the disk has about the recipients of active messages. Safe for use by several threads.
final class Ledger {
    private final Spool spool;

    Ledger(Spool spool) {
        this.spool = spool;
    }

    /// Writes bounced recipients into the log, waits for the disk, and only then marks them as done: a crash in
    /// between repeats an attempt, and loses no notification.
    void bounced(QueueId id, List<RecipientLog.Entry> entries)
            throws IOException, CorruptQueueFileException {
        var toTell = new ArrayList<RecipientLog.Entry>();
        for (RecipientLog.Entry e : entries) {
            if (ActiveMessage.mayTell(e.recipient(), "FAILURE")) {
                toTell.add(e);
            }
        }
        if (!toTell.isEmpty()) {
            RecipientLog.append(spool.path(QueueName.BOUNCE, id), toTell);
        }
        try (var file = QueueFile.open(spool.path(QueueName.ACTIVE, id), true)) {
            for (RecipientLog.Entry e : entries) {
                file.mark(e.recipient(), RecipientStatus.DONE);
            }
        }
    }

    /// Returns those of some recipients that are still open in the file; for use after an agent was lost.
    List<Recipient> open(QueueId id, List<Recipient> among)
            throws IOException, CorruptQueueFileException {
        Set<Long> open = new HashSet<>();
        try (var file = QueueFile.open(spool.path(QueueName.ACTIVE, id), false)) {
            for (Recipient r : file.recipients()) {
                if (r.status() == RecipientStatus.OPEN) {
                    open.add(r.offset());
                }
            }
        }
        var left = new ArrayList<Recipient>();
        for (Recipient r : among) {
            if (open.contains(r.offset())) {
                left.add(r);
            }
        }
        return left;
    }

    boolean hasBounces(QueueId id) {
        return Files.exists(spool.path(QueueName.BOUNCE, id));
    }

    void removeLog(QueueName log, QueueId id) throws IOException {
        spool.remove(log, id);
    }

    /// Removes the logs of a message that is not in the queue any more.
    void removeLogs(QueueId id) throws IOException {
        spool.remove(QueueName.DEFER, id);
        spool.remove(QueueName.BOUNCE, id);
        spool.remove(QueueName.TRACE, id);
    }
}
