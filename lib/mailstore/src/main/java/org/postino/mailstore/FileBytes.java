// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.postino.message.HeaderCursor;

/// The CRLF view of a message that is a stretch of a file. A small one is read at once and the file closed; of a large one the
/// file stays open, and its size is counted once. Either way [#size()] is exactly what the stream gives.
final class FileBytes implements MessageBytes {
    private static final int SMALL = 1 << 18;

    private final FileChannel channel;
    private final long start;
    private final long length;
    private byte[] whole = new byte[0];
    private boolean inMemory;
    private long size = -1;

    /// Takes over the channel.
    FileBytes(FileChannel channel, long start, long length) throws IOException {
        this.channel = channel;
        this.start = start;
        this.length = length;
        try {
            if (length <= SMALL) {
                byte[] raw = raw((int) length);
                whole = LineEnds.toCrlf(raw, 0, raw.length);
                size = whole.length;
                inMemory = true;
                channel.close();
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// The view of a text that is in memory, with any line ends.
    static MessageBytes of(byte[] text) {
        byte[] crlf = LineEnds.toCrlf(text, 0, text.length);
        return new MessageBytes() {
            @Override
            public long size() {
                return crlf.length;
            }

            @Override
            public InputStream stream(long offset) {
                int from = (int) Math.min(offset, crlf.length);
                return new ByteArrayInputStream(crlf, from, crlf.length - from);
            }

            @Override
            public byte[] header() {
                return Arrays.copyOf(crlf, HeaderCursor.headerEnd(crlf));
            }

            @Override
            public void close() {}
        };
    }

    private byte[] raw(int n) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(n);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, start + buffer.position()) < 0) {
                break;
            }
        }
        return buffer.hasRemaining()
                ? Arrays.copyOf(buffer.array(), buffer.position())
                : buffer.array();
    }

    @Override
    public long size() throws IOException {
        if (size < 0) {
            var counter = new LineEnds.Counter();
            byte[] buffer = new byte[65_536];
            long total = 0;
            var in = new Stretch(channel, start, length);
            int n;
            while ((n = in.read(buffer, 0, buffer.length)) > 0) {
                counter.add(buffer, n);
                total += n;
            }
            size = total + counter.bareLineFeeds;
        }
        return size;
    }

    @Override
    public InputStream stream(long offset) throws IOException {
        if (inMemory) {
            int from = (int) Math.min(offset, whole.length);
            return new ByteArrayInputStream(whole, from, whole.length - from);
        }
        var in = new LineEnds.CrlfInput(new Stretch(channel, start, length));
        if (offset > 0) {
            in.skipNBytes(Math.min(offset, size()));
        }
        return in;
    }

    @Override
    public long writeTo(OutputStream out, long offset, long count) throws IOException {
        if (!inMemory) {
            return MessageBytes.super.writeTo(out, offset, count);
        }
        int from = (int) Math.min(offset, whole.length);
        int n = (int) Math.min(count, whole.length - from);
        out.write(whole, from, n);
        return n;
    }

    @Override
    public byte[] header() throws IOException {
        if (inMemory) {
            return Arrays.copyOf(whole, HeaderCursor.headerEnd(whole));
        }
        for (int n = 16_384; ; n *= 4) {
            byte[] raw = raw((int) Math.min(n, length));
            byte[] text = LineEnds.toCrlf(raw, 0, raw.length);
            int end = HeaderCursor.headerEnd(text);
            if (end < text.length || n >= length || n > 1 << 26) {
                return Arrays.copyOf(text, end);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// The raw octets of a stretch of a file; closing it leaves the file open.
    static final class Stretch extends InputStream {
        private final FileChannel channel;
        private final long start;
        private final long length;
        private long position;

        Stretch(FileChannel channel, long start, long length) {
            this.channel = channel;
            this.start = start;
            this.length = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            int n = (int) Math.min(count, length - position);
            if (n <= 0) {
                return -1;
            }
            int got = channel.read(ByteBuffer.wrap(into, offset, n), start + position);
            position += Math.max(got, 0);
            return got;
        }
    }
}
