// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One session's view of an opened mailbox. Confined to one thread at a time.
///
/// Sequence numbers are 1-based and **change only in [#sync()]**: not in [#store], [#expunge], [#append], nor by what other
/// sessions do. Until then an expunged message keeps its number and its last known flags; reading it throws
/// [MailStoreException] `EXPUNGED`. [#syncKeepingNumbers()] takes up new messages and flags alone (for the moments in which
/// IMAP forbids EXPUNGE responses).
///
/// Accessors answer from memory. `sync`, `store`, `expunge`, `append`, `copyTo`, `read`, and (for messages whose size or
/// date is in neither file name nor index) `size` and `internalDate` touch the disk and throw [IOException] on its faults.
public final class Mailbox implements Closeable {
    private static final int CACHED_AT_ONCE = 256;
    private static final int CACHED_OCTETS = 1 << 18;

    private final boolean readOnly;
    private final StoreOwner owner;
    private final ChangeNotifier announcer;
    private final Set<Long> recent = new HashSet<>();
    private String name;
    private Folder folder;
    private FolderUse use;
    private List<StoredMessage> view;
    private Snapshot<?> seen;
    private final Map<Long, Cached> uncached = new HashMap<>();
    private int uncachedSize;
    private boolean cacheOpen;
    private boolean expungedRemain;
    private boolean closed;
    private Keeper keeper = (_, _) -> {};

    /// Keeps messages that are about to be removed.
    @FunctionalInterface
    interface Keeper {
        void keep(Folder from, Collection<Long> uids) throws IOException;
    }

    /// Opens a view and takes over the use of the folder.
    Mailbox(String name, FolderUse use, boolean readOnly) throws IOException {
        this.name = name;
        this.use = use;
        this.folder = use.folder();
        this.owner = use.owner();
        this.announcer = use.stores().announcer();
        this.readOnly = readOnly;
        var first = owner.call(() -> folder.refresh(!readOnly));
        seen = first.snapshot();
        view = new ArrayList<>(seen.messages());
        recent.addAll(first.claimed());
    }

    public String name() {
        return name;
    }

    /// Gives the same mailbox another name and, on the disk, another place. Numbers stay.
    void follow(String newName, FolderUse newUse) throws IOException {
        owner.call(() -> newUse.folder().refresh(false)); // its folder knows no message yet
        writeCache();
        cacheOpen = false;
        FolderUse before = use;
        name = newName;
        use = newUse;
        folder = newUse.folder();
        before.close();
    }

    public boolean readOnly() {
        return readOnly;
    }

    /// A word of letters and digits that no other mailbox of the store has, and that this one keeps while it keeps its UIDVALIDITY,
    /// also under another name.
    public String identity() throws IOException {
        return owner.call(folder::identity);
    }

    public long uidValidity() {
        return seen.uidValidity();
    }

    /// The UID the next message will at least have; of the last sync.
    public long uidNext() {
        return seen.uidNext();
    }

    /// The highest modseq of the mailbox; of the last sync or own change.
    public long highestModSeq() {
        return seen.highestModSeq();
    }

    /// The number of messages that the session knows: the highest sequence number.
    public int size() {
        return view.size();
    }

    /// The number of messages that are recent to this session.
    public int recent() {
        return recent.size();
    }

    /// The keywords in use, for FLAGS.
    public List<String> keywords() {
        return seen.keywords();
    }

    /// True if `\*` belongs into PERMANENTFLAGS.
    public boolean newKeywordsAllowed() {
        return !readOnly && folder.newKeywordsAllowed();
    }

    /// The sequence number of the first message without `\Seen`, 0 if there is none.
    public int firstUnseen() {
        for (int i = 0; i < view.size(); i++) {
            if (!view.get(i).flags().contains(Flag.SEEN)) {
                return i + 1;
            }
        }
        return 0;
    }

