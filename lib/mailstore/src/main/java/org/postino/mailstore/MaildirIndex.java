// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Our cache beside a Maildir, `postino.index`: what a listing of the directories brought, so that the next one can be saved.
///
/// Its bytes are described by [MaildirIndexLayout]. It is written in place, under the lock `postino.index.lock`: first the mark that
/// it is dirty, then the records that differ, then the header with another generation and without the mark. So a crash leaves a
/// dirty file, or one whose sum is wrong, and neither is believed; the generation tells our other processes of a change. The file may
/// be deleted at any time: only which messages in `cur` are recent stands nowhere else.
final class MaildirIndex implements Closeable {
    static final String NAME = "postino.index";

    /// The directories as they were when listed.
    ///
    /// @param cur modification time of `cur`, nanoseconds
    /// @param fresh that of `new`
    /// @param doubtSince when (ms) `cur` may have been changed by others in the same clock tick; 0 if surely not
    /// @param uidList the UID list whose files were looked for
    /// @param expunged the length of [ExpungeLog]; 0 if there is none to believe
    record Stamps(long cur, long fresh, long doubtSince, UidList.Mark uidList, long expunged) {}

    /// The content of the file; message names come from the UID list.
    record Loaded(
            long uidValidity,
            long uidNext,
            long highestModSeq,
            Stamps stamps,
            List<MaildirMessage> messages) {}

    private final Path file;
    private @Nullable FileChannel channel;
    private @Nullable Object key;
    private long generation = -1;
    private long sum;
    private List<MaildirMessage> written = List.of();
    private boolean usable = true;

    /// The file may hold less than `written` says: a write failed.
    private boolean torn;

    MaildirIndex(Path directory) {
        this.file = directory.resolve(NAME);
    }

    Path file() {
        return file;
    }

    /// True if a cache can be kept here at all.
    boolean isUsable() {
        return usable;
    }

    /// True unless another process wrote since our last reading or writing.
    boolean isCurrent() throws IOException {
        if (!usable) {
            return true;
        }
        if (generation < 0 || !Objects.equals(MaildirDirectory.keyOf(file), key)) {
            return false;
        }
        if (channel != null) {
            return generationOf(channel) == generation;
        }
        try {
            FileChannel again = open();
            return again != null && generation >= 0 && generationOf(again) == generation;
        } catch (NoSuchFileException e) {
            return false; // the mailbox is being deleted: whoever looks at its directory will find
            // that
        }
    }

    /// Opens the file, anew if it was deleted meanwhile.
    private @Nullable FileChannel open() throws IOException {
        if (!usable) {
            return null;
        }
        Object there = MaildirDirectory.keyOf(file);
        boolean same = there != null && there.equals(key);
        if (channel != null && same) {
            return channel;
        }
        if (!same) {
            close();
        }
        try {
            channel =
                    FileChannel.open(
                            file,
                            Set.of(
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE),
                            Private.NEW_FILE);
            Object opened = MaildirDirectory.keyOf(file);
            if (!Objects.equals(opened, key)) {
                forget();
                key = opened;
            }
        } catch (AccessDeniedException | ReadOnlyFileSystemException e) {
            usable = false;
        }
        return channel;
    }

