// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One mailbox in mbox form, shared by the sessions of a process.
///
/// **The file is the truth.** UIDs, flags and keywords stand in header fields of its messages, which clients do not see
/// ([MboxHeader]). In memory is a snapshot of it: UID, flags and offsets of each message, and its modseq, which is written nowhere.
/// The directory `state` has our own files: the UIDVALIDITY and next UID for times without a message ([MboxUids]), the journal of
/// a change under way ([MboxJournal]), and temporary files.
///
/// **The snapshot** is *unread* before the first look. It is *current* as long as the file has the stamp (size, time, identity)
/// of the last look; then [#refresh] does not even open the file, and other work does not parse it again. It is *racy* if the
/// file was looked at within 50 ms of its last change: a later change might have the same stamp, so the next look parses the file
/// again. It is *incomplete* if the file lacks the UID of a message, say one that another program has delivered; [#refresh]
/// then writes it. For a session that claims new messages, it also writes that they are not recent any more.
///
/// **Locks.** `guard` works within the process, [MboxLock] among all programs; they are taken in this order. Offsets are good
/// only under both, so all work on the file goes through [#locked]. It takes the locks, applies a journal that a crash has left,
/// parses the file if it has changed, and only then works. The journal comes first because the file may be half changed without
/// it. [#current()], [#size] and [#internalDate] read the snapshot, which is immutable, without a lock.
///
/// New messages are written to drafts before the locks are taken. So a slow client keeps no delivery out, and no thread holds the
/// locks of two mailboxes.
///
/// **Changes.** Flags, UIDs and removals go through [#rewrite]: the journal makes them safe, then the file is parsed again, so the
/// snapshot shows only what stands in the file. New messages are appended without a journal: their bytes are forced to the
/// disk, or cut off if that fails. Then a rewrite puts the new last UID and keywords into the first message, unless that is new
/// itself and has them already.
final class MboxFolder implements Folder {
    private static final long TICK = 50_000_000;
    private static final int SMALL = 1 << 20;

    private final Clock clock;
    private final MboxPlace place;
    private final Path file;
    private final MboxUids uids;
    private final MboxJournal journal;
    private final Path state;
    private final ReentrantLock guard = new ReentrantLock();
    private final ZoneId zone = ZoneId.systemDefault();
    private UidList.Stamp stamp = UidList.Stamp.MISSING;
    private final Tally tally = new Tally();
    private boolean loaded;
    private boolean racy;

    /// The message of c-client at the beginning, which holds the state of the mailbox; null if there is none. Guarded by `guard`.
    private @Nullable MboxMessage internalData;

    private volatile Snapshot<MboxMessage> snapshot = Snapshot.unread();

