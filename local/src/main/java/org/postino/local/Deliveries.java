// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.postino.imap.ImapDigest;
import org.postino.linux.AsUser;
import org.postino.linux.CheckedFile;
import org.postino.linux.ConfinementRefusal;
import org.postino.mailstore.Compression;
import org.postino.mailstore.MailLocation;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.MaildirDelivery;
import org.postino.mailstore.MboxDelivery;
import org.postino.mailstore.MboxLocking;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.util.ByteNames;
import org.postino.util.Printable;

/// Writes messages into mailboxes as their owners, a few at a time; the rest wait where waiting costs nothing.
final class Deliveries {
    private static final int AT_ONCE = 16;
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rw-------");

    /// The kernel's messages for names that lead nowhere.
    private static final Set<String> LASTING =
            Set.of(
                    "Is a directory",
                    "Not a directory",
                    "Too many levels of symbolic links",
                    "File name too long",
                    "not a regular file");

    private final MaildirDelivery maildirs;
    private final MboxDelivery mboxes;
    private final MboxDelivery files;
    private final long mailboxLimit;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);

    /// @param compression of what is delivered into Maildirs
    Deliveries(Clock clock, MboxLocking locking, long mailboxLimit, Compression compression) {
        this.maildirs = new MaildirDelivery(clock, compression, new ImapDigest());
        this.mboxes = new MboxDelivery(clock, locking);
        this.files =
                new MboxDelivery(
                        clock,
                        new MboxLocking(locking.kinds(), locking.timeout(), locking.stale(), true));
        this.mailboxLimit = mailboxLimit;
    }

    /// The place where a message goes.
    sealed interface Place {
        Path path();

        /// A Maildir, and the directory of its cache.
        record Maildir(Path path, Path cache) implements Place {}

        /// A Maildir that an alias or `.forward` names.
        record NamedMaildir(Path path) implements Place {}

        /// A mailbox file.
        ///
        /// @param user whose, for the log
        /// @param owner the user it must belong to; null if that does not matter
        record Mbox(Path path, String user, @Nullable Integer owner) implements Place {}

        /// A file that an alias or `.forward` names.
        record File(Path path) implements Place {}

        /// The place of new mail in a mail location.
        static Place of(MailLocation location, String user, @Nullable Integer owner) {
            return switch (location) {
                case MailLocation.Maildir maildir ->
                        new Maildir(maildir.inbox(), maildir.inboxIndex());
                case MailLocation.Mbox(var _, var inbox) -> new Mbox(inbox, user, owner);
            };
        }

        /// A file, or a Maildir if the name ends in `/`.
        static Place ofFile(String path) {
            return path.endsWith("/")
                    ? new NamedMaildir(ByteNames.path(path))
                    : new File(ByteNames.path(path));
        }
    }

    /// Delivers as the owner; never throws for what is wrong with the mailbox.
    ///
    /// A probe writes nothing.
    ///
    /// @param sent what the log says of success: `delivered to maildir`
    Delivery deliver(Place place, AsUser owner, LocalMessage message, byte[] header, String sent) {
        if (message.isProbe()) {
            return LocalMessage.would(sent.replaceFirst("delivered", "delivers"));
        }
        try {
            turns.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failure(place, new InterruptedIOException("interrupted"));
        }
        try {
            owner.callElsewhere(() -> {
                write(place, message.sender(), header, message.content());
                return true;
            });
            return new Delivery.Sent(Dsn.of("2.0.0", sent));
        } catch (IOException e) {
            return failure(place, e);
        } finally {
            turns.release();
        }
    }

    private void write(Place place, String sender, byte[] header, InputStream content)
            throws IOException {
        switch (place) {
            case Place.Maildir(var path, var cache) ->
                    maildirs.deliver(new MaildirDelivery.Target(path, cache), header, content);
            case Place.NamedMaildir(var path) ->
                    maildirs.deliver(new MaildirDelivery.Target(path), header, content);
            case Place.Mbox(var path, var _, var owner) ->
                    mboxes.deliver(
                            new MboxDelivery.Target(path, owner, mailboxLimit),
                            sender,
                            header,
                            content);
            case Place.File(var path) ->
                    files.deliver(
                            new MboxDelivery.Target(path, null, mailboxLimit),
                            sender,
                            header,
                            content);
        }
    }

    /// Makes an empty mailbox file for its owner alone, if there is nothing of its name; what hinders that is the result.
    static Optional<Delivery> make(Place.Mbox place, AsUser owner) {
        try {
            owner.call(() -> {
                Files.createFile(place.path(), PosixFilePermissions.asFileAttribute(PRIVATE));
                return true;
            });
            return Optional.empty();
        } catch (FileAlreadyExistsException e) {
            return Optional.empty(); // whatever it is, it is not for us to change
        } catch (IOException e) {
            return Optional.of(failure(place, e));
        }
    }

    /// The result for a mailbox file that exists and that this user may not write to; empty if the user may.
    static Optional<Delivery> unwritable(Place.Mbox place, AsUser user) {
        try {
            return user.call(() -> {
                try (CheckedFile looked = CheckedFile.look(place.path());
                        var _ = looked.open(Set.of(StandardOpenOption.WRITE))) {
                    return Optional.empty();
                }
            });
        } catch (AccessDeniedException e) {
            String advice =
                    ": chown "
                            + org.postino.linux.Users.nameOf(user.uid())
                            + " "
                            + place.path()
                            + ", or send its mail elsewhere by an alias";
            return Optional.of(
                    LocalDelivery.deferred("4.2.0", failure(place, e).dsn().reason() + advice));
        } catch (IOException e) {
            return Optional.empty(); // delivery says what is wrong
        }
    }

    static Delivery failure(Place place, IOException e) {
        String what =
                switch (place) {
                    case Place.Maildir _, Place.NamedMaildir _ -> "maildir delivery failed: ";
                    case Place.Mbox(var path, var user, var _) ->
                            "cannot update mailbox " + path + " for user " + user + ". ";
                    case Place.File(var path) -> "cannot append message to file " + path + ": ";
                };
        String reason = Printable.text(what + reason(e));
        if (ConfinementRefusal.is(e)) {
            Target.LOG.warn("{}", Printable.text(String.valueOf(e.getMessage())));
        } else if (isNamed(place) && isLasting(e)) {
            return new Delivery.Bounced(Dsn.of("5.2.0", reason));
        }
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

    private static boolean isNamed(Place place) {
        return switch (place) {
            case Place.NamedMaildir _, Place.File _ -> true;
            case Place.Maildir _, Place.Mbox _ -> false;
        };
    }

    /// True if a name leads to what cannot be written, and will not until somebody changes it.
    private static boolean isLasting(IOException e) {
        return switch (e) {
            case AccessDeniedException _,
                    NoSuchFileException _,
                    NotDirectoryException _,
                    FileSystemLoopException _,
                    FileAlreadyExistsException _ ->
                    true;
            case FileSystemException f -> f.getReason() != null && LASTING.contains(f.getReason());
            case MailStoreException store ->
                    switch (store.problem()) {
                        case CANNOT, NO_PERMISSION, INVALID_NAME, NO_SUCH_MAILBOX, EXISTS -> true;
                        case OVER_QUOTA, IN_USE, LIMIT, EXPUNGED, MAILBOX_GONE -> false;
                    };
            default -> false;
        };
    }

    /// The path and what the kernel said.
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> denied.getFile() + ": Permission denied";
            case NoSuchFileException missing -> missing.getFile() + ": No such file or directory";
            case FileAlreadyExistsException there -> there.getFile() + ": Not a directory";
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