    /// The message with a sequence number in `1 .. size()`.
    public MessageEntry message(int sequence) {
        StoredMessage m = view.get(sequence - 1);
        boolean isRecent = !recent.isEmpty() && recent.contains(m.uid());
        return new MessageEntry(m.uid(), m.flags(), m.modseq(), isRecent);
    }

    /// The flags of a sequence number in `1 .. size()`; cheaper than [#message].
    public Flags flags(int sequence) {
        return view.get(sequence - 1).flags();
    }

    /// The UID of a sequence number in `1 .. size()`; cheaper than [#message].
    public long uid(int sequence) {
        return view.get(sequence - 1).uid();
    }

    /// The sequence number of a UID, 0 if the session does not know it.
    public int sequence(long uid) {
        int at = position(uid);
        return at >= 0 ? at + 1 : 0;
    }

    /// The sequence number of the first message whose UID is not below `uid`; `size() + 1` if there is none.
    public int sequenceFrom(long uid) {
        int at = position(uid);
        return at >= 0 ? at + 1 : -at;
    }

    private int position(long uid) {
        return Snapshot.indexOf(view, uid);
    }

    /// Looks at the disk and takes up everything: new messages, flags, expunges. Cheap when nothing has changed (no directory
    /// is listed).
    ///
    /// @throws MailStoreException `MAILBOX_GONE` if the mailbox was deleted or its UIDVALIDITY changed
    public Changes sync() throws IOException {
        return merge(refreshed(), true);
    }

    /// As [#sync()], but expunged messages stay in the view until the next `sync()`; no number changes.
    public Changes syncKeepingNumbers() throws IOException {
        return merge(refreshed(), false);
    }

    private Snapshot<?> refreshed() throws IOException {
        writeCache();
        var now = owner.call(() -> folder.refresh(!readOnly));
        if (now.snapshot().uidValidity() != seen.uidValidity()) {
            throw new MailStoreException(
                    MailStoreException.Problem.MAILBOX_GONE, "Mailbox was replaced by another");
        }
        recent.addAll(now.claimed());
        return now.snapshot();
    }

    private Changes merge(Snapshot<?> now, boolean renumber) {
        if (seen.sharesMessagesWith(now) && !expungedRemain) {
            seen = now;
            return new Changes(List.of(), List.of(), false, view.size(), recent.size(), List.of());
        }
        expungedRemain = false;
        var expunged = new ArrayList<Integer>();
        var vanished = new UidRange.Builder();
        var changed = new ArrayList<Integer>();
        var next = new ArrayList<StoredMessage>(now.messages().size() + 8);
        long last = view.isEmpty() ? 0 : view.getLast().uid();
        int at = 0;
        for (int i = 0; i < view.size(); i++) {
            StoredMessage old = view.get(i);
            at = skipBelow(now, at, old.uid());
            StoredMessage fresh =
                    at < now.messages().size() && now.messages().get(at).uid() == old.uid()
                            ? now.messages().get(at)
                            : null;
            if (fresh == null) {
                if (renumber) {
                    expunged.add(i + 1);
                    vanished.add(old.uid(), old.uid());
                    recent.remove(old.uid());
                } else {
                    next.add(old);
                    expungedRemain = true;
                }
                continue;
            }
            next.add(fresh);
            if (!fresh.flags().equals(old.flags())) {
                changed.add(next.size());
            }
        }
        boolean arrived = false;
        for (at = skipBelow(now, at, last + 1); at < now.messages().size(); at++) {
            next.add(now.messages().get(at));
            arrived = true;
        }
        view = next;
        seen = now;
        return new Changes(
                expunged.reversed(),
                vanished.ranges(),
                arrived,
                view.size(),
                recent.size(),
                changed);
    }

    private static int skipBelow(Snapshot<?> now, int from, long uid) {
        int at = from;
        while (at < now.messages().size() && now.messages().get(at).uid() < uid) {
            at++;
        }
        return at;
    }

