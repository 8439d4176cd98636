// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;

/// Opens mail stores; one object per process, shared by all sessions, so that they share what is known of a mailbox and hear of
/// each other's changes. Safe for use by several threads. Starts its one watching thread with the first [Mailbox#watch].
public final class MailStores implements Closeable {
    /// The number of folders that are remembered while nobody has them open, and of messages that they may have in all. A message
    /// takes about 150 bytes.
    private static final int RESTING_FOLDERS = 64;

    private static final int RESTING_MESSAGES = 100_000;

    private final Clock clock;
    private final MaildirUnique unique;
    private final Watcher watcher = new Watcher();
    private final MboxLocking locking;
    private final MailSpool spool;
    private final Compression compression;
    private final MailboxRules rules;
    private final ParsedMessages parsed = new ParsedMessages(ParsedMessages.BOUND);
    private final Map<Key, Shared> folders = new HashMap<>();

    /// Those of them that nobody has open; the one that was left first comes first.
    private final Map<Key, Shared> resting = new LinkedHashMap<>();

    public MailStores(Clock clock) {
        this(clock, MboxLocking.DEFAULT, MailSpool.ANY);
    }

    public MailStores(Clock clock, MboxLocking locking, MailSpool spool) {
        this(clock, locking, spool, Compression.NONE);
    }

    /// @param compression of new messages in Maildirs
    public MailStores(Clock clock, MboxLocking locking, MailSpool spool, Compression compression) {
        this(clock, locking, spool, compression, MailboxRules.NONE);
    }

    /// @param compression of new messages in Maildirs
    public MailStores(
            Clock clock,
            MboxLocking locking,
            MailSpool spool,
            Compression compression,
            MailboxRules rules) {
        this.compression = compression;
        this.rules = rules;
        this.clock = clock;
        this.spool = spool;
        this.locking = locking;
        this.unique = new MaildirUnique(clock);
    }

    /// The stores as main.cf describes them.
    public static MailStores of(Config config, Clock clock) {
        return new MailStores(
                clock,
                MboxLocking.of(config),
                MailSpool.of(config),
                Compression.of(config),
                MailboxRules.of(config));
    }

    /// Opens a user's store and makes its INBOX where it is missing. Close it at the end of the session.
    public MailStore open(MailLocation location, StoreOwner owner) throws IOException {
        return FolderStore.open(this, owner, layout(location, owner));
    }

    private Layout layout(MailLocation location, StoreOwner owner) {
        return switch (location) {
            case MailLocation.Maildir maildir -> new MaildirLayout(this, maildir);
            case MailLocation.Mbox(var root, var inbox) -> new MboxLayout(this, root, inbox, owner);
        };
    }

    Clock clock() {
        return clock;
    }

    Compression compression() {
        return compression;
    }

    public MailboxRules rules() {
        return rules;
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

    /// A folder and how many use it.
    private static final class Shared {
        final Folder folder;
        int users;

        Shared(Folder folder) {
            this.folder = folder;
        }
    }

    /// The folder at a path, made by `maker` if this process knows none of this user there; give it back with [#release].
    synchronized Folder acquire(StoreOwner owner, Path path, Supplier<Folder> maker) {
        var key = new Key(owner.uid(), path);
        Shared shared = folders.computeIfAbsent(key, _ -> new Shared(maker.get()));
        resting.remove(key);
        shared.users++;
        return shared.folder;
    }

    /// Tells sessions that have a folder open that it is not where it was.
    void moved(StoreOwner owner, Path path) {
        Shared shared;
        synchronized (this) {
            shared = folders.get(new Key(owner.uid(), path));
        }
        if (shared != null) {
            watcher.changed(shared.folder);
        }
    }

    /// Gives a folder back; the last of its users lets it rest. Called by the session itself and not as the owner, as sessions wait for
    /// this object's lock (see [org.postino.linux.AsUser]).
    void release(StoreOwner owner, Path path) throws IOException {
        var key = new Key(owner.uid(), path);
        Shared shared = leaveIfLast(key);
        if (shared == null) {
            return;
        }
        boolean rests = false;
        try {
            rests =
                    owner.call(() -> {
                        shared.folder.rest();
                        return true;
                    });
        } finally {
            leave(key, shared, rests);
        }
    }

    /// The folder if nobody uses it any more.
    private synchronized @Nullable Shared leaveIfLast(Key key) {
        Shared shared = folders.get(key);
        return shared == null || --shared.users > 0 ? null : shared;
    }

    /// Keeps a folder that nobody uses, and drops those that were left first if there are too many.
    private synchronized void leave(Key key, Shared shared, boolean rests) {
        if (shared.users > 0) {
            return;
        }
        if (!rests) {
            drop(key, shared);
            return;
        }
        resting.remove(key);
        resting.put(key, shared);
        int messages = 0;
        for (Shared one : resting.values()) {
            messages += size(one);
        }
        var oldest = resting.entrySet().iterator();
        while (resting.size() > RESTING_FOLDERS
                || (resting.size() > 1 && messages > RESTING_MESSAGES)) {
            var first = oldest.next();
            oldest.remove();
            messages -= size(first.getValue());
            drop(first.getKey(), first.getValue());
        }
    }

    private static int size(Shared shared) {
        return shared.folder.current().messages().size();
    }

    private void drop(Key key, Shared shared) {
        folders.remove(key, shared);
        parsed.forget(shared.folder);
    }

    /// Ends watching. Sessions must have ended.
    @Override
    public void close() throws IOException {
        watcher.close();
    }
}