    /// Reads the whole file; null if it is not to be believed. Under the lock.
    ///
    /// @param bases the names of the messages, by UID
    @Nullable Loaded load(Map<Long, String> bases, MaildirFlags shared) throws IOException {
        FileChannel from = open();
        if (from == null || from.size() < MaildirIndexLayout.HEADER) {
            return null;
        }
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(from.size()));
        if (!readFully(from, all, 0) || !MaildirIndexLayout.isIndex(all)) {
            return null;
        }
        var header = MaildirIndexLayout.header(all);
        long room = ((long) all.capacity() - MaildirIndexLayout.HEADER) / MaildirIndexLayout.RECORD;
        if (header.dirty() || header.count() < 0 || header.count() > room) {
            return null;
        }
        var messages = new ArrayList<MaildirMessage>((int) header.count() + 16);
        long total = 0;
        for (int i = 0; i < header.count(); i++) {
            int at = MaildirIndexLayout.HEADER + i * MaildirIndexLayout.RECORD;
            total ^= MaildirIndexLayout.mix(all, at);
            String base = bases.get(MaildirIndexLayout.uid(all, at));
            if (base == null || MaildirIndexLayout.isOdd(all, at)) {
                return null;
            }
            messages.add(MaildirIndexLayout.message(all, at, base, shared));
        }
        if (total != header.sum()) {
            return null;
        }
        generation = header.generation();
        sum = total;
        written = messages;
        torn = false;
        return new Loaded(
                header.uidValidity(),
                header.uidNext(),
                header.highestModSeq(),
                header.stamps(),
                messages);
    }

    /// Writes what differs from the last state. Under the lock.
    void save(Snapshot<MaildirMessage> now, Stamps stamps) throws IOException {
        FileChannel to = open();
        if (to == null) {
            return;
        }
        List<MaildirMessage> messages = now.messages();
        boolean inPlace =
                !torn
                        && generation >= 0
                        && to.size() >= MaildirIndexLayout.HEADER
                        && prefixFits(messages);
        if (!inPlace || !unchanged(messages)) {
            torn = true; // until all is written
            writeFully(to, MaildirIndexLayout.dirty(), MaildirIndexLayout.DIRTY_AT);
            if (inPlace) {
                writeChanged(to, messages);
            } else {
                writeAll(to, messages);
            }
            generation = Math.max(0, Math.max(generation, generationOf(to))) + 1;
            written = messages;
        }
        var header =
                new MaildirIndexLayout.Header(
                        false,
                        generation,
                        now.uidValidity(),
                        now.uidNext(),
                        now.highestModSeq(),
                        messages.size(),
                        sum,
                        stamps);
        writeFully(to, MaildirIndexLayout.print(header), 0);
        torn = false;
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

    /// Writes the records that differ, those that stand side by side at once, and those that are new.
    private void writeChanged(FileChannel to, List<MaildirMessage> messages) throws IOException {
        for (int first = 0; first < written.size(); first++) {
            int last = first;
            while (last < written.size() && !same(written.get(last), messages.get(last))) {
                last++;
            }
            if (last > first) {
                writeFully(to, changed(messages, first, last), place(first));
                first = last;
            }
        }
        int added = messages.size() - written.size();
        if (added > 0) {
            ByteBuffer tail = ByteBuffer.allocate(added * MaildirIndexLayout.RECORD);
            for (int i = written.size(); i < messages.size(); i++) {
                ByteBuffer record = MaildirIndexLayout.print(messages.get(i));
                sum ^= MaildirIndexLayout.mix(record, 0);
                tail.put(record);
            }
            writeFully(to, tail.flip(), place(written.size()));
        }
    }

    /// The records of `from .. to`, of which none is as it was written.
    private ByteBuffer changed(List<MaildirMessage> messages, int from, int to) {
        ByteBuffer run = ByteBuffer.allocate((to - from) * MaildirIndexLayout.RECORD);
        for (int i = from; i < to; i++) {
            sum ^= MaildirIndexLayout.mix(MaildirIndexLayout.print(written.get(i)), 0);
            ByteBuffer record = MaildirIndexLayout.print(messages.get(i));
            sum ^= MaildirIndexLayout.mix(record, 0);
            run.put(record);
        }
        return run.flip();
    }

    private static long place(int record) {
        return MaildirIndexLayout.HEADER + (long) record * MaildirIndexLayout.RECORD;
    }

    private void writeAll(FileChannel to, List<MaildirMessage> messages) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(messages.size() * MaildirIndexLayout.RECORD);
        sum = 0;
        for (MaildirMessage m : messages) {
            ByteBuffer record = MaildirIndexLayout.print(m);
            sum ^= MaildirIndexLayout.mix(record, 0);
            all.put(record);
        }
        writeFully(to, all.flip(), MaildirIndexLayout.HEADER);
        to.truncate(MaildirIndexLayout.HEADER + (long) messages.size() * MaildirIndexLayout.RECORD);
    }

    /// The generation that the file has now; -1 if it is no index.
    private static long generationOf(FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(MaildirIndexLayout.START);
        return readFully(channel, start, 0) && MaildirIndexLayout.isIndex(start)
                ? MaildirIndexLayout.generation(start)
                : -1;
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

    /// Closes the file. What is known of it holds as long as it is the same file, of the same generation.
    void rest() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    @Override
    public void close() throws IOException {
        rest();
        forget();
    }

    private void forget() {
        key = null;
        generation = -1;
        written = List.of();
    }
}
