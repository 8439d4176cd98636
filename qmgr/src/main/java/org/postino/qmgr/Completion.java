// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.QueueName;
import org.postino.queue.RecipientLog;
import org.postino.queue.Spool;
import org.postino.queue.StatusLine;
import org.slf4j.Logger;

/// Ends a message's pass through the active queue on the disk: expiry, notifications, then the message is deferred or removed.
///
/// [Disposal] calls it on a thread that owns the message and may wait, after the last agent has given its batch back. It is safe for use by
/// several threads, each with a message of its own.
///
/// A probe, of which [Reports] tells, is removed whatever came of it. All others:
///
/// 1. Recipients of a message that is too old fail: the bounce log says so before the file does.
/// 2. The sender is told of failures, and the bounce log is removed; then of successes.
/// 3. A message with deferred recipients, or whose sender could not be told, is deferred: its reasons are written, then its file is moved.
///    Every other message is removed, its logs first.
///
/// The order makes crashes harmless: a notification is in the queue before the log it was made from goes, the logs go
/// before the message does, and a message without open recipients and logs is simply removed when it is found again.
/// In another order a crash would lose a notification, or leave logs behind that no message owns.
final class Completion {
    private final Spool spool;
    private final Ledger ledger;
    private final Notifier notifier;
    private final QmgrSettings settings;
    private final Clock clock;
    private final Logger log;
    private final Reports reports;
    private volatile boolean leaving;

    Completion(
            Spool spool,
            Ledger ledger,
            Notifier notifier,
            QmgrSettings settings,
            Clock clock,
            Logger log) {
        this.spool = spool;
        this.ledger = ledger;
        this.notifier = notifier;
        this.settings = settings;
        this.clock = clock;
        this.log = log;
        reports = new Reports(spool, notifier, log);
    }

    /// Takes in that the suite may be going down, and the bounce daemon with it: a message whose sender cannot be told
    /// then stays where the next start finds it at once.
    void leave() {
        leaving = true;
    }

    /// Removes a message that all recipients have, if nobody needs to be told; false if there is more to do.
    boolean endPlainly(ActiveMessage m) {
        if (m.isReported()
                || !m.deferred().isEmpty()
                || !m.delivered().isEmpty()
                || ledger.hasBounces(m.id())) {
            return false;
        }
        remove(m);
        return true;
    }

    /// Does everything that the end of the pass needs; may wait for the bounce daemon.
    void end(ActiveMessage m) {
        if (m.isReported()) {
            reports.tell(m);
        }
        if (m.isProbe()) {
            remove(m);
            return;
        }
        Duration age = Duration.between(m.arrival(), clock.instant());
        boolean old = age.compareTo(settings.lifetime(m.sender())) >= 0;
        if (!m.deferred().isEmpty() && (old || m.expireNow())) {
            expire(m);
        }
        boolean told = tellFailures(m);
        tellSuccess(m);
        if (m.deferred().isEmpty() && told) {
            remove(m);
        } else if (m.deferred().isEmpty() && leaving) {
            log.info("{}: sender is notified after the restart", m.id());
        } else {
            defer(m, age);
        }
    }

    /// Forgets a message whose file was taken away. Its logs are removed, unless the message only went to another queue.
    void forget(ActiveMessage m) {
        try {
            if (spool.find(m.id()).isEmpty()) {
                ledger.removeLogs(m.id());
            }
        } catch (IOException e) {
            log.warn("{}: cannot remove the logs: {}", m.id(), e.toString());
        }
    }

    private void expire(ActiveMessage m) {
        var failed = new ArrayList<RecipientLog.Entry>();
        for (RecipientLog.Entry e : m.deferred()) {
            failed.add(
                    new RecipientLog.Entry(e.recipient(), "failed", e.dsn(), e.relay(), e.when()));
        }
        try {
            ledger.bounced(m.id(), failed);
            m.expired();
            log.info(
                    "{}: from=<{}>, status={}, returned to sender",
                    m.id(),
                    StatusLine.address(m.sender()),
                    m.expireNow() ? "force-expired" : "expired");
        } catch (NoSuchFileException e) {
            m.withdraw();
        } catch (IOException | CorruptQueueFileException e) {
            log.error("{}: cannot write the bounce log: {}", m.id(), e.toString());
        }
    }

    private boolean tellFailures(ActiveMessage m) {
        if (m.isWithdrawn() || !ledger.hasBounces(m.id())) {
            return true;
        }
        try {
            notifier.tell(Notifier.Kind.FAILURE, m.id());
            ledger.removeLog(QueueName.BOUNCE, m.id());
            return true;
        } catch (IOException e) {
            log.warn("{}: sender cannot be notified now: {}", m.id(), e.getMessage());
            return false;
        }
    }

    private void tellSuccess(ActiveMessage m) {
        if (m.isWithdrawn() || m.isReported() || m.delivered().isEmpty()) {
            return; // who hears of everything hears of success
        }
        try {
            RecipientLog.append(spool.path(QueueName.TRACE, m.id()), m.delivered());
            notifier.tell(Notifier.Kind.SUCCESS, m.id());
        } catch (IOException e) {
            log.warn("{}: sender cannot be told of success: {}", m.id(), e.getMessage());
        }
        try {
            ledger.removeLog(QueueName.TRACE, m.id());
        } catch (IOException e) {
            log.warn("{}: cannot remove the trace log: {}", m.id(), e.toString());
        }
    }

    private void remove(ActiveMessage m) {
        try {
            if (m.isWithdrawn()) {
                forget(m);
                return;
            }
            ledger.removeLogs(m.id());
            if (spool.remove(QueueName.ACTIVE, m.id())) {
                log.info("{}: removed", m.id());
            }
        } catch (IOException e) {
            log.error("{}: cannot remove the message: {}", m.id(), e.toString());
        }
    }

    private void defer(ActiveMessage m, Duration age) {
        if (m.isWithdrawn()) {
            forget(m);
            return;
        }
        writeReasons(m, age);
        Path file = spool.path(QueueName.ACTIVE, m.id());
        Instant next = settings.nextAttempt(m.arrival(), clock.instant());
        try {
            Files.setLastModifiedTime(file, FileTime.from(next));
            if (!spool.move(m.id(), QueueName.ACTIVE, QueueName.DEFERRED)) {
                forget(m);
            }
        } catch (NoSuchFileException e) {
            forget(m);
        } catch (IOException e) {
            log.error("{}: cannot defer the message: {}", m.id(), e.toString());
        }
    }

    private void writeReasons(ActiveMessage m, Duration age) {
        Path file = spool.path(QueueName.DEFER, m.id());
        boolean mayWarn =
                !settings.delayWarning().isZero()
                        && !m.sender().isEmpty()
                        && age.compareTo(settings.delayWarning()) >= 0
                        && m.deferred().stream()
                                .anyMatch(e -> ActiveMessage.mayTell(e.recipient(), "DELAY"));
        try {
            boolean warned = !settings.delayWarning().isZero() && RecipientLog.read(file).warned();
            RecipientLog.replace(file, new RecipientLog.Contents(m.deferred(), warned));
            if (mayWarn && !warned) {
                notifier.tell(Notifier.Kind.DELAY, m.id());
                RecipientLog.replace(file, new RecipientLog.Contents(m.deferred(), true));
            }
        } catch (IOException e) {
            log.warn("{}: delay of the message: {}", m.id(), e.getMessage());
        }
    }
}
