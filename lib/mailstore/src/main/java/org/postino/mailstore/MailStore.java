// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The mailboxes of one user. Made by [MailStores#open]. Confined to one thread at a time; every method touches the disk.
///
/// Names are Unicode, their levels separated by [#separator()]; `INBOX` is meant in any case and always exists. What the disk
/// calls a mailbox (modified UTF-7 in Maildir++) is not seen here. Several sessions and programs may use one store at once.
public interface MailStore extends Closeable {
    /// Runs work on this store, its mailboxes and messages that touches the disk time and again, so that each time costs less. The work may
    /// wait for a client, but not for long.
    <T> T together(StoreOwner.Work<T> work) throws IOException;

    /// Does work on files beside the mail as the mail's owner; cheapest within [#together].
    <T> T asOwner(StoreOwner.Work<T> work) throws IOException;

    /// The directory for what is derived from a mailbox, which goes with it when it is renamed and is removed with it. It exists.
    ///
    /// @throws NoSuchMailboxException if there is no such mailbox
    Path beside(String name) throws IOException;

    /// `.` in Maildir++, `/` in mbox: the characters Dovecot uses by default.
    char separator();

    /// All mailboxes, INBOX first, then by name; also names that only have children.
    List<MailboxInfo> list() throws IOException;

    boolean exists(String name) throws IOException;

    /// Makes a mailbox (parents need not exist).
    ///
    /// @throws MailStoreException `EXISTS`, `INVALID_NAME`, `NO_PERMISSION`
    void create(String name) throws IOException;

    /// Removes a mailbox with its messages; its children stay.
    ///
    /// @throws MailStoreException `NO_SUCH_MAILBOX`, `CANNOT` for INBOX
    void delete(String name) throws IOException;

    /// Renames a mailbox and its children; of INBOX only the messages move and INBOX stays (RFC 3501, 6.3.5).
    ///
    /// @throws MailStoreException `NO_SUCH_MAILBOX`, `EXISTS`, `INVALID_NAME`
    void rename(String from, String to) throws IOException;

    /// True if a view is of the mailbox of this name.
    boolean isOf(Mailbox view, String name) throws IOException;

    /// The name of a view's mailbox in this store.
    default String nameOf(Mailbox view) {
        return view.name();
    }

    /// Lets a view go on after [#rename] of its mailbox, or of one above it; of any other mailbox nothing happens. Its numbers stay.
    void follow(Mailbox view, String from, String to) throws IOException;

    /// The subscribed names, existing or not.
    Set<String> subscriptions() throws IOException;

    void subscribe(String name) throws IOException;

    /// Ends a subscription; nothing happens if there is none.
    void unsubscribe(String name) throws IOException;

    /// The values that clients have noted (RFC 5464), by entry by mailbox; those of the store itself stand at the empty name.
    Map<String, ? extends Map<String, byte[]>> annotations() throws IOException;

    /// Sets entries of a mailbox, or of the store itself at the empty name; one without a value is removed. All or none, and on the disk
    /// for good when this returns.
    ///
    /// @throws NoSuchMailboxException if there is none
    /// @throws MailStoreException `LIMIT` if there would be too much
    void annotate(String name, Map<String, Optional<byte[]>> entries) throws IOException;

    /// The counts of a mailbox, which need not be opened and loses no `\Recent` by it.
    ///
    /// @param sized the sum of sizes is wanted, for which a message may have to be read
    /// @throws NoSuchMailboxException if there is none
    MailboxStatus status(String name, boolean sized) throws IOException;

    /// The counts with the sum of sizes.
    ///
    /// @throws NoSuchMailboxException if there is none
    default MailboxStatus status(String name) throws IOException {
        return status(name, true);
    }

    /// As [Mailbox#identity()], of a mailbox that need not be opened.
    ///
    /// @throws NoSuchMailboxException if there is none
    String identity(String name) throws IOException;

    /// Opens a session's view, with a first [Mailbox#sync()] done.
    ///
    /// @param readOnly as by EXAMINE: nothing is changed, `\Recent` is not claimed
    /// @throws NoSuchMailboxException if there is none
    Mailbox open(String name, boolean readOnly) throws IOException;

    /// Calls `onChange`, as [Mailbox#watch] does, when a mailbox that need not be opened may have changed. Holds nothing of it in memory.
    ///
    /// @throws NoSuchMailboxException if there is none
    Watch watch(String name, Runnable onChange) throws IOException;

    /// Calls `onChange`, as [Mailbox#watch] does, when names of mailboxes, subscriptions or annotations may have changed.
    Watch watchNames(Runnable onChange) throws IOException;

    /// Begins to add messages to a mailbox, all or none.
    ///
    /// @throws NoSuchMailboxException if there is none
    Adding adding(String name) throws IOException;

    /// Adds a message, on the disk for good when this returns; nothing stays behind if it throws.
    ///
    /// @param internalDate now, if null
    /// @param content read to its end; lines end in LF or CRLF. It throws if the peer ends too early
    /// @throws NoSuchMailboxException if there is none
    /// @throws MailStoreException `OVER_QUOTA` if the disk is full, `LIMIT` for too many keywords
    default Appended append(
            String name, Flags flags, @Nullable Instant internalDate, InputStream content)
            throws IOException {
        try (Adding adding = adding(name)) {
            adding.add(flags, internalDate, content);
            return adding.commit().getFirst();
        }
    }

    /// Copies messages of an opened mailbox of this store with their flags and dates, all or none.
    ///
    /// @throws NoSuchMailboxException if there is no such destination
    Copied copy(Mailbox from, Collection<Long> uids, String destination) throws IOException;

    /// Copies and then expunges from the source; numbers change at its next [Mailbox#sync()].
    Copied move(Mailbox from, Collection<Long> uids, String destination) throws IOException;

    /// Removes the mail that goes by itself, as main.cf says ([MailboxRules]).
    ///
    /// @return the mailboxes from which some went
    List<Expired> expire() throws IOException;

    /// Moves what `lazy_expunge_mailbox` keeps back into a mailbox.
    ///
    /// @param since of messages that were expunged before nothing comes back; in an mbox nothing tells, and all do
    /// @return how many came back
    /// @throws NoSuchMailboxException if there is no such destination
    int restore(Instant since, String destination) throws IOException;

    /// Takes the lock of a POP3 session; empty if another session has it.
    Optional<SessionLock> lockSession() throws IOException;

    @Override
    void close() throws IOException;
}
