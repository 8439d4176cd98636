// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One mailbox in Maildir form, shared by the sessions of a process.
///
/// Guarded by `guard` within the process and, for everything that changes names, by the lock of [MaildirIndex] among our
/// processes and by `dovecot-uidlist.lock` (UIDs, keywords) among all programs. Lock order: guard, index, UID list.
final class MaildirFolder implements Folder {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(122);
    private static final Duration LOCK_STALE = Duration.ofMinutes(2);
    private static final Duration INDEX_STALE = Duration.ofMinutes(1);

    final MaildirDirectory directory;
    final MaildirUnique unique;
    final UidList uidList;
    final Keywords keywords;
    final MoreKeywords more;
    final MaildirKeywords naming;
    final MaildirIndex index;
    private final ReentrantLock guard = new ReentrantLock();
    private final MaildirScan scan;
    private final Map<Long, MaildirMessage.Details> learned = new HashMap<>();
    private boolean hasFresh; // guarded by guard
    private volatile Snapshot<MaildirMessage> snapshot = Snapshot.unread();

    MaildirFolder(Path root, MaildirUnique unique, LongSupplier newUidValidity) {
        this.directory = new MaildirDirectory(root);
        this.unique = unique;
        this.uidList = new UidList(root, newUidValidity);
        this.keywords = new Keywords(root);
        this.more = new MoreKeywords(root);
        this.naming = new MaildirKeywords(this);
        this.index = new MaildirIndex(root);
        this.scan = new MaildirScan(this);
    }

    @Override
    public Snapshot<MaildirMessage> current() {
        return snapshot;
    }

    /// Work under the guard.
    private <T> T guarded(StoreOwner.Work<T> work) throws IOException {
        guard.lock();
        try {
            return work.run();
        } finally {
            guard.unlock();
        }
    }

    /// Work that also keeps our other processes out; the directories were looked at just before.
    private <T> T exclusive(StoreOwner.Work<T> work) throws IOException {
        return guarded(() -> {
            try (var _ = lockIndex()) {
                publish(scan.run(snapshot, false).snapshot());
                return work.run();
            }
        });
    }

    private @Nullable DotLock lockIndex() throws IOException {
        return index.isUsable() ? DotLock.take(index.file(), LOCK_TIMEOUT, INDEX_STALE) : null;
    }

    DotLock lockUidList() throws IOException {
        return DotLock.take(uidList.file(), LOCK_TIMEOUT, LOCK_STALE);
    }

    private void publish(Snapshot<MaildirMessage> now) {
        if (!now.sharesMessagesWith(snapshot)) {
            hasFresh = false;
            for (MaildirMessage m : now.messages()) {
                hasFresh |= m.isFresh();
            }
        }
        snapshot = now;
    }

    /// Looks at the directories whatever their times say, since a file was not where it should be; under the index lock.
    void lookAgain() throws IOException {
        scan.distrust();
        publish(scan.run(snapshot, false).snapshot());
    }

    /// Takes up messages whose files were just renamed or that got other keywords; under the index lock.
    void changed(List<MaildirMessage> messages, long modseq) throws IOException {
        publish(
                new Snapshot<>(
                        snapshot.uidValidity(),
                        snapshot.uidNext(),
                        modseq,
                        messages,
                        naming.names()));
        scan.changedByUs(snapshot);
    }

    /// Whether there are messages that no session was told of; under the guard.
    boolean hasFresh() {
        return hasFresh;
    }

    @Override
    public Refreshed<MaildirMessage> refresh(boolean claim) throws IOException {
        return guarded(() -> {
            if (scan.isUnchanged(claim)) {
                return new Refreshed<>(snapshot, claim ? Set.of() : fresh());
            }
            try (var _ = lockIndex()) {
                foldLearned();
                var result = scan.run(snapshot, claim);
                publish(result.snapshot());
                return new Refreshed<>(snapshot, claim ? result.claimed() : fresh());
            }
        });
    }

    /// Messages that no session was told of.
    private Set<Long> fresh() {
        var fresh = new HashSet<Long>();
        for (MaildirMessage m : snapshot.messages()) {
            if (m.isFresh()) {
                fresh.add(m.uid());
            }
        }
        return fresh;
    }

