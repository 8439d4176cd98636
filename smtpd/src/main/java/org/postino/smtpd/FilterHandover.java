// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.queue.Envelope;
import org.postino.smtp.Command;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;

/// A message on its way to the filter before the queue, whose replies are passed on to the client.
///
/// What is held back for `speed_adjust` waits in `held`; once there is a connection, nothing is held any more.
final class FilterHandover implements Handover {
    private final ProxyFilter filter;
    private final SessionLog log;
    private final Map<String, String> attributes;
    private final Command.Mail mail;
    private final boolean forwarded;
    private final List<Command.Rcpt> recipients = new ArrayList<>();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private @Nullable FilterConnection connection;

    /// The reply for the client, once the filter gets no more of the message.
    private @Nullable Reply refusal;

    /// @param attributes of the message's envelope, which tell who brought it
    /// @param forwarded true if a filter before us has told of the client: we are in between then, and leave no mark
    FilterHandover(
            ProxyFilter filter,
            SessionLog log,
            Map<String, String> attributes,
            Command.Mail mail,
            boolean forwarded) {
        this.filter = filter;
        this.log = log;
        this.attributes = attributes;
        this.mail = mail;
        this.forwarded = forwarded;
    }

    /// Begins the conversation, unless it shall begin at the end; the reply if the filter does not want the message.
    @Nullable Reply open() {
        return filter.adjustsSpeed() ? null : connect();
    }

    private @Nullable Reply connect() {
        try {
            connection = filter.open(attributes, mail);
            return null;
        } catch (FilterConnection.FailedException e) {
            return failed(e);
        }
    }

    private Reply failed(FilterConnection.FailedException e) {
        log.warning(String.valueOf(e.getMessage()));
        return e.reply();
    }

    @Override
    public String queueIdText() {
        return Transaction.NO_QUEUE;
    }

    @Override
    public boolean isMarked() {
        return !forwarded;
    }

    @Override
    public String fields() {
        return mail.parameters().requireTls() && filter.marksRequireTls()
                ? Envelope.REQUIRE_TLS_FIELD + ": " + Envelope.YES + "\r\n"
                : "";
    }

    @Override
    public @Nullable Reply recipient(Command.Rcpt command) {
        FilterConnection open = connection;
        if (open == null) {
            recipients.add(command);
            return null;
        }
        try {
            open.recipient(command);
            return null;
        } catch (FilterConnection.FailedException e) {
            return failed(e);
        }
    }

    @Override
    public @Nullable Reply begin(Transaction transaction) {
        FilterConnection open = connection;
        try {
            if (open != null) {
                open.data();
            }
            return null;
        } catch (FilterConnection.FailedException e) {
            return failed(e);
        }
    }

    @Override
    public OutputStream content() {
        return new Content();
    }

    @Override
    public void contentEnded(Disposition disposition) {
        disposition.forgetEdits();
    }

    @Override
    public Reply finish(Transaction transaction, boolean chunked) {
        Disposition disposition = transaction.disposition();
        if (disposition.discard) {
            return Replies.queued(queueIdText());
        }
        if (disposition.isSpecial() || disposition.lacksEdits()) {
            log.warning(
                    "actions HOLD, REDIRECT, BCC and FILTER, and edits, are unavailable with"
                            + " smtpd_proxy_filter");
        }
        Reply reply = reply();
        close();
        return reply;
    }

    private Reply reply() {
        catchUp();
        FilterConnection open = connection;
        if (refusal != null || open == null) {
            return refusal == null ? Replies.QUEUE_WRITE_ERROR : refusal;
        }
        try {
            return open.finish();
        } catch (FilterConnection.FailedException e) {
            return failed(e);
        }
    }

    /// Tells the filter what was held back; once at most.
    private void catchUp() {
        if (connection != null || refusal != null) {
            return;
        }
        try {
            FilterConnection open = filter.open(attributes, mail);
            connection = open;
            for (Command.Rcpt rcpt : recipients) {
                open.recipient(rcpt);
            }
            open.data();
            held.writeTo(open.content());
        } catch (FilterConnection.FailedException e) {
            giveUp(e);
        } catch (IOException e) {
            giveUp(FilterConnection.FailedException.broken(String.valueOf(e.getMessage())));
        } finally {
            release();
        }
    }

    /// The filter gets no more of the message; the client hears of it when it has sent all.
    private void giveUp(FilterConnection.FailedException e) {
        refusal = failed(e);
        close();
    }

    private void release() {
        filter.memory().giveBack(held.size());
        held.reset();
    }

    @Override
    public void close() {
        release();
        FilterConnection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    /// Holds content back as long as there is room.
    private final class Content extends OutputStream {
        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            if (connection == null && refusal == null) {
                if (filter.memory().take(length, held.size())) {
                    held.write(bytes, from, length);
                    return;
                }
                catchUp();
            }
            FilterConnection open = connection;
            try {
                if (open != null) {
                    open.content().write(bytes, from, length);
                }
            } catch (FilterConnection.FailedException e) {
                giveUp(e);
            } catch (IOException e) {
                giveUp(FilterConnection.FailedException.broken(String.valueOf(e.getMessage())));
            }
        }
    }
}
