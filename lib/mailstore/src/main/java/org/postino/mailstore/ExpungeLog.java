// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The file `postino.expunged` beside a Maildir: which UIDs went, and under which modseq (RFC 7162, 3.2.7). Records are appended under the
/// lock of the index, whose header says how long the file then is: a file of another length, of another UIDVALIDITY or with a wrong
/// check is not believed, and begins anew. All numbers are big-endian.
///
/// The header, 32 bytes:
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 8 | `POSTINOX` |
/// | 8 | 8 | UIDVALIDITY |
/// | 16 | 8 | the log is complete for what went after this modseq |
/// | 24 | 8 | check of the bytes before |
///
/// Records, ascending by modseq, 24 bytes each:
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 8 | modseq |
/// | 8 | 4 | first UID, unsigned |
/// | 12 | 4 | last UID, unsigned |
/// | 16 | 8 | check of the bytes before |
///
/// A log longer than [#LONGEST] loses its older half.
final class ExpungeLog {
    static final String NAME = "postino.expunged";
    static final int LONGEST = 1 << 20;
    private static final long MAGIC = 0x504f5354494e4f58L; // "POSTINOX"
    private static final int HEADER = 32;
    private static final int RECORD = 24;
    private static final long UNSIGNED = 0xffff_ffffL;

    private final Path file;
    private final int longest;

    ExpungeLog(Path directory) {
        this(directory, LONGEST);
    }

    ExpungeLog(Path directory, int longest) {
        this.file = directory.resolve(NAME);
        this.longest = longest;
    }

    /// Notes that messages went. Under the index lock.
    ///
    /// @param length of the file as the index knows it; 0 if there is no log
    /// @param before the highest modseq until now: what a log that begins anew is complete from
    /// @param uids ascending
    /// @return the length for the index
    long add(long length, long uidValidity, long before, long modseq, List<Long> uids)
            throws IOException {
        var ranges = new UidRange.Builder();
        for (long uid : uids) {
            ranges.add(uid, uid);
        }
        var records = ByteBuffer.allocate(ranges.ranges().size() * RECORD);
        for (UidRange range : ranges.ranges()) {
            put(records, modseq, range);
        }
        records.flip();
        if (!holds(length, uidValidity)) {
            return replace(uidValidity, before, records);
        }
        if (length + records.limit() > longest) {
            return shorten(length, uidValidity, records);
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            write(channel, records, length);
            return length + records.limit();
        }
    }

    /// The UIDs that went after a modseq, merged and ascending; empty if the log does not reach back so far.
    ///
    /// @param length of the file as the index knows it
    Optional<List<UidRange>> since(long length, long uidValidity, long modseq) throws IOException {
        if (!holds(length, uidValidity)) {
            return Optional.empty();
        }
        ByteBuffer all = read(length);
        if (modseq < all.getLong(16)) {
            return Optional.empty();
        }
        var found = new ArrayList<UidRange>();
        for (int at = HEADER; at < length; at += RECORD) {
            if (!isRecord(all, at)) {
                return Optional.empty();
            }
            if (all.getLong(at) > modseq) {
                found.add(
                        new UidRange(
                                all.getInt(at + 8) & UNSIGNED, all.getInt(at + 12) & UNSIGNED));
            }
        }
        found.sort(Comparator.comparingLong(UidRange::first));
        var merged = new UidRange.Builder();
        for (UidRange range : found) {
            merged.add(range.first(), range.last());
        }
        return Optional.of(merged.ranges());
    }

    /// True if the file is the log that the index knows.
    private boolean holds(long length, long uidValidity) throws IOException {
        if (length < HEADER || (length - HEADER) % RECORD != 0 || length > Integer.MAX_VALUE) {
            return false;
        }
        try {
            if (Files.size(file) < length) {
                return false;
            }
            ByteBuffer header = read(HEADER);
            return header.getLong(0) == MAGIC
                    && header.getLong(8) == uidValidity
                    && header.getLong(24) == check(header, 0, 24);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private ByteBuffer read(long length) throws IOException {
        try (var channel = FileChannel.open(file)) {
            var bytes = ByteBuffer.allocate((int) length);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, bytes.position()) < 0) {
                    throw new EOFException(file + " became shorter");
                }
            }
            return bytes.flip();
        }
    }

    private static boolean isRecord(ByteBuffer all, int at) {
        return all.getLong(at + 16) == check(all, at, 16);
    }

    private static void put(ByteBuffer into, long modseq, UidRange range) {
        int at = into.position();
        into.putLong(modseq).putInt((int) range.first()).putInt((int) range.last());
        into.putLong(check(into, at, 16));
    }

    /// Mixes whole 8-byte words, so that a flipped bit shows.
    private static long check(ByteBuffer bytes, int from, int length) {
        long sum = MAGIC;
        for (int i = 0; i < length; i += 8) {
            sum = (sum ^ bytes.getLong(from + i)) * 0x9e3779b97f4a7c15L;
            sum ^= sum >>> 29;
        }
        return sum;
    }

    /// The newer half with the new records behind.
    private long shorten(long length, long uidValidity, ByteBuffer records) throws IOException {
        ByteBuffer all = read(length);
        int count = (int) (length - HEADER) / RECORD;
        int from = HEADER + count / 2 * RECORD;
        long dropped = all.getLong(from - RECORD);
        while (from < length && all.getLong(from) == dropped) {
            from += RECORD;
        }
        var kept = ByteBuffer.allocate((int) length - from + records.limit());
        kept.put(all.position(from)).put(records).flip();
        return replace(uidValidity, dropped, kept);
    }

    /// A log with this content; a damaged record in it is found by who reads it.
    private long replace(long uidValidity, long since, ByteBuffer records) throws IOException {
        var all = ByteBuffer.allocate(HEADER + records.limit());
        all.putLong(MAGIC).putLong(uidValidity).putLong(since).putLong(check(all, 0, 24));
        all.put(records).flip();
        Path temporary = file.resolveSibling(NAME + ".tmp");
        Files.deleteIfExists(temporary);
        try (var channel =
                FileChannel.open(
                        temporary,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        Private.NEW_FILE)) {
            write(channel, all, 0);
        }
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        return all.limit();
    }

    private static void write(FileChannel to, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += to.write(bytes, at);
        }
    }
}
