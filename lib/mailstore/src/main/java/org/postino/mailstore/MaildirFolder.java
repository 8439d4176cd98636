// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One mailbox in Maildir form, shared by the sessions of a process.
///
/// Guarded by `guard` within the process and, for everything that changes names, by the lock of [MaildirIndex] among our
/// processes and by `dovecot-uidlist.lock` (UIDs, keywords) among all programs. Lock order: guard, index, UID list.
final class MaildirFolder implements Folder {
    private final ReentrantLock guard = new ReentrantLock();
    private final Supplier<MaildirFiles> maker;
    private MaildirFiles files;
    private MaildirDirectory directory;
    private MaildirScan scan;
    private volatile MaildirState state;

    /// The directory of which all is known that is known; null before the first look.
    private MaildirDirectory.@Nullable Identity place;

    private final Tally tally = new Tally();
    private boolean rested;

    MaildirFolder(Supplier<MaildirFiles> maker) {
        this.maker = maker;
        this.files = maker.get();
        this.directory = files.directory();
        this.state = new MaildirState(files.clock());
        this.scan = new MaildirScan(files, state);
    }

    /// Forgets all if another directory than the known one stands here after a rest. UIDVALIDITY alone does not tell: it is the same
    /// for two mailboxes made within a second.
    private void lookAtPlace() throws IOException {
        if (place != null && !rested) {
            return;
        }
        rested = false;
        MaildirDirectory.Identity before = place;
        place = directory.identity();
        if (before != null && !before.equals(place)) {
            files.index().close();
            files.cache().rest();
            files = maker.get();
            directory = files.directory();
            state = new MaildirState(files.clock());
            scan = new MaildirScan(files, state);
        }
    }

