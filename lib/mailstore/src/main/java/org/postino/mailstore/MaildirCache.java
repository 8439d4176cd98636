// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.linux.CheckedFile;
import org.postino.util.ByteNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The cache beside a Maildir of what its messages say, `postino.cache`: a reader that finds a message here need not open its file.
///
/// The bytes are described by [MaildirCacheLayout]. Records are appended, each batch in one piece, by any of our processes without a
/// lock: what comes between two batches of a process is read before it is needed. The file may be deleted or replaced at any time. One with a
/// damaged record is deleted, and grows again as messages are read; one in which most records are out of date is written anew ([#compact]).
/// Messages go by their base names, which they keep for ever, not by UIDs, so that who delivers a message can write its record.
///
/// Guards itself. Methods that say so act on the file's path and are called as the owner; [#find] reads what is open.
final class MaildirCache {
    static final String NAME = "postino.cache";

    private static final Logger LOG = LoggerFactory.getLogger(MaildirCache.class);
    private static final int SMALL_WINDOW = 1 << 12;
    private static final int LARGE_WINDOW = 1 << 16;

    /// Below so many records nobody minds a few that are out of date.
    private static final int FEW = 1_000;

    private final Path file;
    private final LongMap places = new LongMap();
    private @Nullable FileChannel channel;
    private @Nullable Object key;
    private long end;
    private int records;
    private boolean damaged;
    private boolean usable = true;

    /// A stretch of the file that is in memory.
    private byte[] window = new byte[0];

    private long windowAt;
    private int windowLength;

    MaildirCache(Path directory) {
        this.file = directory.resolve(NAME);
    }

    Path file() {
        return file;
    }

    /// A message and what is to be known of it.
    record Entry(MaildirMessage message, Cached cached) {}

    /// Opens the file, if there is one, and learns where the records are. As the owner.
    synchronized void open() throws IOException {
        if (usable) {
            try {
                reopen();
            } catch (IOException e) {
                giveUp(e);
            }
        }
    }

    /// Goes without a cache, for as long as the folder is known to this process.
    private void giveUp(IOException e) throws IOException {
        usable = false;
        LOG.warn("{}: not used: {}", file, e.toString());
        rest();
        forget();
    }

