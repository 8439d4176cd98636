// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages on their way into a mailbox together, all or none. Made by [MailStore#adding]; nothing stays of what is closed without
/// [#commit()]. Confined to one thread at a time.
public final class Adding implements Closeable {
    private final FolderUse use;
    private final Draft draft;
    private final Closeable borrowed;

    private Adding(FolderUse use, Draft draft, Closeable borrowed) {
        this.use = use;
        this.draft = draft;
        this.borrowed = borrowed;
    }

    /// Leaves the use of the folder with the caller.
    static Adding within(FolderUse use) throws IOException {
        return new Adding(use, use.owner().call(use.folder()::draft), () -> {});
    }

    /// Takes over the use of the folder.
    static Adding to(FolderUse use) throws IOException {
        try {
            return new Adding(use, use.owner().call(use.folder()::draft), use);
        } catch (IOException | RuntimeException e) {
            use.close();
            throw e;
        }
    }

    /// Reads a message to its end, which the caller's thread waits for, and keeps it beside the mailbox.
    ///
    /// @param internalDate the moment of the commit, if null
    /// @param content lines end in LF or CRLF. It throws if the peer ends too early
    /// @throws MailStoreException `OVER_QUOTA` if the disk is full
    public void add(Flags flags, @Nullable Instant internalDate, InputStream content)
            throws IOException {
        act(() -> draft.begin(flags, internalDate));
        draft.write(content);
    }

    /// Puts all of them into the mailbox, for good when this returns.
    ///
    /// @return their UIDs, in their order
    public List<Appended> commit() throws IOException {
        return commit(List.of());
    }

    /// Puts all of them into the mailbox with these UIDs, for good when this returns.
    ///
    /// @param uids ascending, one for each; none for the next ones
    /// @throws MailStoreException `CANNOT` if one of them was given already, or if the format cannot keep them
    public List<Appended> commit(List<Long> uids) throws IOException {
        var added = use.owner().call(() -> draft.add(uids));
        use.stores().announcer().changed(use.folder());
        return added;
    }

    private interface Act {
        void run() throws IOException;
    }

    private void act(Act act) throws IOException {
        use.owner()
                .call(() -> {
                    act.run();
                    return true;
                });
    }

    @Override
    public void close() throws IOException {
        try {
            act(draft::close);
        } finally {
            borrowed.close();
        }
    }
}