    @Override
    public Object era() {
        return state;
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public Snapshot<MaildirMessage> current() {
        return state.snapshot();
    }

    /// Work under the guard.
    private <T> T guarded(StoreOwner.Work<T> work) throws IOException {
        guard.lock();
        try {
            lookAtPlace();
            return work.run();
        } catch (NoSuchFileException e) {
            if (!Files.isDirectory(directory.root)) {
                throw new MailStoreException(
                        MailStoreException.Problem.MAILBOX_GONE, "Mailbox was deleted");
            }
            throw e;
        } finally {
            guard.unlock();
        }
    }

    /// Work that also keeps our other processes out; the directories were looked at just before.
    private <T> T exclusive(StoreOwner.Work<T> work) throws IOException {
        return guarded(() -> {
            try (var _ = files.lockIndex()) {
                scan.run(false);
                return work.run();
            }
        });
    }

    @Override
    public Refreshed<MaildirMessage> refresh(boolean claim) throws IOException {
        return guarded(() -> {
            Set<Long> claimed = Set.of();
            if (!scan.isUnchanged(claim)) {
                try (var _ = files.lockIndex()) {
                    state.foldLearned();
                    claimed = scan.run(claim);
                }
            }
            return new Refreshed<>(state.snapshot(), claim ? claimed : state.fresh());
        });
    }

    @Override
    public String identity() throws IOException {
        return guarded(() -> {
            String id = files.uidList().identity();
            return id.isEmpty() ? given() : id;
        });
    }

    /// The identity of a mailbox whose list has had none, or that has had no list.
    private String given() throws IOException {
        return exclusive(() -> {
            try (var _ = files.lockUidList()) {
                files.uidList().identify();
                return files.uidList().identity();
            }
        });
    }

    /// Work on a message's file, whose name may have changed since we looked: then we look again.
    private interface FileWork<T> {
        T run(Path file) throws IOException;
    }

    private <T> T onFile(long uid, FileWork<T> work) throws IOException {
        for (int attempt = 0; attempt < 4; attempt++) {
            try {
                return work.run(directory.path(state.snapshot().require(uid)));
            } catch (NoSuchFileException e) {
                try (var _ = files.lockIndex()) {
                    scan.again();
                }
            }
        }
        throw Snapshot.expunged();
    }

    @Override
    public long size(long uid) throws IOException {
        MaildirMessage m = state.snapshot().require(uid);
        return m.virtual() >= 0 ? m.virtual() : details(uid, true).virtual();
    }

    @Override
    public long fileSize(long uid) throws IOException {
        // that of the text, if the file is compressed
        long named = MaildirName.size(state.snapshot().require(uid).base(), 'S');
        return named >= 0 ? named : guarded(() -> onFile(uid, Files::size));
    }

    @Override
    public Map<Long, SavedUidl> savedUidls() {
        guard.lock();
        try {
            return Map.copyOf(files.uidList().saved());
        } finally {
            guard.unlock();
        }
    }

    @Override
    public Instant internalDate(long uid) throws IOException {
        MaildirMessage m = state.snapshot().require(uid);
        return Instant.ofEpochSecond(m.date() >= 0 ? m.date() : details(uid, false).date());
    }

    private MaildirMessage.Details details(long uid, boolean virtual) throws IOException {
        return guarded(() -> {
            var known = state.details(state.snapshot().require(uid));
            if (known.date() >= 0 && (known.virtual() >= 0 || !virtual)) {
                return known;
            }
            var looked = onFile(uid, file -> look(file, known, virtual));
            state.learn(uid, looked);
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
            try (var bytes = FileBytes.file(FileChannel.open(file))) {
                crlf = bytes.size();
            }
        }
        return new MaildirMessage.Details(a.lastModifiedTime().toInstant().getEpochSecond(), crlf);
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
        return guarded(() -> onFile(uid, file -> FileBytes.file(FileChannel.open(file))));
    }

    @Override
    public Stored store(Collection<Long> uids, StoreMode mode, Flags flags, long unchangedSince)
            throws IOException {
        return exclusive(() -> {
            if (mode != StoreMode.REMOVE) {
                scan.naming().giveLetters(flags);
            }
            return new MaildirStoring(scan, mode, flags, unchangedSince).run(uids);
        });
    }

    @Override
    public void expunge(Collection<Long> uids) throws IOException {
        exclusive(() -> {
            var removed = new TreeSet<Long>();
            for (long uid : uids) {
                if (state.snapshot().find(uid) != null && remove(uid)) {
                    removed.add(uid);
                }
            }
            if (!removed.isEmpty()) {
                Snapshot<MaildirMessage> before = state.snapshot();
                var rest = new ArrayList<MaildirMessage>(before.messages().size());
                for (MaildirMessage m : before.messages()) {
                    if (removed.contains(m.uid())) {
                        state.bury(m.base());
                    } else {
                        rest.add(m);
                    }
                }
                long modseq = before.nextModSeq(files.clock());
                files.vanished(state, before, modseq, List.copyOf(removed));
                scan.changedByUs(before.with(rest, modseq));
            }
            return removed;
        });
    }

    private boolean remove(long uid) throws IOException {
        for (int attempt = 0; attempt < 4; attempt++) {
            MaildirMessage m = state.snapshot().find(uid);
            if (m == null) {
                return false;
            }
            if (Files.deleteIfExists(directory.path(m))) {
                return true;
            }
            scan.again();
        }
        return false;
    }

    @Override
    public Draft draft() throws IOException {
        directory.complete();
        return new NewMessages();
    }

    @Override
    public void restart(long uidValidity) throws IOException {
        exclusive(() -> {
            if (!state.snapshot().messages().isEmpty()) {
                throw new MailStoreException(
                        MailStoreException.Problem.CANNOT, "There are messages with UIDs");
            }
            try (var _ = files.lockUidList()) {
                files.uidList().restart(uidValidity);
            }
            state.forget();
            files.index().close();
            return true;
        });
    }

    /// Messages that APPEND brings.
    private final class NewMessages implements Draft {
        private final List<MaildirAdding.Written> written = new ArrayList<>();

        @Override
        public void begin(Flags flags, @Nullable Instant internalDate) throws IOException {
            if (!written.isEmpty()) {
                written.getLast().writer().rest();
            }
            var writer = new MaildirWriter(directory, files.unique(), files.compression());
            written.add(new MaildirAdding.Written(writer, flags, internalDate));
        }

        @Override
        public void write(InputStream from) throws IOException {
            written.getLast().writer().write(from);
        }

        @Override
        public List<Appended> add(List<Long> uids) throws IOException {
            for (var one : written) {
                Instant date = one.internalDate();
                if (date != null) {
                    one.writer().date(date);
                }
            }
            return exclusive(() -> new MaildirAdding(scan).addWritten(written, uids));
        }

        @Override
        public void close() throws IOException {
            for (var one : written) {
                one.writer().close();
            }
        }
    }

    @Override
    public Copied copyFrom(Folder source, Collection<Long> uids) throws IOException {
        if (source instanceof MaildirFolder other) {
            var originals = other.originals(uids);
            directory.complete();
            return exclusive(() -> new MaildirAdding(scan).addLinks(other.directory, originals));
        }
        throw new MailStoreException(
                MailStoreException.Problem.CANNOT, "Mailboxes are of different formats");
    }

    /// The current state of messages that are to be copied.
    private List<MaildirMessage> originals(Collection<Long> uids) throws IOException {
        return exclusive(() -> {
            var list = new ArrayList<MaildirMessage>();
            for (long uid : new TreeSet<>(uids)) {
                MaildirMessage m = state.snapshot().find(uid);
                if (m != null) {
                    list.add(m);
                }
            }
            return list;
        });
    }

    @Override
    public Optional<List<UidRange>> vanished(long since) throws IOException {
        return exclusive(() ->
                files.expungeLog().since(state.expunged(), state.snapshot().uidValidity(), since));
    }

    @Override
    public boolean newKeywordsAllowed() {
        return scan.naming().newAllowed();
    }

    @Override
    public List<Path> watched() {
        return List.of(directory.fresh, directory.cur);
    }

    @Override
    public void openCache() throws IOException {
        files.cache().open();
    }

    @Override
    public Cached cached(long uid) throws IOException {
        MaildirMessage there = state.snapshot().find(uid);
        return there == null ? Cached.NOTHING : files.cache().find(there);
    }

    @Override
    public void cache(Map<Long, Cached> known) throws IOException {
        Snapshot<MaildirMessage> now = state.snapshot();
        var entries = new ArrayList<MaildirCache.Entry>(known.size());
        for (var one : known.entrySet()) {
            MaildirMessage there = now.find(one.getKey());
            if (there != null) {
                entries.add(new MaildirCache.Entry(there, one.getValue()));
            }
        }
        files.cache().add(entries);
    }

    @Override
    public void settle() {
        files.cache().settle();
    }

    @Override
    public void rest() throws IOException {
        guarded(() -> {
            if (state.hasLearned() && Files.isDirectory(directory.root)) {
                try (var _ = files.lockIndex()) {
                    state.foldLearned();
                    scan.run(false);
                    scan.save();
                }
            }
            files.index().rest();
            files.cache().compact(state.snapshot().messages());
            files.cache().rest();
            rested = true;
            return true;
        });
    }
}
