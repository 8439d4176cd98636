// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/// A folder borrowed from [MailStores].
record FolderUse(MailStores stores, StoreOwner owner, Path path, Folder folder)
        implements Closeable {
    /// Looks at the disk without a change there.
    Snapshot<?> look() throws IOException {
        return owner.call(() -> folder.refresh(false)).snapshot();
    }

    /// Counts for STATUS.
    ///
    /// @param sized the sum of sizes is wanted
    MailboxStatus status(boolean sized) throws IOException {
        return owner.call(() -> count(sized));
    }

    private MailboxStatus count(boolean sized) throws IOException {
        var looked = folder.refresh(false);
        Snapshot<?> now = looked.snapshot();
        Tally.Counts counts = folder.tally().of(now);
        return new MailboxStatus(
                now.messages().size(),
                looked.claimed().size(),
                counts.unseen(),
                counts.deleted(),
                now.uidNext(),
                now.uidValidity(),
                now.highestModSeq(),
                sized && counts.size() < 0 ? lookedUpSizes(now) : counts.size());
    }

    private long lookedUpSizes(Snapshot<?> now) throws IOException {
        long size = 0;
        for (StoredMessage m : now.messages()) {
            size += m.knownSize() >= 0 ? m.knownSize() : lookedUpSize(m.uid());
        }
        return size;
    }

    private long lookedUpSize(long uid) throws IOException {
        try {
            return folder.size(uid);
        } catch (MailStoreException e) {
            if (e.problem() != MailStoreException.Problem.EXPUNGED) {
                throw e;
            }
            return 0;
        }
    }

    /// A session's view; the folder is given back when it is closed, or at once if it cannot be made.
    Mailbox open(String name, boolean readOnly) throws IOException {
        try {
            return new Mailbox(name, this, readOnly);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        stores.release(owner, path);
    }
}
