// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.postino.util.FileSafe;

/// Line ends in bulk: CRLF of the wire to LF of the disk and back, and counting.
///
/// Only the CR of a CRLF whose CR does not follow another CR is dropped, so that what is written comes back octet for octet.
final class LineEnds {
    private LineEnds() {}

    /// The sizes of a message that was written.
    ///
    /// @param physical octets in the file
    /// @param virtual octets with CRLF
    record Sizes(long physical, long virtual) {}

    /// Copies a text to a file with LF line ends.
    static Sizes copyToFile(InputStream in, FileChannel out) throws IOException {
        return copyToFile(in, out, out.position());
    }

    private static Sizes copyToFile(InputStream in, FileChannel out, long start)
            throws IOException {
        Sizes sizes = copy(in, (bytes, length) -> writeFully(out, bytes, length));
        if (out.position() - start != sizes.physical()) {
            throw new IOException("short write");
        }
        return sizes;
    }

    /// Copies a text with LF line ends.
    static Sizes copy(InputStream in, OutputStream out) throws IOException {
        return copy(in, (bytes, length) -> out.write(bytes, 0, length));
    }

    /// The taker of a piece of text.
    @FunctionalInterface
    private interface Sink {
        void take(byte[] bytes, int length) throws IOException;
    }

    private static Sizes copy(InputStream in, Sink out) throws IOException {
        byte[] source = new byte[65_536];
        byte[] target = new byte[65_538];
        var counter = new Counter();
        boolean heldCr = false;
        int before = -1;
        long physical = 0;
        int n;
        while ((n = in.read(source, 0, source.length)) >= 0) {
            int length = 0;
            for (int i = 0; i < n; i++) {
                byte b = source[i];
                if (heldCr) {
                    heldCr = false;
                    if (b != '\n') {
                        target[length++] = '\r';
                        before = '\r';
                    }
                }
                if (b == '\r' && before != '\r') {
                    heldCr = true;
                    continue;
                }
                target[length++] = b;
                before = b;
            }
            counter.add(target, length);
            physical += length;
            out.take(target, length);
        }
        if (heldCr) {
            target[0] = '\r';
            counter.add(target, 1);
            physical++;
            out.take(target, 1);
        }
        return new Sizes(physical, physical + counter.bareLineFeeds);
    }

    static void writeFully(FileChannel out, byte[] bytes, int length) throws IOException {
        FileSafe.writeFully(out, ByteBuffer.wrap(bytes, 0, length));
    }

    /// Counts LFs without CR before them; what makes the CRLF view longer than the file.
    static final class Counter {
        private boolean cr;
        long bareLineFeeds;

        void add(byte[] bytes, int length) {
            add(bytes, 0, length);
        }

        void add(byte[] bytes, int offset, int length) {
            boolean last = cr;
            long count = 0;
            for (int i = offset; i < offset + length; i++) {
                byte b = bytes[i];
                if (b == '\n' && !last) {
                    count++;
                }
                last = b == '\r';
            }
            cr = last;
            bareLineFeeds += count;
        }
    }

    /// A part of a text with CRLF ends.
    static byte[] toCrlf(byte[] text, int offset, int length) {
        var counter = new Counter();
        counter.add(text, offset, length);
        if (counter.bareLineFeeds == 0) {
            return Arrays.copyOfRange(text, offset, offset + length);
        }
        byte[] out = new byte[Math.toIntExact(length + counter.bareLineFeeds)];
        expand(text, offset, length, false, out);
        return out;
    }

    /// Expands into `out`, which must be large enough; returns the length written.
    static int expand(byte[] in, int offset, int length, boolean afterCr, byte[] out) {
        boolean last = afterCr;
        int at = 0;
        for (int i = offset; i < offset + length; i++) {
            byte b = in[i];
            if (b == '\n' && !last) {
                out[at++] = '\r';
            }
            out[at++] = b;
            last = b == '\r';
        }
        return at;
    }

    /// A stream with CRLF ends over one with any.
    static final class CrlfInput extends ConvertedInput {
        private boolean afterCr;

        CrlfInput(InputStream in) {
            super(in, 2, 0);
        }

        @Override
        int convert(byte[] from, int length, byte[] to) {
            int made = expand(from, 0, length, afterCr, to);
            afterCr = length > 0 ? from[length - 1] == '\r' : afterCr;
            return made;
        }
    }
}