    /// Puts sizes and dates looked up meanwhile into the messages, so that the index gets them.
    private void foldLearned() {
        if (learned.isEmpty()) {
            return;
        }
        var messages = new ArrayList<MaildirMessage>(snapshot.messages().size());
        for (MaildirMessage m : snapshot.messages()) {
            MaildirMessage.Details d = learned.get(m.uid());
            messages.add(d == null ? m : m.with(d));
        }
        learned.clear();
        publish(with(snapshot, messages, snapshot.highestModSeq()));
    }

    static Snapshot<MaildirMessage> with(
            Snapshot<MaildirMessage> old, List<MaildirMessage> messages, long highestModSeq) {
        return new Snapshot<>(
                old.uidValidity(), old.uidNext(), highestModSeq, messages, old.keywords());
    }

    /// Work on a message's file, whose name may have changed since we looked: then we look again.
    private interface FileWork<T> {
        T run(Path file) throws IOException;
    }

    private <T> T onFile(long uid, FileWork<T> work) throws IOException {
        for (int attempt = 0; attempt < 4; attempt++) {
            try {
                return work.run(directory.path(snapshot.require(uid)));
            } catch (NoSuchFileException e) {
                try (var _ = lockIndex()) {
                    lookAgain();
                }
            }
        }
        throw Snapshot.expunged();
    }

    @Override
    public long size(long uid) throws IOException {
        MaildirMessage m = snapshot.require(uid);
        return m.virtual() >= 0 ? m.virtual() : details(uid, true).virtual();
    }

    @Override
    public Instant internalDate(long uid) throws IOException {
        MaildirMessage m = snapshot.require(uid);
        return Instant.ofEpochSecond(m.date() >= 0 ? m.date() : details(uid, false).date());
    }

    private MaildirMessage.Details details(long uid, boolean virtual) throws IOException {
        return guarded(() -> {
            var known = learned.getOrDefault(uid, snapshot.require(uid).details());
            if (known.date() >= 0 && (known.virtual() >= 0 || !virtual)) {
                return known;
            }
            var looked = onFile(uid, file -> look(file, known, virtual));
            learned.put(uid, looked);
            return looked;
        });
    }

    private static MaildirMessage.Details look(
            Path file, MaildirMessage.Details known, boolean virtual) throws IOException {
        var a = Files.readAttributes(file, BasicFileAttributes.class);
        long crlf = known.virtual();
        if (virtual && crlf < 0) {
            crlf = named(String.valueOf(file.getFileName()), a.size());
        }
        if (virtual && crlf < 0) {
            try (var bytes = new FileBytes(FileChannel.open(file), 0, a.size())) {
                crlf = bytes.size();
            }
        }
        return new MaildirMessage.Details(
                a.lastModifiedTime().toInstant().getEpochSecond(), a.size(), crlf);
    }

    /// The size with CRLF that the name tells, if what it tells of the file itself is true; else -1.
    private static long named(String fileName, long size) {
        String base = MaildirName.parse(fileName).base();
        long crlf = MaildirName.size(base, 'W');
        boolean believed = MaildirName.size(base, 'S') == size && crlf >= size && crlf <= 2 * size;
        return believed ? crlf : MaildirMessage.UNKNOWN;
    }

    @Override
    public MessageBytes read(long uid) throws IOException {
        return guarded(() ->
                onFile(
                        uid,
                        file -> {
                            var channel = FileChannel.open(file);
                            return new FileBytes(channel, 0, channel.size());
                        }));
    }

    @Override
    public Stored store(Collection<Long> uids, StoreMode mode, Flags flags, long unchangedSince)
            throws IOException {
        return exclusive(() -> {
            if (mode != StoreMode.REMOVE) {
                naming.giveLetters(flags);
            }
            return new MaildirStoring(this, mode, flags, unchangedSince).run(uids);
        });
    }

    static List<MaildirMessage> copyOf(Snapshot<MaildirMessage> from) {
        var copy = new ArrayList<MaildirMessage>(from.messages().size() + 4);
        copy.addAll(from.messages());
        return copy;
    }

