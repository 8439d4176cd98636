// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.postino.util.ByteReader;

/// Both directions of a connection in raw DEFLATE (RFC 4978). Its memory lies outside of the heap until it is closed: 40 kB for what
/// the client sends, 270 kB more for what is sent, which [#rest()] gives back.
///
/// What inflates is read in pieces of a fixed size, so that the limits of lines and literals hold for it as for anything else.
final class ImapCompression implements Closeable {
    private static final int BUFFER = 8192;

    private final ByteReader from;
    private final OutputStream to;
    private final Inflater inflater = new Inflater(true);
    private final Object inflating = new Object();
    private boolean ended;
    private @Nullable Deflater deflater;

    /// @param from what the client sends, from its next byte on compressed
    ImapCompression(ByteReader from, OutputStream to) {
        this.from = from;
        this.to = to;
    }

    /// The bytes that the client means.
    ByteReader reader() {
        return new ByteReader(new Inflated(), BUFFER);
    }

    /// Takes the bytes that the client is to get; a flush makes all of them readable for it.
    OutputStream output() {
        return new Deflated();
    }

    /// Gives back the memory that compresses better what resembles what was sent before: there may be nothing to send for long. Only
    /// after a flush.
    void rest() {
        var used = deflater;
        if (used != null) {
            deflater = null;
            used.end();
        }
    }

    /// A block that was flushed ends with a whole byte, and nothing obliges the next one to refer to it: each deflater may
    /// begin anew there.
    private Deflater deflater() {
        var used = deflater;
        if (used == null) {
            used = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
            deflater = used;
        }
        return used;
    }

    /// In IDLE another thread reads: it finds the end of the stream then.
    @Override
    public void close() {
        rest();
        synchronized (inflating) {
            ended = true;
            inflater.end();
        }
    }

    private final class Inflated extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            while (true) {
                int n = inflate(into, offset, count);
                if (n != 0) {
                    return n;
                }
                if (!from.fill()) {
                    return -1;
                }
            }
        }

        /// The number of bytes made, 0 if more must be read for one, -1 at the end.
        private int inflate(byte[] into, int offset, int count) throws IOException {
            synchronized (inflating) {
                if (ended || inflater.finished()) {
                    return -1;
                }
                if (inflater.needsInput() && from.hasBuffered()) {
                    int length = from.limit() - from.position();
                    inflater.setInput(from.buffer(), from.position(), length);
                    from.position(from.limit());
                }
                try {
                    int n = inflater.inflate(into, offset, count);
                    if (n == 0 && inflater.needsDictionary()) {
                        throw new IOException("compressed data asks for a dictionary");
                    }
                    return n;
                } catch (DataFormatException e) {
                    throw new IOException("no compressed data: " + e.getMessage(), e);
                }
            }
        }
    }

    private final class Deflated extends OutputStream {
        private final byte[] made = new byte[BUFFER];

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            var used = deflater();
            used.setInput(bytes, offset, length);
            while (!used.needsInput()) {
                to.write(made, 0, used.deflate(made, 0, made.length));
            }
        }

        @Override
        public void flush() throws IOException {
            var used = deflater;
            if (used != null) {
                int n;
                do {
                    n = used.deflate(made, 0, made.length, Deflater.SYNC_FLUSH);
                    to.write(made, 0, n);
                } while (n == made.length);
            }
            to.flush();
        }
    }
}
