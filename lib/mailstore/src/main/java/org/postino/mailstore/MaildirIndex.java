// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Our cache beside a Maildir, `postino.index`: what a listing of the directories brought, so that the next one can be saved.
///
/// A header of 128 bytes and a record of 48 bytes for each message, ascending by UID, all big-endian; written in place under
/// the lock `postino.index.lock`. `dirty` is set while records are written; a file that is dirty or whose sum is wrong is no
/// longer believed. `generation` grows with each change, which tells other processes. May be deleted at any time: only which
/// messages in `cur` are recent stands nowhere else.
final class MaildirIndex implements Closeable {
    static final String NAME = "postino.index";
    private static final long MAGIC = 0x504f5354494e4f31L; // "POSTINO1"
    private static final int HEADER = 128;
    private static final int RECORD = 48;
    private static final int IN_NEW = 1 << 8;
    private static final int ODD = 1 << 9;
    private static final int UNCLAIMED = 1 << 10;

    /// The directories as they were when listed.
    ///
    /// @param cur modification time of `cur`, nanoseconds
    /// @param fresh that of `new`
    /// @param doubtSince when (ms) `cur` may have been changed by others in the same clock tick; 0 if surely not
    record Stamps(long cur, long fresh, long doubtSince, UidList.Stamp uidList) {
        static final Stamps NONE = new Stamps(-1, -1, 0, UidList.Stamp.MISSING);
    }

    /// What the file says; message names come from the UID list.
    record Loaded(
            long uidValidity,
            long uidNext,
            long highestModSeq,
            Stamps stamps,
            int uidListKey,
            List<MaildirMessage> messages) {}

    private final Path file;
    private @Nullable FileChannel channel;
    private @Nullable Object key;
    private long generation = -1;
    private long sum;
    private List<MaildirMessage> written = List.of();
    private boolean usable = true;

    MaildirIndex(Path directory) {
        this.file = directory.resolve(NAME);
    }

    Path file() {
        return file;
    }

    /// Whether a cache can be kept here at all.
    boolean isUsable() {
        return usable;
    }

    /// Whether another process wrote since our last reading or writing.
    boolean isCurrent() throws IOException {
        if (!usable) {
            return true;
        }
        if (channel == null || generation < 0 || !Objects.equals(keyOf(file), key)) {
            return false;
        }
        ByteBuffer header = ByteBuffer.allocate(24);
        return readFully(channel, header, 0)
                && header.getLong(0) == MAGIC
                && header.getLong(16) == generation;
    }

    /// Opens the file, anew if it was deleted meanwhile.
    private @Nullable FileChannel open() throws IOException {
        if (!usable) {
            return null;
        }
        Object there = keyOf(file);
        if (channel != null && there != null && there.equals(key)) {
            return channel;
        }
        close();
        try {
            channel =
                    FileChannel.open(
                            file,
                            Set.of(
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE),
                            Private.NEW_FILE);
            key = keyOf(file);
        } catch (AccessDeniedException | ReadOnlyFileSystemException e) {
            usable = false;
        }
        return channel;
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /// Reads the whole file; null if it is not to be believed. Under the lock.
    @Nullable Loaded load(Map<Long, String> bases, Shared shared) throws IOException {
        FileChannel from = open();
        if (from == null || from.size() < HEADER) {
            return null;
        }
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(from.size()));
        if (!readFully(from, all, 0)) {
            return null;
        }
        long count = all.getLong(48);
        if (all.getLong(0) != MAGIC
                || all.getInt(8) != 0
                || count < 0
                || all.capacity() < HEADER + count * RECORD) {
            return null;
        }
        var messages = new ArrayList<MaildirMessage>((int) count + 16);
        long total = 0;
        for (int i = 0; i < count; i++) {
            int at = HEADER + i * RECORD;
            total ^= mix(all, at);
            int state = all.getInt(at + 16);
            String base = bases.get(all.getLong(at));
            if (base == null || (state & ODD) != 0) {
                return null;
            }
            messages.add(message(all, at, base, state, shared));
        }
        if (total != all.getLong(56)) {
            return null;
        }
        generation = all.getLong(16);
        sum = total;
        written = messages;
        var stamp = new UidList.Stamp(all.getLong(80), all.getLong(88), null);
        return new Loaded(
                all.getLong(24),
                all.getLong(32),
                all.getLong(40),
                new Stamps(all.getLong(64), all.getLong(72), all.getLong(96), stamp),
                all.getInt(104),
                messages);
    }

    private static MaildirMessage message(
            ByteBuffer all, int at, String base, int state, Shared shared) {
        int letters = all.getInt(at + 20);
        boolean inNew = (state & IN_NEW) != 0;
        return new MaildirMessage(
                all.getLong(at),
                base,
                inNew ? "" : shared.suffix(state & 0x1f, letters),
                inNew,
                (state & UNCLAIMED) != 0,
                shared.flags(all.getLong(at), state & 0x1f, letters),
                all.getLong(at + 8),
                all.getLong(at + 24),
                all.getLong(at + 32),
                all.getLong(at + 40));
    }

    /// Writes what differs from the last state. Under the lock.
    void save(Snapshot<MaildirMessage> now, Stamps stamps) throws IOException {
        FileChannel to = open();
        if (to == null) {
            return;
        }
        List<MaildirMessage> messages = now.messages();
        boolean inPlace = generation >= 0 && to.size() >= HEADER && prefixFits(messages);
        if (!inPlace || !unchanged(messages)) {
            ByteBuffer dirty = ByteBuffer.allocate(4).putInt(1).flip();
            writeFully(to, dirty, 8);
            if (inPlace) {
                writeChanged(to, messages);
            } else {
                writeAll(to, messages);
            }
            generation = Math.max(generation, generationOf(to)) + 1;
            written = messages;
        }
        writeFully(to, header(now, stamps), 0);
    }

