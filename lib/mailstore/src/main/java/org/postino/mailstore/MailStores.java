// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Opens mail stores; one object per process, shared by all sessions, so that they share what is known of a mailbox and hear of
/// each other's changes. Safe for use by several threads. Starts its one watching thread with the first [Mailbox#watch].
public final class MailStores implements Closeable {
    private final Clock clock;
    private final MaildirUnique unique;
    private final Watcher watcher = new Watcher();
    private final MboxLocking locking;
    private final MailSpool spool;
    private final ParsedMessages parsed = new ParsedMessages(ParsedMessages.BOUND);
    private final Map<Key, Shared> folders = new HashMap<>();

    public MailStores(Clock clock) {
        this(clock, MboxLocking.DEFAULT, MailSpool.ANY);
    }

    public MailStores(Clock clock, MboxLocking locking, MailSpool spool) {
        this.clock = clock;
        this.spool = spool;
        this.locking = locking;
        this.unique = new MaildirUnique(clock);
    }

    /// Opens a user's store and makes its INBOX where it is missing. Close it at the end of the session.
    public MailStore open(MailLocation location, StoreOwner owner) throws IOException {
        Layout layout =
                switch (location) {
                    case MailLocation.Maildir(var root) -> new MaildirLayout(this, root);
                    case MailLocation.Mbox(var root, var inbox) ->
                            new MboxLayout(this, root, inbox, owner);
                };
        return FolderStore.open(this, owner, layout);
    }

    Clock clock() {
        return clock;
    }

    MailSpool spool() {
        return spool;
    }

    MboxLocking locking() {
        return locking;
    }

    MaildirUnique unique() {
        return unique;
    }

    ParsedMessages parsed() {
        return parsed;
    }

    ChangeNotifier announcer() {
        return watcher;
    }

    /// A folder of a user: what one may read another may perhaps not.
    private record Key(int uid, Path path) {}

    /// A folder in use and by how many.
    private static final class Shared {
        final Folder folder;
        int users;

        Shared(Folder folder) {
            this.folder = folder;
        }
    }

    /// The folder at a path, made by `maker` if no session of this user has it open in this process; give it back with [#release].
    synchronized Folder acquire(StoreOwner owner, Path path, Supplier<Folder> maker) {
        Shared shared =
                folders.computeIfAbsent(new Key(owner.uid(), path), _ -> new Shared(maker.get()));
        shared.users++;
        return shared.folder;
    }

    void release(StoreOwner owner, Path path) throws IOException {
        Folder last;
        synchronized (this) {
            var key = new Key(owner.uid(), path);
            Shared shared = folders.get(key);
            if (shared == null || --shared.users > 0) {
                return;
            }
            folders.remove(key);
            last = shared.folder;
        }
        parsed.forget(last);
        last.close();
    }

    /// Ends watching. Sessions must have ended.
    @Override
    public void close() throws IOException {
        watcher.close();
    }
}
