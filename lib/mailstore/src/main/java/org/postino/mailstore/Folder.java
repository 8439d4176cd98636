// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A mailbox in one storage format. One object for all sessions of a process; guards itself. Every method but
/// [#current()] may touch the disk and is called on a thread that acts as the owner of the mail.
interface Folder {
    /// The outcome of a look at the disk.
    ///
    /// @param claimed UIDs the caller may call recent: new to everybody, and with `claim` to no other session any more
    record Refreshed<M extends StoredMessage>(Snapshot<M> snapshot, Set<Long> claimed) {}

    /// A word of letters and digits that no other mailbox of the store has, and that this one keeps while it keeps its UIDVALIDITY,
    /// also under another name.
    String identity() throws IOException;

    /// The state of the last look.
    Snapshot<?> current();

    /// Counts the messages of a state of this folder.
    Tally tally();

    /// Looks at the disk; without `claim` nothing is changed there that other sessions could see.
    Refreshed<?> refresh(boolean claim) throws IOException;

    long size(long uid) throws IOException;

    /// The size of the file, or, where a message has none of its own, what [#size] says.
    long fileSize(long uid) throws IOException;

    /// Words that another server left for its POP3 clients, by UID, of the messages that have any; of the last look.
    Map<Long, SavedUidl> savedUidls();

    Instant internalDate(long uid) throws IOException;

    MessageBytes read(long uid) throws IOException;

    Stored store(Collection<Long> uids, StoreMode mode, Flags flags, long unchangedSince)
            throws IOException;

    /// Removes the messages; unknown UIDs are passed over.
    void expunge(Collection<Long> uids) throws IOException;

    /// The UIDs that went after a modseq, ascending; empty if that is not known so far back.
    Optional<List<UidRange>> vanished(long since) throws IOException;

    /// A place for the content of new messages of this folder.
    Draft draft() throws IOException;

    /// Gives a folder without messages another UIDVALIDITY, and UIDs from 1 on.
    ///
    /// @throws MailStoreException `CANNOT` if there are messages, or if the format cannot keep it
    void restart(long uidValidity) throws IOException;

    /// Adds copies of messages of another folder (or this one), all or none.
    Copied copyFrom(Folder source, Collection<Long> uids) throws IOException;

    /// True if a keyword not yet in [Snapshot#keywords()] could be stored.
    boolean newKeywordsAllowed();

    /// Directories whose changes announce changes of this folder.
    List<Path> watched();

    /// Another object if nothing that was known of messages before holds any more.
    Object era();

    /// Makes ready what other programs or sessions have left about messages; then [#cached] answers from it.
    void openCache() throws IOException;

    /// The parts of a message that are known without opening it; [Cached#NOTHING] where no cache is kept. Touches no path, so needs no owner.
    Cached cached(long uid) throws IOException;

    /// Keeps what is known of messages, by UID; those that are gone are passed over.
    void cache(Map<Long, Cached> known) throws IOException;

    /// Gives up memory that saves time only while a client asks one thing after another.
    void settle();

    /// Closes files, as the last session leaves, and keeps in memory what is known: the next session finds it, and the
    /// next look at the disk tells how much of it is still so. A folder that rests may be dropped without a further word.
    void rest() throws IOException;
}