    /// The UIDs of messages that went after a modseq and are not in this view, ascending. If that is not known so far back, all
    /// below [#uidNext()] that are not in this view (RFC 7162, 3.2.5.2).
    public List<UidRange> vanished(long since) throws IOException {
        if (since >= seen.highestModSeq() && !expungedRemain) {
            return List.of();
        }
        var gone =
                owner.call(() -> folder.vanished(since))
                        .orElseGet(() -> List.of(new UidRange(1, seen.uidNext() - 1)));
        var missing = new UidRange.Builder();
        for (UidRange range : gone) {
            long from = range.first();
            for (int i = sequenceFrom(from); i <= size() && uid(i) <= range.last(); i++) {
                if (uid(i) > from) {
                    missing.add(from, uid(i) - 1);
                }
                from = uid(i) + 1;
            }
            if (from <= range.last()) {
                missing.add(from, range.last());
            }
        }
        return missing.ranges();
    }

    /// The size in octets with CRLF.
    public long size(long uid) throws IOException {
        int at = position(uid);
        long known = at < 0 ? -1 : view.get(at).knownSize();
        return known >= 0 ? known : owner.call(() -> folder.size(uid));
    }

    /// The size as it is known without reading the message: in octets with CRLF where somebody has counted them, else that of the file.
    public long roughSize(long uid) throws IOException {
        int at = position(uid);
        long known = at < 0 ? -1 : view.get(at).knownSize();
        return known >= 0 ? known : owner.call(() -> folder.fileSize(uid));
    }

    /// The name of the message's file without flags, which stays; empty in an mbox. Answers from memory.
    public String fileName(long uid) {
        int at = position(uid);
        return at < 0 ? "" : view.get(at).base();
    }

    /// Words that another server left for its POP3 clients, by UID, of the messages that have any. Answers from memory.
    public Map<Long, SavedUidl> savedUidls() {
        return folder.savedUidls();
    }

    /// When the message was received, in whole seconds.
    public Instant internalDate(long uid) throws IOException {
        int at = position(uid);
        long known = at < 0 ? -1 : view.get(at).knownDate();
        return known >= 0
                ? Instant.ofEpochSecond(known)
                : owner.call(() -> folder.internalDate(uid));
    }