    private void reopen() throws IOException {
        Object there = MaildirDirectory.keyOf(file, LinkOption.NOFOLLOW_LINKS);
        if (channel != null && Objects.equals(there, key)) {
            return;
        }
        rest();
        if (there == null) {
            forget();
            return;
        }
        FileChannel opened;
        try {
            opened =
                    FileChannel.open(
                            file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            forget();
            return;
        }
        channel = opened;
        if (!Objects.equals(there, key) || opened.size() < end) {
            forget();
            key = there;
        }
        learn();
    }

    private void forget() {
        places.clear();
        key = null;
        end = 0;
        records = 0;
        damaged = false;
    }

    /// Learns of the records behind [#end].
    private void learn() throws IOException {
        long size = channel == null ? 0 : channel.size();
        if (damaged || size == end) {
            return;
        }
        if (end == 0) {
            if (size < MaildirCacheLayout.HEADER) {
                return; // somebody makes it just now
            }
            if (!MaildirCacheLayout.isCache(stretch(0, MaildirCacheLayout.HEADER))) {
                damaged = true;
                return;
            }
            end = MaildirCacheLayout.HEADER;
        }
        while (end + MaildirCacheLayout.HEAD <= size) {
            ByteBuffer head = stretch(end, MaildirCacheLayout.HEAD);
            int length = MaildirCacheLayout.length(head);
            if (length < 0) {
                damaged = true;
                return;
            }
            if (end + length > size) {
                return; // it is being written, or its writer has died
            }
            ByteBuffer name =
                    stretch(end + MaildirCacheLayout.HEAD, MaildirCacheLayout.baseLength(head));
            places.put(MaildirCacheLayout.hash(name), end);
            records++;
            end += length;
        }
    }

    /// A stretch of the file, good until the next is asked for. Who reads on from where the window ends gets a larger one.
    private ByteBuffer stretch(long position, int length) throws IOException {
        if (position < windowAt || position + length > windowAt + windowLength) {
            boolean onward = position >= windowAt && position <= windowAt + windowLength;
            int wanted = onward ? Math.min(LARGE_WINDOW, 4 * windowLength) : SMALL_WINDOW;
            fill(position, Math.max(wanted, length));
            if (windowLength < length) {
                throw new IOException(NAME + " was cut while it was read");
            }
        }
        return ByteBuffer.wrap(window, (int) (position - windowAt), length).slice();
    }

    private void fill(long position, int length) throws IOException {
        if (window.length < length) {
            window = new byte[length];
        }
        windowAt = position;
        windowLength = 0;
        ByteBuffer into = ByteBuffer.wrap(window, 0, length);
        while (into.hasRemaining()
                && channel != null
                && channel.read(into, position + into.position()) >= 0) {}
        windowLength = into.position();
    }

    /// The parts of a message that are known. [#open] was called before.
    synchronized Cached find(MaildirMessage message) throws IOException {
        if (channel == null || damaged) {
            return Cached.NOTHING;
        }
        try {
            return look(message);
        } catch (IOException e) {
            giveUp(e);
            return Cached.NOTHING;
        }
    }

    private Cached look(MaildirMessage message) throws IOException {
        ByteBuffer name = ByteBuffer.wrap(message.base().getBytes(ByteNames.ofPaths()));
        long hash = MaildirCacheLayout.hash(name);
        long place = places.get(hash);
        if (place == LongMap.NONE) {
            learn();
            place = places.get(hash);
        }
        if (place == LongMap.NONE || damaged) {
            return Cached.NOTHING;
        }
        int length = MaildirCacheLayout.length(stretch(place, MaildirCacheLayout.HEAD));
        Cached found =
                length < 0
                        ? null
                        : MaildirCacheLayout.parse(stretch(place, length), name, message.virtual());
        if (found == null) {
            damaged = true;
            return Cached.NOTHING;
        }
        return found;
    }

    /// Writes records of messages. As the owner.
    synchronized void add(List<Entry> entries) throws IOException {
        if (!usable) {
            return;
        }
        try {
            if (damaged) {
                LOG.warn("{}: damaged, made anew", file);
                Files.deleteIfExists(file);
                rest();
                forget();
            }
            var batch = new ArrayList<byte[]>();
            int size = 0;
            for (Entry entry : entries) {
                byte[] record =
                        MaildirCacheLayout.print(
                                entry.message.base(), entry.message.virtual(), entry.cached);
                if (record != null) {
                    batch.add(record);
                    size += record.length;
                }
            }
            if (size > 0) {
                append(file, batch, size);
            }
            reopen();
            learn();
        } catch (IOException e) {
            giveUp(e);
        }
    }

    /// Writes the record of one message into the cache of a mailbox that nobody here has open; makes the file if there is none. As the owner.
    static void leave(Path directory, String base, long size, Cached cached) throws IOException {
        byte[] record = MaildirCacheLayout.print(base, size, cached);
        if (record != null && cached.size() > 0) {
            append(directory.resolve(NAME), List.of(record), record.length);
        }
    }

    /// Opens the file to append to it, or makes it; whatever else bears its name is neither opened nor waited for.
    private static FileChannel appending(Path file) throws IOException {
        try (CheckedFile there = CheckedFile.look(file)) {
            return there.open(Set.of(StandardOpenOption.APPEND));
        } catch (NoSuchFileException e) {
            var options =
                    Set.of(
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.APPEND,
                            LinkOption.NOFOLLOW_LINKS);
            return FileChannel.open(file, options, Private.NEW_FILE);
        }
    }

    private static void append(Path file, List<byte[]> batch, int size) throws IOException {
        try (var to = appending(file)) {
            boolean fresh = to.size() == 0;
            ByteBuffer bytes = ByteBuffer.allocate(size + (fresh ? MaildirCacheLayout.HEADER : 0));
            if (fresh) {
                bytes.put(MaildirCacheLayout.header());
            }
            batch.forEach(bytes::put);
            to.write(bytes.flip());
            if (bytes.hasRemaining()) {
                throw new IOException("short write");
            }
        }
    }

    /// Writes the records of these messages alone into a new file, if most others are out of date. As the owner.
    synchronized void compact(List<MaildirMessage> messages) throws IOException {
        if (channel != null && records >= FEW && records >= 2 * messages.size()) {
            try {
                rewrite(messages);
            } catch (IOException e) {
                giveUp(e);
            }
        }
    }

    private void rewrite(List<MaildirMessage> messages) throws IOException {
        Path next = file.resolveSibling(NAME + ".tmp");
        Files.deleteIfExists(next);
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var to = FileChannel.open(next, options, Private.NEW_FILE);
                var out = new BufferedOutputStream(Channels.newOutputStream(to))) {
            out.write(MaildirCacheLayout.header().array());
            for (MaildirMessage message : messages) {
                Cached known = look(message);
                byte[] record = MaildirCacheLayout.print(message.base(), message.virtual(), known);
                if (record != null && known.size() > 0) {
                    out.write(record);
                }
            }
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        reopen();
    }

    /// Closes the file. Where the records are is kept, and believed if the file is the same when it is opened again.
    synchronized void rest() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
        settle();
    }

    /// Gives up the stretch that is in memory.
    synchronized void settle() {
        window = new byte[0];
        windowLength = 0;
    }
}