    /// @param state the directory of our own files for this mailbox
    MboxFolder(MboxPlace place, Path state, LongSupplier newUidValidity, Clock clock) {
        this.clock = clock;
        this.place = place;
        this.file = place.file();
        this.state = state;
        this.uids = new MboxUids(state, newUidValidity);
        this.journal = new MboxJournal(state);
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public Snapshot<MboxMessage> current() {
        return snapshot;
    }

    /// Work on the open and locked file, whose snapshot is current.
    @FunctionalInterface
    private interface Locked<T> {
        T run(FileChannel mbox) throws IOException;
    }

    private <T> T locked(Locked<T> work) throws IOException {
        guard.lock();
        try (var open = open()) {
            FileChannel mbox = open.channel();
            journal.recover(mbox);
            look(mbox);
            return work.run(mbox);
        } finally {
            guard.unlock();
        }
    }

    private MboxPlace.Open open() throws IOException {
        try {
            return place.open();
        } catch (NoSuchFileException e) {
            throw new MailStoreException(
                    MailStoreException.Problem.MAILBOX_GONE, "Mailbox was deleted");
        }
    }

    @Override
    public Refreshed<MboxMessage> refresh(boolean claim) throws IOException {
        guard.lock();
        try {
            if (loaded && !racy && UidList.Stamp.of(file).equals(stamp) && !needsWriting(claim)) {
                return new Refreshed<>(snapshot, claim ? Set.of() : fresh());
            }
        } finally {
            guard.unlock();
        }
        return locked(mbox -> {
            Set<Long> recent = fresh();
            if (needsWriting(claim)) {
                writeStates(mbox, claim);
            }
            return new Refreshed<>(snapshot, recent);
        });
    }

    /// Returns the UIDs of the messages that no session was told of.
    private Set<Long> fresh() {
        var recent = new HashSet<Long>();
        for (MboxMessage m : snapshot.messages()) {
            if (!m.old()) {
                recent.add(m.uid());
            }
        }
        return recent;
    }

    private boolean needsWriting(boolean claim) {
        for (MboxMessage m : snapshot.messages()) {
            if (!m.complete() || (claim && !m.old())) {
                return true;
            }
        }
        return false;
    }

    /// Parses the file if it has changed. The caller holds the locks.
    private void look(FileChannel mbox) throws IOException {
        UidList.Stamp now = UidList.Stamp.of(file);
        if (loaded && !racy && now.equals(stamp)) {
            return;
        }
        if (!loaded) {
            MaildirDirectory.clean(state, "*.tmp", clock);
        }
        read(mbox);
    }

    private void read(FileChannel mbox) throws IOException {
        var parsed = MboxParser.parse(mbox, zone);
        internalData = parsed.internalData();
        take(uids.settle(parsed, loaded ? snapshot : null), parsed.keywords());
    }

    /// Makes the snapshot of these messages, and remembers the stamp of the file. A message whose flags are as before keeps its
    /// modseq.
    private void take(MboxUids.Settled settled, List<String> keywords) throws IOException {
        var before = new HashMap<Long, MboxMessage>();
        for (MboxMessage m : snapshot.messages()) {
            before.put(m.uid(), m);
        }
        boolean same = loaded && snapshot.uidValidity() == settled.uidValidity();
        long modseq = snapshot.nextModSeq(clock);
        boolean changed = !same || before.size() != settled.messages().size();
        var messages = new ArrayList<MboxMessage>(settled.messages().size());
        for (MboxMessage m : settled.messages()) {
            MboxMessage old = same ? before.get(m.uid()) : null;
            boolean kept = old != null && old.flags().equals(m.flags());
            changed |= !kept;
            messages.add(
                    m.with(
                            m.uid(),
                            m.flags(),
                            kept && old != null ? old.modseq() : modseq,
                            m.old(),
                            m.complete()));
        }
        snapshot =
                new Snapshot<>(
                        settled.uidValidity(),
                        settled.nextUid(),
                        changed ? modseq : snapshot.highestModSeq(),
                        messages,
                        allKeywords(keywords, messages.stream().map(MboxMessage::flags)));
        loaded = true;
        remember();
    }

    private static List<String> allKeywords(List<String> base, Stream<Flags> used) {
        var all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        var list = new ArrayList<String>();
        Stream.concat(base.stream(), used.flatMap(flags -> flags.keywords().stream()))
                .filter(all::add)
                .forEach(list::add);
        return list;
    }

    private void remember() throws IOException {
        stamp = UidList.Stamp.of(file);
        racy = clock.millis() * 1_000_000 - stamp.modified() < TICK;
        uids.save(snapshot.uidValidity(), snapshot.uidNext());
    }

    /// Writes the UIDs that are not in the file yet. For a session that claims new messages, also writes that they are not recent.
    private void writeStates(FileChannel mbox, boolean claim) throws IOException {
        var wanted = new HashMap<Long, MboxMessage>();
        for (MboxMessage m : snapshot.messages()) {
            if (!m.complete() || (claim && !m.old())) {
                wanted.put(m.uid(), m.with(m.uid(), m.flags(), m.modseq(), m.old() || claim, true));
            }
        }
        rewrite(mbox, wanted, Set.of(), snapshot.uidNext());
    }

    /// Changes states and removes messages, then reads the file again.
    private void rewrite(
            FileChannel mbox, Map<Long, MboxMessage> wanted, Set<Long> removed, long nextUid)
            throws IOException {
        // Dovecot knows only keywords that stand with the state of the mailbox.
        var words =
                allKeywords(snapshot.keywords(), wanted.values().stream().map(MboxMessage::flags));
        rewrite(mbox, words, wanted, removed, nextUid);
    }

    private void rewrite(
            FileChannel mbox,
            List<String> keywords,
            Map<Long, MboxMessage> wanted,
            Set<Long> removed,
            long nextUid)
            throws IOException {
        new MboxRewrite(mbox, snapshot, internalData, keywords, nextUid)
                .run(journal, wanted, removed);
        read(mbox);
    }

    @Override
    public long size(long uid) throws IOException {
        return snapshot.require(uid).virtual();
    }

    @Override
    public long fileSize(long uid) throws IOException {
        return size(uid);
    }

    @Override
    public String identity() throws IOException {
        var identity = new MboxIdentity(state);
        var known = identity.read(refresh(false).snapshot().uidValidity());
        return known.isPresent() ? known.get() : locked(_ -> given(identity));
    }

    private String given(MboxIdentity identity) throws IOException {
        long validity = snapshot.uidValidity();
        var known = identity.read(validity);
        return known.isPresent() ? known.get() : identity.give(validity);
    }

    @Override
    public Map<Long, SavedUidl> savedUidls() {
        return Map.of();
    }

    @Override
    public Instant internalDate(long uid) throws IOException {
        return Instant.ofEpochSecond(snapshot.require(uid).date());
    }

    @Override
    public MessageBytes read(long uid) throws IOException {
        return locked(mbox -> content(mbox, snapshot.require(uid)));
    }

    /// Copies a message's content, into memory or a file, since the mbox may change while the caller reads.
    private MessageBytes content(FileChannel mbox, MboxMessage m) throws IOException {
        if (m.end() - m.header() <= SMALL) {
            byte[] head = MboxFile.read(mbox, m.header(), (int) (m.body() - m.header()));
            byte[] visible = MboxHeader.parse(head).visible();
            byte[] rest = MboxFile.read(mbox, m.body(), (int) (m.end() - m.body()));
            byte[] all = Arrays.copyOf(visible, visible.length + rest.length);
            System.arraycopy(rest, 0, all, visible.length, rest.length);
            return FileBytes.of(all);
        }
        Private.directories(state);
        Path copy = Files.createTempFile(state, "read", ".tmp");
        var out =
                FileChannel.open(
                        copy,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE);
        var message = new FileBytes.Stretch(mbox, m.header(), m.end() - m.header());
        try (var visible = new WithoutStateFields(message)) {
            byte[] buffer = new byte[65_536];
            int n;
            while ((n = visible.read(buffer, 0, buffer.length)) > 0) {
                LineEnds.writeFully(out, buffer, n);
            }
        } catch (IOException e) {
            out.close();
            throw e;
        }
        return FileBytes.plain(out, 0, out.size());
    }

    @Override
    public Stored store(Collection<Long> some, StoreMode mode, Flags flags, long unchangedSince)
            throws IOException {
        return locked(mbox -> {
            var stored = new ArrayList<Long>();
            var modified = new ArrayList<Long>();
            var gone = new ArrayList<Long>();
            var wanted = new HashMap<Long, MboxMessage>();
            for (long uid : new TreeSet<>(some)) {
                MboxMessage m = snapshot.find(uid);
                if (m == null) {
                    gone.add(uid);
                    continue;
                }
                if (m.modseq() > unchangedSince) {
                    modified.add(uid);
                    continue;
                }
                stored.add(uid);
                Flags now = mode.apply(m.flags(), flags);
                if (!now.equals(m.flags())) {
                    wanted.put(uid, m.with(uid, now, m.modseq(), m.old(), true));
                }
            }
            if (!wanted.isEmpty()) {
                rewrite(mbox, wanted, Set.of(), snapshot.uidNext());
            }
            return new Stored(stored, modified, gone);
        });
    }

    @Override
    public void expunge(Collection<Long> some) throws IOException {
        locked(mbox -> {
            var removed = new HashSet<Long>();
            for (long uid : some) {
                if (snapshot.find(uid) != null) {
                    removed.add(uid);
                }
            }
            if (!removed.isEmpty()) {
                rewrite(mbox, Map.of(), removed, snapshot.uidNext());
            }
            return true;
        });
    }

    /// The modseqs of an mbox are written nowhere, and neither is what went.
    @Override
    public Optional<List<UidRange>> vanished(long since) {
        return Optional.empty();
    }

    @Override
    public Draft draft() throws IOException {
        return new NewMessages();
    }

    @Override
    public void restart(long uidValidity) throws IOException {
        throw uidsAreItsOwn();
    }

    private static MailStoreException uidsAreItsOwn() {
        return new MailStoreException(
                MailStoreException.Problem.CANNOT, "An mbox gives UIDs of its own");
    }

    /// New messages, as APPEND brings them.
    private final class NewMessages implements Draft {
        private record Written(MboxDraft content, Flags flags, @Nullable Instant internalDate) {}

        private final List<Written> written = new ArrayList<>();

        @Override
        public void begin(Flags flags, @Nullable Instant internalDate) throws IOException {
            written.add(new Written(new MboxDraft(state), flags, internalDate));
        }

        @Override
        public void write(InputStream from) throws IOException {
            written.getLast().content.write(from);
        }

        @Override
        public List<Appended> add(List<Long> uids) throws IOException {
            if (!uids.isEmpty()) {
                throw uidsAreItsOwn();
            }
            Instant now = clock.instant();
            var all = new ArrayList<MboxDraft.Message>();
            for (Written one : written) {
                Instant date = one.internalDate;
                all.add(new MboxDraft.Message(one.content, one.flags, date == null ? now : date));
            }
            return locked(mbox -> {
                long validity = snapshot.uidValidity();
                return appendAll(mbox, all).stream()
                        .map(uid -> new Appended(validity, uid))
                        .toList();
            });
        }

        @Override
        public void close() throws IOException {
            for (Written one : written) {
                one.content.close();
            }
        }
    }

    /// Appends messages, all or none, and returns their UIDs.
    private List<Long> appendAll(FileChannel mbox, List<MboxDraft.Message> all) throws IOException {
        if (needsWriting(false)) {
            writeStates(mbox, false);
        }
        boolean fresh = snapshot.messages().isEmpty() && internalData == null;
        var words = allKeywords(snapshot.keywords(), all.stream().map(MboxDraft.Message::flags));
        long before = mbox.size();
        long uid = snapshot.uidNext();
        var given = new ArrayList<Long>();
        boolean done = false;
        try {
            for (MboxDraft.Message one : all) {
                boolean first = fresh && given.isEmpty();
                String base =
                        first
                                ? MboxRewrite.base(
                                        snapshot.uidValidity(), uid + all.size() - 1, words)
                                : "";
                one.writeTo(mbox, uid, base, zone);
                given.add(uid++);
            }
            mbox.force(true);
            done = true;
        } finally {
            if (!done) {
                mbox.truncate(before);
            }
        }
        if (fresh) {
            read(mbox);
        } else {
            rewrite(mbox, words, Map.of(), Set.of(), uid);
        }
        return given;
    }

    @Override
    public Copied copyFrom(Folder source, Collection<Long> some) throws IOException {
        var drafts = new ArrayList<MboxDraft>();
        var messages = new ArrayList<MboxDraft.Message>();
        var from = new ArrayList<Long>();
        try {
            for (long uid : new TreeSet<>(some)) {
                StoredMessage there = source.current().find(uid);
                if (there == null) {
                    continue;
                }
                try (var bytes = source.read(uid);
                        var in = bytes.stream(0)) {
                    var draft = new MboxDraft(state);
                    drafts.add(draft);
                    draft.write(in);
                    messages.add(
                            new MboxDraft.Message(draft, there.flags(), source.internalDate(uid)));
                    from.add(uid);
                } catch (MailStoreException e) {
                    if (e.problem() != MailStoreException.Problem.EXPUNGED) {
                        throw e;
                    }
                }
            }
            return locked(mbox ->
                    new Copied(
                            snapshot.uidValidity(),
                            from,
                            messages.isEmpty() ? List.of() : appendAll(mbox, messages)));
        } finally {
            for (MboxDraft draft : drafts) {
                draft.close();
            }
        }
    }

    @Override
    public boolean newKeywordsAllowed() {
        return true;
    }

    @Override
    public List<Path> watched() {
        Path parent = file.getParent();
        return parent == null ? List.of() : List.of(parent);
    }

    @Override
    public Object era() {
        return this;
    }

    @Override
    public void openCache() {}

    @Override
    public Cached cached(long uid) {
        return Cached.NOTHING;
    }

    @Override
    public void cache(Map<Long, Cached> known) {}

    @Override
    public void settle() {}

    @Override
    public void rest() {}
}