    /// When the message was put into this mailbox, in whole seconds; empty if nothing tells, as in an mbox.
    public Optional<Instant> saveDate(long uid) {
        int at = position(uid);
        long saved = at < 0 ? -1 : view.get(at).saved();
        return saved < 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(saved));
    }

    /// Opens the content. The caller closes it.
    ///
    /// @throws MailStoreException `EXPUNGED` if it is gone
    public MessageBytes read(long uid) throws IOException {
        return owner.call(() -> folder.read(uid));
    }

    /// The parts of the message that somebody in this process has parsed and [#remember]ed; [ParsedMessage#NOTHING] if nobody
    /// has, if it was
    /// too long ago, or if the message is gone. Answers from memory.
    public ParsedMessage parsed(long uid) {
        return use.stores().parsed().find(folder, uid);
    }

    /// The parts of the message that are known without opening it. Answers from memory, or from a file that is open already; cheapest within
    /// [MailStore#together].
    public Cached cached(long uid) throws IOException {
        Cached waiting = uncached.get(uid);
        if (waiting != null) {
            return waiting;
        }
        if (!cacheOpen) {
            cacheOpen = true;
            owner.call(() -> {
                folder.openCache();
                return true;
            });
        }
        // no thread but the owner's waits for the lock of the cache, which is also taken as the
        // owner
        return owner.together(() -> folder.cached(uid));
    }

    /// Leaves what is known of the message for whoever asks next, in this process or a later one. It is written with others, at the
    /// next sync at the latest.
    public void cache(long uid, Cached known) throws IOException {
        uncached.put(uid, known);
        uncachedSize += known.size();
        if (uncached.size() >= CACHED_AT_ONCE || uncachedSize >= CACHED_OCTETS) {
            writeCache();
        }
    }

    private void writeCache() throws IOException {
        if (!uncached.isEmpty()) {
            owner.call(() -> {
                folder.cache(uncached);
                return true;
            });
            uncached.clear();
            uncachedSize = 0;
        }
    }

    /// Leaves what was parsed of the message for whoever asks next, this session or another of the same mailbox.
    public void remember(long uid, ParsedMessage parsed) {
        use.stores().parsed().put(folder, uid, parsed);
    }

    /// Changes flags on disk and in this view at once; the next sync does not report these as changed. Other flag changes of the
    /// same messages that had not been seen yet come along. Numbers stay.
    ///
    /// @param unchangedSince messages with a higher modseq are left alone; `Long.MAX_VALUE` for no condition
    /// @throws MailStoreException `CANNOT` if read-only, `LIMIT` if the store cannot take a further keyword
    public Stored store(Collection<Long> uids, StoreMode mode, Flags flags, long unchangedSince)
            throws IOException {
        requireWritable();
        Stored result = owner.call(() -> folder.store(uids, mode, flags, unchangedSince));
        Snapshot<?> now = folder.current();
        for (long uid : result.stored()) {
            int at = position(uid);
            StoredMessage there = now.find(uid);
            if (at >= 0 && there != null) {
                view.set(at, there);
            }
        }
        seen = seen.with(now.highestModSeq(), now.keywords());
        announcer.changed(folder);
        return result;
    }

    /// Lets another mailbox keep what is expunged in this one.
    void keptBy(Keeper by) {
        keeper = by;
    }

    /// Removes messages, whatever their flags, and leaves them to `lazy_expunge_mailbox` if there is one; the numbers change at the
    /// next [#sync()], which reports them. If they cannot be kept, none is removed.
    ///
    /// @throws MailStoreException `CANNOT` if read-only
    public void expunge(Collection<Long> uids) throws IOException {
        requireWritable();
        keeper.keep(folder, uids);
        remove(uids);
    }

    /// Removes messages for good.
    void remove(Collection<Long> uids) throws IOException {
        requireWritable();
        owner.call(() -> {
            folder.expunge(uids);
            return true;
        });
        announcer.changed(folder);
    }

    /// Removes what is marked `\Deleted` in this view.
    public void expungeDeleted() throws IOException {
        var uids = new ArrayList<Long>();
        for (StoredMessage m : view) {
            if (m.flags().contains(Flag.DELETED)) {
                uids.add(m.uid());
            }
        }
        if (!uids.isEmpty()) {
            expunge(uids);
        }
    }

    /// Gives a mailbox without messages another UIDVALIDITY, and UIDs from 1 on; views that are open have to be opened anew.
    ///
    /// @throws MailStoreException `CANNOT` if there are messages, or if the format cannot keep it
    public void restart(long uidValidity) throws IOException {
        requireWritable();
        owner.call(() -> {
            folder.restart(uidValidity);
            return true;
        });
    }

    /// Adds a message to this mailbox, as [MailStore#append]; the view has it after the next sync.
    public Appended append(Flags flags, @Nullable Instant internalDate, InputStream content)
            throws IOException {
        try (Adding adding = Adding.within(use)) {
            adding.add(flags, internalDate, content);
            return adding.commit().getFirst();
        }
    }

    Folder folder() {
        return folder;
    }

    private void requireWritable() throws MailStoreException {
        if (readOnly) {
            throw new MailStoreException(MailStoreException.Problem.CANNOT, "Mailbox is read-only");
        }
    }

    /// Calls `onChange`, from another thread and as often as it likes, when the mailbox may have changed: by another session of
    /// this process at once, by other processes as inotify tells. The callback must be short (wake the session).
    public Watch watch(Runnable onChange) throws IOException {
        owner.together(() -> {
            folder.settle();
            return true;
        });
        return announcer.watch(use.owner(), folder, folder.watched(), onChange);
    }

    /// Ends the view. Never expunges.
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            try {
                writeCache();
            } finally {
                use.close();
            }
        }
    }
}
