// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.message.MailDate;
import org.postino.queue.CleanupClient;
import org.postino.queue.CleanupResult;
import org.postino.queue.Envelope;
import org.postino.queue.ReceiveOverride;
import org.postino.queue.Recipient;
import org.postino.queue.Submission;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.util.Printable;

/// Gives what an alias or `.forward` file expands to back to cleanup, as one new message: all of it is in the queue, or nothing.
final class Forwarder {
    private final CleanupClient cleanup;
    private final Clock clock;
    private final String hostName;
    private final String mailName;

    private Forwarder(CleanupClient cleanup, Clock clock, String hostName, String mailName) {
        this.cleanup = cleanup;
        this.clock = clock;
        this.hostName = hostName;
        this.mailName = mailName;
    }

    static Forwarder of(Config config, Path queueDirectory, Clock clock) {
        return new Forwarder(
                CleanupClient.of(config, queueDirectory, ReceiveOverride.INTERNAL),
                clock,
                config.get(MainParams.MYHOSTNAME),
                config.get(MainParams.MAIL_NAME));
    }

    /// Forwards a message.
    ///
    /// @param sender the envelope sender from now on: of a list, its owner
    /// @param expanded who was expanded
    /// @param deliveredTo the address to which the message must not come back; null if nobody is to notice
    Delivery forward(
            LocalMessage message,
            String sender,
            Recipient expanded,
            @Nullable String deliveredTo,
            Collection<String> recipients) {
        try (Prepared prepared = prepare(message, sender, expanded, deliveredTo, recipients)) {
            return prepared.finish();
        }
    }

    /// Gives a message to cleanup, but does not end it: whatever hinders that leaves no trace.
    ///
    /// What the sender asked for goes along (RFC 3461, 5.2.7.2), but a list with an owner is a new sender with no wishes (5.2.7.3).
    Prepared prepare(
            LocalMessage message,
            String sender,
            Recipient expanded,
            @Nullable String deliveredTo,
            Collection<String> recipients) {
        if (message.isProbe()) {
            return new Prepared(LocalMessage.would("aliased to " + String.join(", ", recipients)));
        }
        boolean list = !sender.equals(message.sender());
        var attributes = Envelope.receivedAnew(message.request().attributes());
        if (list) {
            attributes.remove(Envelope.ENVID);
            attributes.remove(Envelope.RET);
        }
        attributes.remove(Envelope.REWRITE);
        var envelope = new Envelope(sender, clock.instant(), message.request().trace(), attributes);
        Prepared prepared;
        try {
            prepared = new Prepared(cleanup.open(envelope));
        } catch (IOException e) {
            return new Prepared(e);
        }
        prepared.fill(
                message,
                deliveredTo,
                recipients.stream().map(r -> member(r, expanded, list)).toList());
        return prepared;
    }

    private static Recipient member(String address, Recipient expanded, boolean list) {
        return list
                ? Recipient.of(address, address, "", "")
                : Recipient.of(
                        address,
                        expanded.original(),
                        withoutSuccess(expanded.dsnNotify()),
                        expanded.orcpt());
    }

    /// Success is reported here already: the alias was expanded. Who asked for nothing else hears nothing more.
    private static String withoutSuccess(String notify) {
        if (notify.isEmpty()) {
            return "";
        }
        var rest = new ArrayList<>(List.of(notify.split(",", -1)));
        rest.removeIf(word -> word.equalsIgnoreCase("SUCCESS"));
        return rest.isEmpty() ? "NEVER" : String.join(",", rest);
    }

    /// A message that cleanup has, and forgets unless it is finished. Owned by one thread.
    final class Prepared implements AutoCloseable {
        private final @Nullable Submission submission;
        private final @Nullable Delivery would;
        private @Nullable IOException trouble;

        private Prepared(Submission submission) {
            this.submission = submission;
            this.would = null;
        }

        private Prepared(IOException trouble) {
            this.submission = null;
            this.trouble = trouble;
            this.would = null;
        }

        private Prepared(Delivery would) {
            this.submission = null;
            this.would = would;
        }

        private void fill(
                LocalMessage message, @Nullable String deliveredTo, List<Recipient> recipients) {
            try {
                Submission to = open();
                for (Recipient r : recipients) {
                    to.recipient(r.address(), r.original(), r.dsnNotify(), r.orcpt());
                }
                write(to, message, deliveredTo);
            } catch (IOException e) {
                trouble = e;
            }
        }

        private Submission open() throws IOException {
            if (trouble != null) {
                throw trouble;
            }
            return Objects.requireNonNull(submission);
        }

        /// True if cleanup has it so far; if not, [#finish()] says why not.
        boolean isReady() {
            return trouble == null;
        }

        /// Brings it into the queue.
        Delivery finish() {
            if (would != null) {
                return would;
            }
            try {
                return switch (open().finish()) {
                    case CleanupResult.Queued(var id, var _) ->
                            new Delivery.Sent(
                                    Dsn.of("2.0.0", "forwarded as " + id.text()),
                                    Delivery.Goal.EXPANDED);
                    case CleanupResult.Refused(var reply, var reason) ->
                            reply.isPermanent()
                                    ? new Delivery.Bounced(
                                            Dsn.of("5.3.0", "cannot forward message: " + reason))
                                    : new Delivery.Deferred(
                                            Dsn.of("4.3.0", "cannot forward message: " + reason));
                };
            } catch (IOException e) {
                return LocalDelivery.deferred("4.3.0", "cannot forward message: " + e.getMessage());
            }
        }

        @Override
        public void close() {
            if (submission != null) {
                try {
                    submission.close();
                } catch (IOException e) {
                    // cleanup is gone, and the message with it
                }
            }
        }
    }

    private void write(Submission submission, LocalMessage message, @Nullable String deliveredTo)
            throws IOException {
        OutputStream out = submission.content();
        String head =
                "Received: by "
                        + hostName
                        + " ("
                        + mailName
                        + ")\r\n\tid "
                        + submission.queueId().text()
                        + "; "
                        + MailDate.print(clock.instant(), ZoneId.systemDefault())
                        + "\r\n"
                        + (deliveredTo == null
                                ? ""
                                : "Delivered-To: " + Printable.text(deliveredTo) + "\r\n");
        out.write(head.getBytes(StandardCharsets.UTF_8));
        try (InputStream in = message.content()) {
            in.transferTo(out);
        }
    }
}
