// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.postino.global.smtp.Delivery;
import org.postino.global.smtp.Dsn;
import org.postino.mailstore.MailLocation;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.MaildirDelivery;
import org.postino.mailstore.MboxDelivery;
import org.postino.util.AsUser;

/// Writes messages into mailboxes as their owners. Waiting for the disk is left to a few platform threads, since many waiting
/// virtual ones would starve the rest.
final class Deliveries {
    private static final int THREADS = 16;

    private final MaildirDelivery maildirs;
    private final MboxDelivery mboxes;
    private final long mailboxLimit;
    private final ExecutorService pool =
            Executors.newFixedThreadPool(
                    THREADS, work -> Thread.ofPlatform().daemon().name("delivery").unstarted(work));

    Deliveries(Clock clock, Duration lockTime, long mailboxLimit) {
        this.maildirs = new MaildirDelivery(clock);
        this.mboxes = new MboxDelivery(clock, lockTime);
        this.mailboxLimit = mailboxLimit;
    }

    /// Where a message goes.
    sealed interface Place {
        record Maildir(Path path) implements Place {}

        record Mbox(Path path) implements Place {}

        /// The place of new mail in a mail location.
        static Place of(MailLocation location) {
            return switch (location) {
                case MailLocation.Maildir(var root) -> new Maildir(root);
                case MailLocation.Mbox(var _, var inbox) -> new Mbox(inbox);
            };
        }

        /// A path in Postfix's form: a Maildir if it ends in `/`.
        static Place of(String text, Path base) {
            Path path = base.resolve(text);
            return text.endsWith("/") ? new Maildir(path) : new Mbox(path);
        }
    }

    /// Delivers as the owner; never throws for what is wrong with the mailbox.
    ///
    /// @param sent what the log says of success: `delivered to maildir`
    Delivery deliver(
            Place place,
            AsUser owner,
            String sender,
            byte[] header,
            InputStream content,
            String sent) {
        try {
            pool.submit(
                            () -> {
                                owner.call(() -> {
                                    write(place, sender, header, content);
                                    return true;
                                });
                                return true;
                            })
                    .get();
            return new Delivery.Sent(Dsn.of("2.0.0", sent));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                return failure(place, io);
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failure(place, new InterruptedIOException("interrupted"));
        }
    }

    private void write(Place place, String sender, byte[] header, InputStream content)
            throws IOException {
        switch (place) {
            case Place.Maildir(var path) -> maildirs.deliver(path, header, content);
            case Place.Mbox(var path) ->
                    mboxes.deliver(path, sender, header, content, mailboxLimit);
        }
    }

    private static Delivery failure(Place place, IOException e) {
        String what =
                switch (place) {
                    case Place.Maildir _ -> "maildir delivery failed: ";
                    case Place.Mbox _ -> "cannot update mailbox ";
                };
        Path path =
                switch (place) {
                    case Place.Maildir(var p) -> p;
                    case Place.Mbox(var p) -> p;
                };
        String reason =
                Letter.clean(
                        what
                                + (what.endsWith("e ") || what.endsWith("x ") ? path + ": " : "")
                                + reason(e));
        if (e instanceof MailStoreException store) {
            return switch (store.problem()) {
                case OVER_QUOTA -> new Delivery.Bounced(Dsn.of("5.2.2", reason));
                case NO_SUCH_MAILBOX,
                        EXISTS,
                        INVALID_NAME,
                        CANNOT,
                        NO_PERMISSION,
                        IN_USE,
                        LIMIT,
                        EXPUNGED,
                        MAILBOX_GONE ->
                        new Delivery.Deferred(Dsn.of("4.2.0", reason));
            };
        }
        String text = reason.toLowerCase(Locale.ROOT);
        if (text.contains("quota exceeded")) {
            return new Delivery.Deferred(Dsn.of("4.2.2", reason));
        }
        if (text.contains("no space left")) {
            return new Delivery.Deferred(Dsn.of("4.3.1", reason));
        }
        return new Delivery.Deferred(Dsn.of("4.2.0", reason));
    }

    /// The path and what the kernel said.
    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> denied.getFile() + ": Permission denied";
            case FileSystemException f ->
                    f.getFile()
                            + ": "
                            + (f.getReason() == null
                                    ? f.getClass().getSimpleName()
                                    : f.getReason());
            default -> String.valueOf(e.getMessage());
        };
    }
}
