// SPDX-License-Identifier: Apache-2.0

package org.postino.pickup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.postino.log.Trace;
import org.postino.message.CrLfStream;
import org.postino.message.MailDate;
import org.postino.queue.CleanupClient;
import org.postino.queue.CleanupResult;
import org.postino.queue.CleanupResult.Queued;
import org.postino.queue.CleanupResult.Refused;
import org.postino.queue.Envelope;
import org.postino.queue.QueueId;
import org.postino.queue.ReceiveOverride;
import org.postino.queue.Recipient;
import org.postino.queue.RecipientStatus;
import org.postino.queue.StatusLine;
import org.postino.queue.Submission;
import org.postino.smtp.Reply;
import org.postino.util.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries a dropped message to cleanup.
final class Carrier {
    private static final Logger LOG = LoggerFactory.getLogger("pickup");

    /// The attributes of a message that a user may set, beside its addresses and text.
    private static final Set<String> BELIEVED =
            Set.of(
                    Envelope.FULL_NAME,
                    Envelope.ENCODING,
                    Envelope.ENVID,
                    Envelope.RET,
                    Envelope.REPORT);

    private static final Refused TOO_BIG =
            new Refused(
                    Reply.of(552, 5, 3, 4, "Message size exceeds fixed limit"),
                    "larger than message_size_limit");

    private static final int LONGEST = 1000;
    private static final int PIECE = 32 * 1024;

    /// The outcome of an attempt to submit a message.
    enum Outcome {
        /// Cleanup has it, or its sender has been told why not.
        DONE,
        /// Cleanup cannot take it now.
        LATER,
        /// Nobody wants it, and nobody can be told.
        NEVER
    }

    private final CleanupClient cleanup;
    private final String contentFilter;
    private final String myhostname;
    private final String mailName;
    private final long sizeLimit;
    private final ZoneId zone;
    private final Clock clock;

    /// @param contentFilter `content_filter`; empty: none
    /// @param sizeLimit `message_size_limit`; 0: none
    Carrier(
            CleanupClient cleanup,
            String contentFilter,
            String myhostname,
            String mailName,
            long sizeLimit,
            ZoneId zone,
            Clock clock) {
        this.cleanup = cleanup;
        this.contentFilter = contentFilter;
        this.myhostname = myhostname;
        this.mailName = mailName;
        this.sizeLimit = sizeLimit;
        this.zone = zone;
        this.clock = clock;
    }

    /// Submits the message.
    ///
    /// @throws IOException cleanup is not there, and going on with the next message is no use
    Outcome carry(DroppedMessage taken) throws IOException {
        Envelope envelope = taken.requeued() ? requeued(taken) : dropped(taken);
        if (isTooBig(taken)) {
            return tellSender(taken, envelope.sender(), TOO_BIG);
        }
        CleanupResult result;
        try (Submission submission = cleanup.open(envelope)) {
            LOG.info(
                    "{}: uid={} from=<{}>{}",
                    submission.queueId(),
                    taken.uid(),
                    StatusLine.address(envelope.sender()),
                    taken.requeued() ? " orig_id=" + taken.id() : "");
            for (Recipient r : taken.file().recipients()) {
                if (r.status() == RecipientStatus.OPEN) {
                    submission.recipient(
                            Printable.text(r.address()),
                            Printable.text(r.original()),
                            Printable.text(r.dsnNotify()),
                            Printable.text(r.orcpt()));
                }
            }
            content(taken, submission);
            result = submission.finish();
        } catch (CleanupClient.RefusedException e) {
            result = e.result();
        }
        return switch (result) {
            case Queued _ -> Outcome.DONE;
            case Refused(var reply, var reason) when reply.isTransient() -> {
                LOG.warn(
                        "{}: cleanup will take it later: {}",
                        taken.id(),
                        reason.isEmpty() ? reply : reason);
                yield Outcome.LATER;
            }
            case Refused no -> tellSender(taken, envelope.sender(), no);
        };
    }

