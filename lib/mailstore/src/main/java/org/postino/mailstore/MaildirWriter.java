// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.util.FileSafe;

/// A message on its way into a Maildir: written to `tmp`, then renamed. Closing removes what was not put in place.
final class MaildirWriter implements Closeable {
    private final String name;
    private final Path temporary;
    private final FileChannel channel;
    private final Compression compression;
    private @Nullable Path target;
    private LineEnds.Sizes sizes = new LineEnds.Sizes(0, 0);
    private long date = MaildirMessage.UNKNOWN;

    MaildirWriter(MaildirDirectory directory, MaildirUnique unique, Compression compression)
            throws IOException {
        this.compression = compression;
        name = unique.next();
        temporary = directory.tmp.resolve(name);
        channel =
                FileChannel.open(
                        temporary,
                        Set.of(
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        Private.NEW_FILE);
    }

    void write(InputStream content) throws IOException {
        byte[] start = content.readNBytes(Compression.MAGIC);
        // what looks compressed by itself comes back as it was if it is compressed once more
        Compression used = Compression.isMistaken(start) ? Compression.GZIP : compression;
        var whole = new SequenceInputStream(new ByteArrayInputStream(start), content);
        if (used == Compression.NONE) {
            sizes = LineEnds.copyToFile(whole, channel);
            return;
        }
        var file = new FileOutput(channel);
        try (OutputStream out = used.writer(file)) {
            sizes = LineEnds.copy(whole, out);
        }
    }

    /// The file as a stream; closing it leaves the file open.
    private static final class FileOutput extends OutputStream {
        private final FileChannel channel;

        FileOutput(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            FileSafe.writeFully(channel, ByteBuffer.wrap(bytes, offset, length));
        }
    }

    void date(Instant internalDate) throws IOException {
        date = internalDate.getEpochSecond();
        Files.setLastModifiedTime(temporary, FileTime.from(internalDate));
    }

    LineEnds.Sizes sizes() {
        return sizes;
    }

    /// The date given, or -1.
    long date() {
        return date;
    }

    /// The name the message will have for ever.
    String base() {
        return MaildirName.withSizes(name, sizes.physical(), sizes.virtual());
    }

    void place(Path place) throws IOException {
        MaildirDirectory.rename(temporary, place);
        target = place;
    }

    /// Closes the file until [#force()]: others are written before.
    void rest() throws IOException {
        channel.force(true);
        channel.close();
    }

    /// Puts content and name on the disk; last, as the rename would otherwise not be safe.
    void force() throws IOException {
        Path there = target;
        if (channel.isOpen() || there == null) {
            channel.force(true);
            return;
        }
        try (var again = FileChannel.open(there, StandardOpenOption.WRITE)) {
            again.force(true);
        }
    }

    /// The message as it is in its place. Takes over the file: it is asked for last, after [#force()].
    MessageBytes written() throws IOException {
        return FileBytes.file(channel);
    }

    /// Takes the message away again, if it was put in its place.
    void withdraw() throws IOException {
        Path there = target;
        if (there != null) {
            Files.deleteIfExists(there);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (target == null) {
            Files.deleteIfExists(temporary);
        }
    }
}
