// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.postino.util.FileSafe;

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
            FileSafe.writeFully(channel.position(length), records);
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

    Path file() {
        return file;
    }

    /// The number of whole records, if the file is the log that the index knows and no record is damaged; empty if it is not to be
    /// believed.
    ///
    /// @param length of the file as the index knows it
    OptionalInt count(long length, long uidValidity) throws IOException {
        if (!holds(length, uidValidity)) {
            return OptionalInt.empty();
        }
        ByteBuffer all = read(length);
        for (int at = HEADER; at < length; at += RECORD) {
            if (!isRecord(all, at)) {
                return OptionalInt.empty();
            }
        }
        return OptionalInt.of((int) (length - HEADER) / RECORD);
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
                    && header.getLong(24) == MaildirIndexLayout.mix(header, 0, 24);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private ByteBuffer read(long length) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes((int) length);
            if (bytes.length < length) {
                throw new EOFException(file + " became shorter");
            }
            return ByteBuffer.wrap(bytes);
        }
    }

    private static boolean isRecord(ByteBuffer all, int at) {
        return all.getLong(at + 16) == MaildirIndexLayout.mix(all, at, 16);
    }

    private static void put(ByteBuffer into, long modseq, UidRange range) {
        int at = into.position();
        into.putLong(modseq).putInt((int) range.first()).putInt((int) range.last());
        into.putLong(MaildirIndexLayout.mix(into, at, 16));
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
        all.putLong(MAGIC)
                .putLong(uidValidity)
                .putLong(since)
                .putLong(MaildirIndexLayout.mix(all, 0, 24));
        all.put(records).flip();
        Private.replace(file, all);
        return all.limit();
    }
}
