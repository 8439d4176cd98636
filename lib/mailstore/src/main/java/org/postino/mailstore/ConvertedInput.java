// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.io.InputStream;

/// A stream whose bytes are made of those of another, a bufferful at a time.
abstract class ConvertedInput extends InputStream {
    private static final int BUFFER = 32_768;

    private final InputStream in;
    private final byte[] raw = new byte[BUFFER];
    private final byte[] out;
    private int position;
    private int limit;
    private boolean ended;

    /// @param growth how many bytes one can become at most
    /// @param heldBack how many bytes a conversion can keep for the next one at most
    ConvertedInput(InputStream in, int growth, int heldBack) {
        this.in = in;
        this.out = new byte[growth * BUFFER + heldBack];
    }

    /// Converts `from[0..length)` to the start of `to`; returns how much it has become.
    abstract int convert(byte[] from, int length, byte[] to);

    /// At the end of the stream: writes what was held back to the start of `to`, and returns how much it is.
    int flush(byte[] to) {
        return 0;
    }

    private boolean fill() throws IOException {
        while (position == limit && !ended) {
            int n = in.read(raw, 0, raw.length);
            ended = n < 0;
            position = 0;
            limit = ended ? flush(out) : convert(raw, n, out);
        }
        return position < limit;
    }

    @Override
    public int read() throws IOException {
        return fill() ? out[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int n = Math.min(length, limit - position);
        System.arraycopy(out, position, into, offset, n);
        position += n;
        return n;
    }

    @Override
    public long skip(long count) throws IOException {
        long left = count;
        while (left > 0 && fill()) {
            int n = (int) Math.min(left, limit - position);
            position += n;
            left -= n;
        }
        return count - left;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
