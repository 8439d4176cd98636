// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import org.postino.util.FileSafe;

/// Changes an mbox in place so that a crash at any moment loses nothing.
///
/// What will be written is first put into a journal file beside our other files and forced to the disk; then it is written into
/// the mbox, that is forced, and the journal is removed. A journal found later, if its sum is right, is applied again, and mail
/// that others appended meanwhile is put behind it.
final class MboxJournal {
    private static final long MAGIC = 0x504f5354424f5831L; // "POSTBOX1"
    private static final int HEADER = 48;

    private final Path journal;

    MboxJournal(Path directory) {
        this.journal = directory.resolve("postino.journal");
    }

    /// A stretch of the new content: bytes, or bytes that stand elsewhere in the old file.
    sealed interface Piece {
        long length();

        @SuppressWarnings("ArrayRecordComponent") // compared by nobody
        record Bytes(byte[] bytes) implements Piece {
            @Override
            public long length() {
                return bytes.length;
            }
        }

        record Old(long offset, long length) implements Piece {}
    }

    /// Pieces to be written from an offset on.
    record Patch(long offset, List<Piece> pieces) {
        long length() {
            return pieces.stream().mapToLong(Piece::length).sum();
        }
    }

    /// Makes the changes. Under the locks of the mbox.
    ///
    /// @param patches ascending, not overlapping; all but the last leave the length of what they replace
    /// @param newLength the length the file will have
    void change(FileChannel mbox, List<Patch> patches, long newLength) throws IOException {
        Private.directories(directory());
        write(mbox, patches, newLength);
        apply(mbox);
        Files.deleteIfExists(journal);
    }

    private Path directory() throws IOException {
        Path parent = journal.getParent();
        if (parent == null) {
            throw new IOException("no directory for " + journal);
        }
        return parent;
    }

    /// Finishes what a crash interrupted. Under the locks of the mbox.
    void recover(FileChannel mbox) throws IOException {
        if (!Files.exists(journal)) {
            return;
        }
        if (isWhole()) {
            takeUpAppended(mbox);
            apply(mbox);
        }
        Files.deleteIfExists(journal);
    }

    /// Writes the journal alone.
    void write(FileChannel mbox, List<Patch> patches, long newLength) throws IOException {
        long oldLength = mbox.size();
        try (var out = open(journal)) {
            var crc = new CRC32();
            long tailSum = sumOf(mbox, Math.min(newLength, oldLength), oldLength);
            put(out, new Start(oldLength, newLength, patches.size(), tailSum).print(), crc);
            for (Patch patch : patches) {
                put(out, patchStart(patch.offset(), patch.length()), crc);
                for (Piece piece : patch.pieces()) {
                    switch (piece) {
                        case Piece.Bytes(var bytes) -> put(out, ByteBuffer.wrap(bytes), crc);
                        case Piece.Old(var offset, var length) ->
                                copy(mbox, offset, length, out, crc);
                    }
                }
            }
            end(out, crc);
        }
    }

    private static ByteBuffer patchStart(long offset, long length) {
        return ByteBuffer.allocate(16).putLong(offset).putLong(length).flip();
    }

