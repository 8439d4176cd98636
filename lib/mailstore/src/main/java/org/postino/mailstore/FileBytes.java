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

/// The CRLF view of a message that is a stretch of a file, which may be compressed. A small one is read at once and the file closed; of a large one the
/// file stays open, and its size is counted once. Either way [#size()] is exactly what the stream gives.
final class FileBytes implements MessageBytes {
    private static final int SMALL = 1 << 18;

    /// The largest text of a small compressed file that is kept in memory.
    private static final int SMALL_TEXT = 1 << 20;

    private final FileChannel channel;
    private final long start;
    private final long length;
    private Compression compression = Compression.NONE;
    private byte[] whole = new byte[0];
    private boolean inMemory;
    private long size = -1;

    private FileBytes(FileChannel channel, long start, long length) {
        this.channel = channel;
        this.start = start;
        this.length = length;
    }

    /// A stretch of a file, as it stands there. Takes over the channel.
    static FileBytes plain(FileChannel channel, long start, long length) throws IOException {
        return opened(new FileBytes(channel, start, length), false);
    }

    /// A whole file, which may be compressed. Takes over the channel.
    static FileBytes file(FileChannel channel) throws IOException {
        return opened(new FileBytes(channel, 0, channel.size()), true);
    }

    private static FileBytes opened(FileBytes bytes, boolean maybeCompressed) throws IOException {
        try {
            bytes.begin(maybeCompressed);
            return bytes;
        } catch (IOException e) {
            bytes.channel.close();
            throw e;
        }
    }

    private void begin(boolean maybeCompressed) throws IOException {
        byte[] known = raw((int) (length <= SMALL ? length : Compression.MAGIC));
        if (maybeCompressed) {
            compression = Compression.of(known);
        }
        if (length > SMALL) {
            return;
        }
        byte[] text = compression == Compression.NONE ? known : decompressed(known);
        if (text.length <= SMALL_TEXT) {
            whole = LineEnds.toCrlf(text, 0, text.length);
            size = whole.length;
            inMemory = true;
            channel.close();
        }
    }

    /// The text of a small file, or so much of it that it is known to be none.
    private byte[] decompressed(byte[] octets) throws IOException {
        try (InputStream in = compression.reader(new ByteArrayInputStream(octets))) {
            return in.readNBytes(SMALL_TEXT + 1);
        }
    }

    /// The text with the ends of lines that the file has.
    private InputStream source() throws IOException {
        return compression.reader(new Stretch(channel, start, length));
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
            var in = source();
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
        var in = new LineEnds.CrlfInput(source());
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
            byte[] raw = beginning(n);
            byte[] text = LineEnds.toCrlf(raw, 0, raw.length);
            int end = HeaderCursor.headerEnd(text);
            if (end < text.length || raw.length < n || n > 1 << 26) {
                return Arrays.copyOf(text, end);
            }
        }
    }

    private byte[] beginning(int n) throws IOException {
        return compression == Compression.NONE
                ? raw((int) Math.min(n, length))
                : source().readNBytes(n);
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
