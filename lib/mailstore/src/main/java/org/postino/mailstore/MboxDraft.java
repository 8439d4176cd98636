// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;

/// A message on its way into an mbox: in a file of its own until the mbox is locked.
final class MboxDraft implements Closeable {
    private static final int LONGEST_HEADER = 1 << 22;

    private final FileChannel channel;

    MboxDraft(Path directory) throws IOException {
        Private.directories(directory);
        Path file = Files.createTempFile(directory, "draft", ".tmp");
        channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE);
    }

    void write(InputStream content) throws IOException {
        LineEnds.copyToFile(content, channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// A draft with what it shall be stored with.
    record Message(MboxDraft draft, Flags flags, Instant internalDate) {
        /// Appends to the end of an mbox: `From ` line, header with its state, body, empty line.
        void writeTo(FileChannel mbox, long uid, String base, ZoneId zone) throws IOException {
            mbox.position(mbox.size());
            byte[] from =
                    (MboxFile.gap(mbox) + FromLine.print("", internalDate, zone))
                            .getBytes(StandardCharsets.US_ASCII);
            LineEnds.writeFully(mbox, from, from.length);
            byte[] head = draft.header();
            long body = draft.channel.size() - head.length;
            boolean ended = draft.endsWithLine();
            byte[] fresh =
                    MboxHeader.parse(head)
                            .print(
                                    new MboxHeader.State(
                                            uid, flags, false, base, body + (ended ? 0 : 1)));
            LineEnds.writeFully(mbox, fresh, fresh.length);
            long done = 0;
            while (done < body) {
                done += draft.channel.transferTo(head.length + done, body - done, mbox);
            }
            byte[] end = (ended ? "\n" : "\n\n").getBytes(StandardCharsets.US_ASCII);
            LineEnds.writeFully(mbox, end, end.length);
        }
    }

    private boolean endsWithLine() throws IOException {
        long size = channel.size();
        var last = ByteBuffer.allocate(1);
        return size == 0 || (channel.read(last, size - 1) == 1 && last.get(0) == '\n');
    }

    /// The header with its empty line.
    private byte[] header() throws IOException {
        int length = 16_384;
        while (true) {
            var buffer = ByteBuffer.allocate((int) Math.min(length, channel.size()));
            while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) > 0) {}
            byte[] bytes = buffer.array();
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] == '\n')) {
                    return Arrays.copyOf(bytes, i + 1);
                }
            }
            if (length >= channel.size() || length >= LONGEST_HEADER) {
                return bytes;
            }
            length *= 4;
        }
    }
}