    private static void end(FileChannel out, CRC32 crc) throws IOException {
        out.write(ByteBuffer.allocate(8).putLong(crc.getValue()).flip());
        out.force(true);
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE),
                Private.NEW_FILE);
    }

    private static void put(FileChannel out, ByteBuffer bytes, CRC32 crc) throws IOException {
        crc.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private static void copy(FileChannel from, long offset, long length, FileChannel out, CRC32 crc)
            throws IOException {
        var buffer = ByteBuffer.allocate(65_536);
        long at = offset;
        while (at < offset + length) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), offset + length - at));
            if (from.read(buffer, at) < 0) {
                throw new IOException("mbox file became shorter while it was read");
            }
            at += buffer.position();
            put(out, buffer.flip(), crc);
        }
    }

    private static long sumOf(FileChannel from, long start, long end) throws IOException {
        var crc = new CRC32();
        var buffer = ByteBuffer.allocate(65_536);
        long at = start;
        while (at < end) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            int n = from.read(buffer, at);
            if (n < 0) {
                break;
            }
            at += n;
            crc.update(buffer.flip());
        }
        return crc.getValue();
    }

    private boolean isWhole() throws IOException {
        try (var in = FileChannel.open(journal)) {
            long size = in.size();
            if (size < HEADER + 8) {
                return false;
            }
            var last = ByteBuffer.allocate(8);
            in.read(last, size - 8);
            var first = ByteBuffer.allocate(8);
            in.read(first, 0);
            return first.getLong(0) == MAGIC && last.getLong(0) == sumOf(in, 0, size - 8);
        }
    }

    /// The first lines of a journal.
    ///
    /// @param oldLength the length of the mbox when the journal was written
    /// @param tailSum the sum of what stood behind `newLength` then
    private record Start(long oldLength, long newLength, long patches, long tailSum) {
        ByteBuffer print() {
            return ByteBuffer.allocate(HEADER)
                    .putLong(MAGIC)
                    .putLong(oldLength)
                    .putLong(newLength)
                    .putLong(patches)
                    .putLong(tailSum)
                    .putLong(0)
                    .flip();
        }
    }

    private static Start start(DataInputStream in) throws IOException {
        in.readLong();
        var start = new Start(in.readLong(), in.readLong(), in.readLong(), in.readLong());
        in.readLong();
        return start;
    }

    /// Writes the journal's content into the mbox.
    private void apply(FileChannel mbox) throws IOException {
        try (var file = FileChannel.open(journal);
                var in =
                        new DataInputStream(
                                new BufferedInputStream(Channels.newInputStream(file), 65_536))) {
            Start start = start(in);
            if (start.newLength > mbox.size()) {
                // The new length first: recovery then knows where appended mail would begin.
                mbox.write(ByteBuffer.allocate(1), start.newLength - 1);
            }
            byte[] buffer = new byte[65_536];
            for (long p = 0; p < start.patches; p++) {
                long at = in.readLong();
                long left = in.readLong();
                while (left > 0) {
                    int n = (int) Math.min(buffer.length, left);
                    in.readFully(buffer, 0, n);
                    var bytes = ByteBuffer.wrap(buffer, 0, n);
                    while (bytes.hasRemaining()) {
                        at += mbox.write(bytes, at);
                    }
                    left -= n;
                }
            }
            mbox.truncate(start.newLength);
            mbox.force(true);
        }
    }

    /// Makes the journal contain mail that was appended since the crash.
    void takeUpAppended(FileChannel mbox) throws IOException {
        Start start;
        try (var file = FileChannel.open(journal);
                var in = new DataInputStream(Channels.newInputStream(file))) {
            start = start(in);
        }
        long logicalEnd = logicalEnd(mbox, start);
        if (mbox.size() > logicalEnd) {
            rewriteWith(start, mbox, logicalEnd);
        }
    }

    /// Writes the journal anew, beside the old one, then in its place, with one more patch at its end: the mbox from `tail` on. Its
    /// old length is that of the mbox now; if applying it is interrupted, too, nothing that stands there counts as appended later.
    private void rewriteWith(Start start, FileChannel mbox, long tail) throws IOException {
        long oldLength = mbox.size();
        long newLength = start.newLength + oldLength - tail;
        long tailSum = sumOf(mbox, Math.min(newLength, oldLength), oldLength);
        Path temporary = journal.resolveSibling(journal.getFileName() + ".tmp");
        try (var in = FileChannel.open(journal);
                var out = open(temporary)) {
            var crc = new CRC32();
            put(out, new Start(oldLength, newLength, start.patches + 1, tailSum).print(), crc);
            copy(in, HEADER, in.size() - HEADER - 8, out, crc);
            put(out, patchStart(start.newLength, oldLength - tail), crc);
            copy(mbox, tail, oldLength - tail, out, crc);
            end(out, crc);
        }
        Files.move(
                temporary,
                journal,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        FileSafe.forceDirectory(directory());
    }

    /// The offset at which mail that others appended would begin: behind the old content, or behind the new one.
    private long logicalEnd(FileChannel mbox, Start start) throws IOException {
        long size = mbox.size();
        if (start.newLength <= start.oldLength) {
            boolean cut =
                    size < start.oldLength
                            || sumOf(mbox, start.newLength, start.oldLength) != start.tailSum;
            return cut ? start.newLength : start.oldLength;
        }
        if (size < start.newLength) {
            return start.oldLength;
        }
        // Behind the old end stand zeros or new content if we got as far as making the file longer,
        // else somebody's mail.
        int n = (int) Math.min(64, start.newLength - start.oldLength);
        var there = ByteBuffer.allocate(n);
        while (there.hasRemaining() && mbox.read(there, start.oldLength + there.position()) > 0) {}
        boolean longer = begunAndZeros(there.array(), planned(start, start.oldLength, n));
        return longer ? start.newLength : start.oldLength;
    }

    /// True if the bytes are the beginning of the planned content, and zeros from there on.
    private static boolean begunAndZeros(byte[] bytes, byte[] planned) {
        int same = Arrays.mismatch(bytes, planned);
        for (int i = same < 0 ? bytes.length : same; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /// The bytes that the journal puts at an offset of the mbox; zeros where it puts nothing.
    private byte[] planned(Start start, long offset, int n) throws IOException {
        try (var file = FileChannel.open(journal);
                var in =
                        new DataInputStream(
                                new BufferedInputStream(Channels.newInputStream(file), 65_536))) {
            start(in);
            byte[] bytes = new byte[n];
            for (long p = 0; p < start.patches; p++) {
                long at = in.readLong();
                long length = in.readLong();
                long from = Math.clamp(offset, at, at + length);
                long to = Math.clamp(offset + n, at, at + length);
                in.skipNBytes(from - at);
                if (to > from) {
                    in.readFully(bytes, (int) (from - offset), (int) (to - from));
                }
                in.skipNBytes(at + length - Math.max(from, to));
            }
            return bytes;
        }
    }
}
