// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postino.queue.QueueName;
import org.postino.queue.RecipientLog;
import org.postino.queue.Spool;
import org.postino.queue.VerifyClient.Answer;
import org.postino.queue.VerifyClient.Status;
import org.slf4j.Logger;

/// Tells what became of each recipient of a message of which somebody wants to know that: verify(8) of its probes, a sender who asked
/// for a report.
///
/// A report is made at the end of the first pass. One that cannot be made is lost, with a line in the log: verify asks again, and so
/// can a person.
final class Reports {
    private final Spool spool;
    private final Notifier notifier;
    private final Logger log;

    Reports(Spool spool, Notifier notifier, Logger log) {
        this.spool = spool;
        this.notifier = notifier;
        this.log = log;
    }

    /// Tells of a message whose pass is over.
    void tell(ActiveMessage m) {
        if (m.isWithdrawn()) {
            return;
        }
        Path trace = spool.path(QueueName.TRACE, m.id());
        try {
            var all = new ArrayList<>(m.delivered());
            all.addAll(RecipientLog.read(spool.path(QueueName.BOUNCE, m.id())).entries());
            all.addAll(m.deferred());
            String probed = m.probed();
            if (probed != null) {
                notifier.probed(probed, sum(all));
            } else if (isFirst(m)) {
                RecipientLog.append(
                        trace, all.stream().map(e -> m.isProbe() ? probed(e) : told(e)).toList());
                notifier.tell(Notifier.Kind.REPORT, m.id());
                Files.deleteIfExists(trace);
            }
        } catch (IOException e) {
            log.warn("{}: cannot report what became of the message: {}", m.id(), e.getMessage());
        }
    }

    /// An entry in words for the sender: what the next server would tell of is relayed, as far as we know.
    private static RecipientLog.Entry told(RecipientLog.Entry e) {
        return e.action().equals(ActiveMessage.PASSED_ON) ? with(e, "relayed") : e;
    }

    /// An entry of a message that nobody got, in the words of Postfix.
    private static RecipientLog.Entry probed(RecipientLog.Entry e) {
        boolean bad = e.action().equals("failed") || e.action().equals("delayed");
        return with(e, bad ? "undeliverable" : "deliverable");
    }

    private static RecipientLog.Entry with(RecipientLog.Entry e, String action) {
        return new RecipientLog.Entry(e.recipient(), action, e.dsn(), e.relay(), e.when());
    }

    /// True if the message was not deferred before.
    private boolean isFirst(ActiveMessage m) {
        return !Files.exists(spool.path(QueueName.DEFER, m.id()));
    }

    /// The result for an address that may stand for several: one that can get mail is enough, one that may is better than none.
    private static Answer sum(List<RecipientLog.Entry> all) {
        Answer sum = new Answer(Status.DEFERRED, "address verification probe has no result");
        int best = 0;
        for (RecipientLog.Entry e : all) {
            Status status =
                    switch (e.action()) {
                        case "failed" -> Status.UNDELIVERABLE;
                        case "delayed" -> Status.DEFERRED;
                        default -> Status.DELIVERABLE;
                    };
            int rank =
                    switch (status) {
                        case DELIVERABLE -> 3;
                        case DEFERRED -> 2;
                        case UNDELIVERABLE, UNKNOWN -> 1;
                    };
            if (rank > best) {
                best = rank;
                sum = new Answer(status, e.dsn().reason());
            }
        }
        return sum;
    }
}
