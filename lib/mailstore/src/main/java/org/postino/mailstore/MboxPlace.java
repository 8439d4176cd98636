// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Clock;

/// The file of a mailbox, and as whom it is opened and locked.
///
/// A mailbox below a user's own directories is opened as whoever calls, which is the user with the primary group. An INBOX in the
/// mail spool is opened as the user with the spool's group; nothing else is ever touched with that group.
final class MboxPlace {
    private final MboxFile file;
    private final StoreOwner as;
    private final MboxLocking locking;
    private final Clock clock;

    private MboxPlace(MboxFile file, StoreOwner as, MboxLocking locking, Clock clock) {
        this.file = file;
        this.as = as;
        this.locking = locking;
        this.clock = clock;
    }

    /// A file of the user's own.
    ///
    /// @param create it may be missing and is then made
    static MboxPlace own(Path file, boolean create, MboxLocking locking, Clock clock) {
        return new MboxPlace(MboxFile.following(file, create), StoreOwner.self(), locking, clock);
    }

    /// An INBOX in the mail spool: it must be a regular file of just this user.
    ///
    /// @param as the user with the spool's group
    static MboxPlace inSpool(Path file, int uid, StoreOwner as, MboxLocking locking, Clock clock) {
        return new MboxPlace(new MboxFile(file, uid, true), as, locking, clock);
    }

    Path file() {
        return file.path();
    }

    /// Opens and locks the file; what is returned is closed as the same user.
    Open open() throws IOException {
        return new Open(as.call(() -> file.take(locking, clock)), as);
    }

    /// The open and locked file.
    record Open(MboxFile.Held held, StoreOwner as) implements Closeable {
        FileChannel channel() {
            return held.channel();
        }

        @Override
        public void close() throws IOException {
            as.call(() -> {
                held.close();
                return true;
            });
        }
    }
}