    /// True if the message is larger than allowed. Cleanup would refuse it too, but only after all of it was sent, and a file with
    /// holes may be larger than the disk.
    private boolean isTooBig(DroppedMessage taken) {
        return sizeLimit > 0 && !taken.requeued() && taken.file().contentLength() > sizeLimit;
    }

    /// A message that `postsuper -r` put back is received again: whoever held or redirected it did so to the one before.
    private Envelope requeued(DroppedMessage taken) {
        Envelope e = taken.file().envelope();
        var attributes = Envelope.receivedAnew(e.attributes());
        filter(attributes);
        attributes.put(Envelope.ORIGINAL_ID, taken.id().text());
        return new Envelope(e.sender(), e.arrival(), e.trace(), attributes);
    }

    private void filter(Map<String, String> attributes) {
        if (!contentFilter.isEmpty()) {
            attributes.put(Envelope.FILTER, contentFilter);
        }
    }

    private Envelope dropped(DroppedMessage taken) {
        Envelope given = taken.file().envelope();
        var attributes = new LinkedHashMap<String, String>();
        for (var a : given.attributes().entrySet()) {
            if (BELIEVED.contains(a.getKey()) && a.getValue().length() <= LONGEST) {
                attributes.put(a.getKey(), Printable.text(a.getValue()));
            }
        }
        attributes.put(Envelope.REWRITE, Envelope.LOCAL);
        filter(attributes);
        Instant now = clock.instant();
        Instant arrival = taken.dropped().isAfter(now) ? now : taken.dropped();
        attributes.put(Envelope.SOURCE, "sendmail");
        return new Envelope(Printable.text(given.sender()), arrival, Trace.current(), attributes);
    }

    private void content(DroppedMessage taken, Submission submission) throws IOException {
        OutputStream out = submission.content();
        try (InputStream in = taken.file().content()) {
            if (taken.requeued()) {
                copy(in, out);
            } else {
                out.write(received(taken.uid(), submission.queueId()));
                var lines = CrLfStream.keepingCr(out); // cleanup knows what to do with them
                copy(in, lines);
                lines.finish();
            }
        }
    }

    private byte[] received(int uid, QueueId id) {
        return ("Received: by "
                        + myhostname
                        + " ("
                        + mailName
                        + ", from userid "
                        + Integer.toUnsignedString(uid)
                        + ")\r\n\tid "
                        + id
                        + "; "
                        + MailDate.print(clock.instant(), zone)
                        + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        var piece = new byte[PIECE];
        for (int n = in.read(piece, 0, PIECE); n > 0; n = in.read(piece, 0, PIECE)) {
            out.write(piece, 0, n);
        }
    }

    /// Tells the sender that the message was refused, which ends the work on it.
    private Outcome tellSender(DroppedMessage taken, String sender, Refused no) throws IOException {
        LOG.warn("{}: refused: {}", taken.id(), words(no));
        if (sender.isEmpty()) {
            return Outcome.NEVER;
        }
        var envelope =
                new Envelope(
                        "",
                        clock.instant(),
                        Trace.current(),
                        Map.of(Envelope.REWRITE, Envelope.LOCAL, Envelope.SOURCE, "bounce"));
        try (Submission notice = cleanup.open(envelope, ReceiveOverride.INTERNAL)) {
            notice.recipient(sender, sender, "NEVER", "");
            notice.content().write(Notice.text(sender, mailName, myhostname, taken.file(), no));
            return notice.finish() instanceof Queued(var id, long _)
                    ? told(notice.queueId(), id)
                    : Outcome.NEVER;
        }
    }

    private static String words(Refused no) {
        return no.reply() + (no.reason().isEmpty() ? "" : ": " + no.reason());
    }

    private static Outcome told(QueueId notice, QueueId id) {
        LOG.info("{}: sender non-delivery notification: {}", notice, id);
        return Outcome.DONE;
    }
}
