// SPDX-License-Identifier: Apache-2.0

package org.postino.bounce;

import java.io.IOException;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postino.log.Trace;
import org.postino.queue.CleanupResult;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.Envelope;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.RecipientLog;
import org.postino.queue.Spool;
import org.postino.queue.StatusLine;
import org.postino.queue.Submission;
import org.postino.util.Printable;
import org.slf4j.Logger;

/// Decides who is told what, and submits the notifications.
final class Notifications {
    /// The way into the queue.
    @FunctionalInterface
    interface Cleanup {
        Submission open(Envelope e) throws IOException;
    }

    private final BounceSettings settings;
    private final Spool spool;
    private final Cleanup cleanup;
    private final Clock clock;
    private final Logger log;

    Notifications(BounceSettings settings, Spool spool, Cleanup cleanup, Clock clock, Logger log) {
        this.settings = settings;
        this.spool = spool;
        this.cleanup = cleanup;
        this.clock = clock;
        this.log = log;
    }

    /// Makes the notification of an active message from its logs, and waits until it is safe in the queue.
    ///
    /// A notification that cleanup refuses for good is logged and dropped: nobody is left to be told.
    ///
    /// @throws IOException it cannot be made now: the caller tries again later
    void tell(Kind kind, QueueId id) throws IOException {
        var entries = new ArrayList<RecipientLog.Entry>();
        for (var e : RecipientLog.read(spool.path(kind.log, id)).entries()) {
            if (kind != Kind.DELAY || mayBeWarned(e)) {
                entries.add(e);
            }
        }
        if (entries.isEmpty()) {
            return;
        }
        try (var file = QueueFile.open(spool.path(QueueName.ACTIVE, id), false)) {
            Trace.<IOException>run(file.envelope().trace(), () -> tell(kind, id, file, entries));
        } catch (CorruptQueueFileException e) {
            throw new IOException("queue file is damaged: " + e.getMessage(), e);
        }
    }

    private void tell(Kind kind, QueueId id, QueueFile file, List<RecipientLog.Entry> entries)
            throws IOException {
        String sender = file.envelope().sender();
        if (sender.isEmpty()) {
            tellPostmasterOfBounce(kind, id, file, entries);
        } else if (isDoubleBounceSender(sender)) {
            log.warn("{}: undeliverable postmaster notification discarded", id);
        } else {
            submit("sender", kind, id, file, entries, "", sender, false);
            copyToPostmaster(kind, id, file, entries);
        }
    }

    private static boolean mayBeWarned(RecipientLog.Entry e) {
        String wishes = e.recipient().dsnNotify().toUpperCase(Locale.ROOT);
        return wishes.isEmpty() || wishes.contains("DELAY");
    }

    private boolean isDoubleBounceSender(String sender) {
        return sender.equalsIgnoreCase(settings.qualified(settings.doubleBounceSender()))
                || sender.equalsIgnoreCase(settings.doubleBounceSender());
    }

    /// A notification could not be delivered: the postmaster may want to know.
    private void tellPostmasterOfBounce(
            Kind kind, QueueId id, QueueFile file, List<RecipientLog.Entry> entries)
            throws IOException {
        if (kind != Kind.FAILURE) {
            return;
        }
        if (!settings.classes().contains("2bounce")) {
            log.info("{}: undeliverable notification dropped: no 2bounce in notify_classes", id);
            return;
        }
        submit(
                "postmaster",
                kind,
                id,
                file,
                entries,
                settings.qualified(settings.doubleBounceSender()),
                settings.qualified(settings.secondBounceRecipient()),
                false);
    }

    private void copyToPostmaster(
            Kind kind, QueueId id, QueueFile file, List<RecipientLog.Entry> entries)
            throws IOException {
        String wanted =
                switch (kind) {
                    case FAILURE -> "bounce";
                    case DELAY -> "delay";
                    case SUCCESS, REPORT -> "";
                };
        if (!settings.classes().contains(wanted)) {
            return;
        }
        String recipient =
                kind == Kind.DELAY ? settings.delayRecipient() : settings.bounceRecipient();
        try {
            submit(
                    "postmaster",
                    kind,
                    id,
                    file,
                    entries,
                    settings.qualified(settings.doubleBounceSender()),
                    settings.qualified(recipient),
                    true);
        } catch (IOException e) {
            // The sender has been told; the copy is not worth telling him again.
            log.warn("{}: no copy of the notification to <{}>: {}", id, recipient, e.getMessage());
        }
    }

    private void submit(
            String who,
            Kind kind,
            QueueId id,
            QueueFile file,
            List<RecipientLog.Entry> entries,
            String from,
            String to,
            boolean headerOnly)
            throws IOException {
        var report =
                new Report(
                        kind,
                        settings,
                        id,
                        file,
                        entries,
                        to,
                        headerOnly,
                        ZonedDateTime.now(clock));
        try (var submission = cleanup.open(envelope(from, file.envelope()))) {
            // Said before cleanup says anything of the new message, so that the log reads in order.
            log.info("{}: {} {}: {}", id, who, kind.name, submission.queueId());
            submission.recipient(to, to, "", "");
            report.write(submission.content(), submission.queueId());
            switch (submission.finish()) {
                case CleanupResult.Queued _ -> {}
                case CleanupResult.Refused(var reply, var reason) -> {
                    if (!reply.isPermanent()) {
                        throw new IOException(reason);
                    }
                    log.warn(
                            "{}: {} notification failed to <{}>: {}",
                            id,
                            who,
                            StatusLine.address(to),
                            Printable.text(reply.toString()));
                }
            }
        }
    }

    private Envelope envelope(String from, Envelope original) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put(Envelope.SOURCE, "bounce");
        String encoding = original.attribute(Envelope.ENCODING);
        if (!encoding.isEmpty()) {
            attributes.put(Envelope.ENCODING, encoding);
        }
        String requireTls = original.attribute(Envelope.REQUIRETLS);
        if (!settings.redacts() && !requireTls.isEmpty()) {
            attributes.put(Envelope.REQUIRETLS, requireTls);
        }
        return new Envelope(from, clock.instant(), original.trace(), attributes);
    }
}
