// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks at the files that a store keeps beside a mailbox: the list of UIDs, the index, the log of expunged messages and the cache. Sessions
/// may go on meanwhile.
public final class MailboxCheck {
    private final FolderStore store;
    private final String mailbox;
    private final Optional<MaildirCheck> maildir;

    private MailboxCheck(FolderStore store, String mailbox) throws IOException {
        this.store = store;
        this.mailbox = mailbox;
        this.maildir = store.check(mailbox);
    }

    /// A check of a mailbox in a store that [MailStores] has opened.
    ///
    /// @throws NoSuchMailboxException if there is none
    public static MailboxCheck of(MailStore store, String mailbox) throws IOException {
        if (!(store instanceof FolderStore folders)) {
            throw new IllegalArgumentException("a store without files");
        }
        return new MailboxCheck(folders, mailbox);
    }

    /// Tells of each file; of none for an mbox, which has no such files.
    public List<Finding> look() throws IOException {
        return maildir.isEmpty() ? List.of() : store.asOwner(() -> maildir.get().look());
    }

    /// Makes anew what is damaged, and tells of the files as they are now. No message is touched, and UIDs stay where any file still knows
    /// them.
    public List<Finding> mend() throws IOException {
        if (maildir.isEmpty()) {
            return List.of();
        }
        store.asOwner(() -> {
            maildir.get().mend();
            return true;
        });
        store.status(mailbox, false);
        return look();
    }

    /// The records of the index, in the order of the file, whether it is to be believed or not; none if it cannot be read as an index.
    public List<IndexRecord> records() throws IOException {
        return maildir.isEmpty()
                ? List.of()
                : store.asOwner(() -> new ArrayList<>(maildir.get().records()));
    }
}
