// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// A buffered reader of bytes whose buffer may be scanned in place.
///
/// Line-oriented protocols read commands with [#readLine(int)], literals with [#readFully(byte[], int, int)]
/// and bodies by walking [#buffer()] between [#position()] and [#limit()]. Not safe for use by several threads.
public final class ByteReader {
    private InputStream in;
    private final byte[] buffer;
    private int position;
    private int limit;

    public ByteReader(InputStream in, int size) {
        this.in = in;
        this.buffer = new byte[size];
    }

    /// Replaces the source, as after STARTTLS; what was read ahead is thrown away (RFC 3207, 4.2).
    public void restart(InputStream source) {
        in = source;
        position = 0;
        limit = 0;
    }

    /// True if bytes wait in the buffer: the peer sends ahead of our replies.
    public boolean hasBuffered() {
        return position < limit;
    }

    /// Waits for more bytes if none are buffered; false at the end of the stream.
    public boolean fill() throws IOException {
        if (position < limit) {
            return true;
        }
        position = 0;
        limit = 0;
        int n = in.read(buffer, 0, buffer.length);
        if (n <= 0) {
            return false;
        }
        limit = n;
        return true;
    }

    /// The buffer itself; valid bytes stand in `position() .. limit()`.
    public byte[] buffer() {
        return buffer;
    }

    public int position() {
        return position;
    }

    public int limit() {
        return limit;
    }

    /// Marks bytes as consumed: `newPosition` must lie in `position() .. limit()`.
    public void position(int newPosition) {
        if (newPosition < position || newPosition > limit) {
            throw new IllegalArgumentException("position " + newPosition);
        }
        position = newPosition;
    }

    /// The next byte, or -1 at the end of the stream.
    public int read() throws IOException {
        return fill() ? buffer[position++] & 0xff : -1;
    }

    /// Some bytes, as [InputStream#read(byte[], int, int)].
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int n = Math.min(length, limit - position);
        System.arraycopy(buffer, position, into, offset, n);
        position += n;
        return n;
    }

    /// Exactly `length` bytes; an [EOFException] if the stream ends before.
    public void readFully(byte[] into, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int n = read(into, offset + done, length - done);
            if (n < 0) {
                throw new EOFException("end of stream after " + done + " of " + length + " bytes");
            }
            done += n;
        }
    }

    /// A line up to and including its LF, or what stands before the end of the stream; empty at the end.
    ///
    /// A line of more than `max` bytes is read to its end, thrown away and reported.
    ///
    /// @throws LineTooLongException the line was longer than `max`; the reader stands behind it
    public byte[] readLine(int max) throws IOException {
        byte[] line = new byte[0];
        boolean tooLong = false;
        while (fill()) {
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            boolean complete = end < limit;
            int stop = complete ? end + 1 : end;
            if (line.length + (stop - position) > max) {
                tooLong = true;
                line = new byte[0];
            } else if (!tooLong) {
                int old = line.length;
                line = Arrays.copyOf(line, old + stop - position);
                System.arraycopy(buffer, position, line, old, stop - position);
            }
            position = stop;
            if (complete) {
                break;
            }
        }
        if (tooLong) {
            throw new LineTooLongException(max);
        }
        return line;
    }
}