    private boolean unchanged(List<MaildirMessage> messages) {
        if (messages.size() != written.size()) {
            return false;
        }
        for (int i = 0; i < messages.size(); i++) {
            if (!same(messages.get(i), written.get(i))) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // nearly always decides, and is much cheaper
    private static boolean same(MaildirMessage a, MaildirMessage b) {
        return a == b || a.equals(b);
    }

    private boolean prefixFits(List<MaildirMessage> messages) {
        if (written.size() > messages.size()) {
            return false;
        }
        for (int i = 0; i < written.size(); i++) {
            if (written.get(i).uid() != messages.get(i).uid()) {
                return false;
            }
        }
        return true;
    }

    private void writeChanged(FileChannel to, List<MaildirMessage> messages) throws IOException {
        for (int i = 0; i < written.size(); i++) {
            if (!same(written.get(i), messages.get(i))) {
                sum ^= mix(record(written.get(i)), 0);
                ByteBuffer record = record(messages.get(i));
                sum ^= mix(record, 0);
                writeFully(to, record, HEADER + (long) i * RECORD);
            }
        }
        int added = messages.size() - written.size();
        if (added > 0) {
            ByteBuffer tail = ByteBuffer.allocate(added * RECORD);
            for (int i = written.size(); i < messages.size(); i++) {
                ByteBuffer record = record(messages.get(i));
                sum ^= mix(record, 0);
                tail.put(record);
            }
            writeFully(to, tail.flip(), HEADER + (long) written.size() * RECORD);
        }
    }

    private void writeAll(FileChannel to, List<MaildirMessage> messages) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(messages.size() * RECORD);
        sum = 0;
        for (MaildirMessage m : messages) {
            ByteBuffer record = record(m);
            sum ^= mix(record, 0);
            all.put(record);
        }
        writeFully(to, all.flip(), HEADER);
        to.truncate(HEADER + (long) messages.size() * RECORD);
    }

    private static long generationOf(FileChannel channel) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(24);
        return readFully(channel, header, 0) && header.getLong(0) == MAGIC ? header.getLong(16) : 0;
    }

    private ByteBuffer header(Snapshot<MaildirMessage> now, Stamps stamps) {
        Object uidListKey = stamps.uidList().key();
        return ByteBuffer.allocate(HEADER)
                .putLong(MAGIC)
                .putInt(0)
                .putInt(1)
                .putLong(generation)
                .putLong(now.uidValidity())
                .putLong(now.uidNext())
                .putLong(now.highestModSeq())
                .putLong(now.messages().size())
                .putLong(sum)
                .putLong(stamps.cur())
                .putLong(stamps.fresh())
                .putLong(stamps.uidList().size())
                .putLong(stamps.uidList().modified())
                .putLong(stamps.doubtSince())
                .putInt(uidListKey == null ? 0 : uidListKey.hashCode())
                .position(HEADER)
                .flip();
    }

    private static ByteBuffer record(MaildirMessage m) {
        int bits = m.flags().bits();
        int letters = MaildirName.keywordBits(m.suffix());
        boolean odd =
                m.inNew()
                        ? !m.suffix().isEmpty()
                        : !m.suffix().equals(MaildirName.suffix(bits, letters));
        int state =
                bits | (m.inNew() ? IN_NEW : 0) | (odd ? ODD : 0) | (m.unclaimed() ? UNCLAIMED : 0);
        return ByteBuffer.allocate(RECORD)
                .putLong(m.uid())
                .putLong(m.modseq())
                .putInt(state)
                .putInt(letters)
                .putLong(m.date())
                .putLong(m.physical())
                .putLong(m.virtual())
                .flip();
    }

    private static long mix(ByteBuffer buffer, int at) {
        long h = 0x9e3779b97f4a7c15L;
        for (int i = 0; i < RECORD; i += 8) {
            h = (h ^ buffer.getLong(at + i)) * 0xbf58476d1ce4e5b9L;
            h ^= h >>> 29;
        }
        return h;
    }

    private static boolean readFully(FileChannel from, ByteBuffer into, long position)
            throws IOException {
        while (into.hasRemaining()) {
            if (from.read(into, position + into.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    private static void writeFully(FileChannel to, ByteBuffer bytes, long position)
            throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += to.write(bytes, at);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
        key = null;
        generation = -1;
        written = List.of();
    }

    /// Flags and suffixes that many messages have in common, made once.
    static final class Shared {
        private final Keywords keywords;
        private final MoreKeywords more;
        private final Map<Long, Flags> flags = new HashMap<>();
        private final Map<Long, String> suffixes = new HashMap<>();

        Shared(Keywords keywords, MoreKeywords more) {
            this.keywords = keywords;
            this.more = more;
        }

        /// The flags of a message, with those keywords that its name does not tell.
        Flags flags(long uid, int bits, int letters) {
            List<String> rest = more.of(uid);
            if (!rest.isEmpty()) {
                var names = new ArrayList<>(keywords.names(letters));
                names.addAll(rest);
                return Flags.ofBits(bits, names);
            }
            return flags.computeIfAbsent(
                    (long) bits << 32 | letters, _ -> Flags.ofBits(bits, keywords.names(letters)));
        }

        String suffix(int bits, int letters) {
            return suffixes.computeIfAbsent(
                    (long) bits << 32 | letters, _ -> MaildirName.suffix(bits, letters));
        }
    }
}