    @Override
    public void expunge(Collection<Long> uids) throws IOException {
        exclusive(() -> {
            var removed = new HashSet<Long>();
            for (long uid : uids) {
                if (snapshot.find(uid) != null && remove(uid)) {
                    removed.add(uid);
                }
            }
            if (!removed.isEmpty()) {
                var rest = copyOf(snapshot);
                rest.removeIf(m -> removed.contains(m.uid()));
                scan.buried(snapshot, removed);
                publish(with(snapshot, rest, snapshot.highestModSeq() + 1));
                scan.changedByUs(snapshot);
            }
            return removed;
        });
    }

    private boolean remove(long uid) throws IOException {
        for (int attempt = 0; attempt < 4; attempt++) {
            MaildirMessage m = snapshot.find(uid);
            if (m == null) {
                return false;
            }
            if (Files.deleteIfExists(directory.path(m))) {
                return true;
            }
            lookAgain();
        }
        return false;
    }

    @Override
    public Draft draft() throws IOException {
        directory.complete();
        return new NewMessage();
    }

    /// A message that APPEND brings.
    private final class NewMessage implements Draft {
        private final MaildirWriter writer = new MaildirWriter(directory, unique);

        NewMessage() throws IOException {}

        @Override
        public void write(InputStream from) throws IOException {
            writer.write(from);
        }

        @Override
        public Appended add(Flags flags, @Nullable Instant internalDate) throws IOException {
            if (internalDate != null) {
                writer.date(internalDate);
            }
            return exclusive(() -> new MaildirAdding(MaildirFolder.this, flags).addWritten(writer));
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }

    @Override
    public Copied copyFrom(Folder source, Collection<Long> uids) throws IOException {
        if (source instanceof MaildirFolder other) {
            var originals = other.originals(uids);
            directory.complete();
            return exclusive(() -> new MaildirAdding(this, Flags.NONE).addLinks(other, originals));
        }
        throw new MailStoreException(
                MailStoreException.Problem.CANNOT, "Mailboxes are of different formats");
    }

    /// The current state of messages that are to be copied.
    private List<MaildirMessage> originals(Collection<Long> uids) throws IOException {
        return exclusive(() -> {
            var list = new ArrayList<MaildirMessage>();
            for (long uid : new TreeSet<>(uids)) {
                MaildirMessage m = snapshot.find(uid);
                if (m != null) {
                    list.add(m);
                }
            }
            return list;
        });
    }

    /// Takes up messages just added under the index lock, the UID list no longer locked.
    ///
    /// @param unseen lines of other programs that were met in the UID list; if there are any, the directory is listed
    void added(List<MaildirMessage> more, List<UidList.Entry> unseen) throws IOException {
        if (!unseen.isEmpty()) {
            scan.expect(unseen);
            more.forEach(m -> scan.expect(List.of(new UidList.Entry(m.uid(), "", m.base()))));
            lookAgain();
            var marked = copyOf(snapshot);
            for (MaildirMessage m : more) {
                int at = snapshot.indexOf(m.uid());
                if (at >= 0) {
                    marked.set(at, marked.get(at).withUnclaimed(m.unclaimed()));
                }
            }
            publish(with(snapshot, marked, snapshot.highestModSeq()));
            scan.save(snapshot);
            return;
        }
        var messages = copyOf(snapshot);
        messages.addAll(more);
        long modseq = snapshot.highestModSeq() + 1;
        publish(
                new Snapshot<>(
                        snapshot.uidValidity(),
                        uidList.nextUid(),
                        modseq,
                        messages,
                        naming.names()));
        scan.changedByUs(snapshot);
    }

    @Override
    public boolean newKeywordsAllowed() {
        return naming.newAllowed();
    }

    @Override
    public List<Path> watched() {
        return List.of(directory.fresh, directory.cur);
    }

    @Override
    public void close() throws IOException {
        guarded(() -> {
            if (!learned.isEmpty() && Files.isDirectory(directory.root)) {
                try (var _ = lockIndex()) {
                    foldLearned();
                    publish(scan.run(snapshot, false).snapshot());
                    scan.save(snapshot);
                }
            }
            index.close();
            return true;
        });
    }
}
