// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The files of one Maildir and their two locks: `dovecot-uidlist.lock` keeps out all programs (UIDs, keywords), the lock of the
/// index our own processes (everything that renames). The lock of the index is taken first.
///
/// @param directory `cur`, `new` and `tmp`
/// @param unique names for new files
/// @param compression of new files
record MaildirFiles(
        MaildirDirectory directory,
        MaildirUnique unique,
        UidList uidList,
        Keywords keywords,
        MoreKeywords more,
        MaildirIndex index,
        ExpungeLog expungeLog,
        MaildirCache cache,
        Compression compression,
        Clock clock) {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(122);
    private static final Duration LOCK_STALE = Duration.ofMinutes(2);
    private static final Duration INDEX_STALE = Duration.ofMinutes(1);

    static MaildirFiles of(
            Path root, MaildirUnique unique, LongSupplier newUidValidity, Clock clock) {
        return of(root, root, root, unique, newUidValidity, Compression.NONE, clock);
    }

    /// The files of a Maildir that are not all in one directory.
    ///
    /// @param control UIDs and keywords
    /// @param index what may vanish
    static MaildirFiles of(
            Path root,
            Path control,
            Path index,
            MaildirUnique unique,
            LongSupplier newUidValidity,
            Compression compression,
            Clock clock) {
        return new MaildirFiles(
                new MaildirDirectory(root, clock),
                unique,
                new UidList(control, newUidValidity),
                new Keywords(control),
                new MoreKeywords(control),
                new MaildirIndex(index),
                new ExpungeLog(index),
                new MaildirCache(index),
                compression,
                clock);
    }

    /// Takes the lock of the UID list.
    DotLock lockUidList() throws IOException {
        return DotLock.take(uidList.file(), LOCK_TIMEOUT, LOCK_STALE, clock);
    }

    /// Takes the lock of the index; null where no index can be kept.
    @Nullable DotLock lockIndex() throws IOException {
        return index.isUsable()
                ? DotLock.take(index.file(), LOCK_TIMEOUT, INDEX_STALE, clock)
                : null;
    }

    /// Notes that messages went; before the state without them is published and written to the index. Under the index lock.
    ///
    /// @param before the state that had them
    /// @param uids ascending
    void vanished(MaildirState state, Snapshot<?> before, long modseq, List<Long> uids)
            throws IOException {
        long length = state.expunged();
        state.expunged(0); // until all is written
        if (index.isUsable()) {
            state.expunged(
                    expungeLog.add(
                            length, before.uidValidity(), before.highestModSeq(), modseq, uids));
        }
    }

    /// A maker of flags for the messages of one look.
    MaildirFlags shared() {
        return new MaildirFlags(keywords, more);
    }
}
