// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.postino.queue.CleanupResult;
import org.postino.queue.Envelope;
import org.postino.queue.Submission;
import org.postino.smtp.Command;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;

/// A message on its way to cleanup, and so into the queue.
final class CleanupHandover implements Handover {
    private final Submission submission;
    private final String contentFilter;
    private final SessionLog log;
    private final String id;

    /// @param contentFilter the filter of messages that nobody sends to another; empty if there is none
    CleanupHandover(Submission submission, String contentFilter, SessionLog log) {
        this.submission = submission;
        this.contentFilter = contentFilter;
        this.log = log;
        id = submission.queueId().text();
    }

    @Override
    public String queueIdText() {
        return id;
    }

    @Override
    public boolean isMarked() {
        return true;
    }

    /// Cleanup hears of recipients at the end.
    @Override
    public @Nullable Reply recipient(Command.Rcpt command) {
        return null;
    }

    @Override
    public @Nullable Reply begin(Transaction transaction) throws IOException {
        submission.attribute(
                Envelope.LAST_RECIPIENT, transaction.recipients().getLast().mailbox().toString());
        return null;
    }

    @Override
    public OutputStream content() {
        return submission.content();
    }

    @Override
    public void contentEnded(Disposition disposition) {
        disposition.contentEnded(submission);
    }

    @Override
    public Reply finish(Transaction transaction, boolean chunked) {
        if (transaction.disposition().discard) {
            return queued(id, transaction, chunked);
        }
        try {
            transaction.disposition().tell(submission, transaction.recipients(), contentFilter);
            return switch (submission.finish()) {
                case CleanupResult.Queued queued ->
                        queued(queued.id().text(), transaction, chunked);
                case CleanupResult.Refused(Reply reply, var reason) -> {
                    if (!reason.isEmpty()) {
                        log.warning(id + ": cleanup refuses the message: " + reason);
                    }
                    yield reply;
                }
            };
        } catch (IOException e) {
            log.warning(id + ": cannot reach cleanup: " + e.getMessage());
            return Replies.QUEUE_WRITE_ERROR;
        }
    }

    private static Reply queued(String id, Transaction transaction, boolean chunked) {
        return chunked ? Replies.queued(id, transaction.size) : Replies.queued(id);
    }

    @Override
    public void close() {
        try {
            submission.close();
        } catch (IOException e) {
            // cleanup has nothing of it, which is what we want
        }
    }
}
