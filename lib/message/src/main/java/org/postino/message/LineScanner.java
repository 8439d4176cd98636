// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Walks a stream line by line in one fixed buffer; of a line longer than that, only the beginning is seen.
public final class LineScanner {
    private static final int SIZE = 1 << 16;

    private final InputStream in;
    private byte[] buffer = new byte[8192];
    private int position;
    private int limit;
    private boolean ended;
    private long next;

    private byte[] line = buffer;
    private int from;
    private int to;
    private long start;
    private int endLength;

    /// @param offset where the stream begins, for the offsets that are told
    public LineScanner(InputStream in, long offset) {
        this.in = in;
        this.next = offset;
    }

    /// The line stands in `bytes()`, `from() .. to()`, without its end.
    public byte[] bytes() {
        return line;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    public boolean isEmpty() {
        return from == to;
    }

    /// Offset of the line's first byte.
    public long start() {
        return start;
    }

    /// Offset behind the line's end.
    public long end() {
        return next;
    }

    /// 2 for CRLF, 1 for LF, 0 for the end of the stream.
    public int endLength() {
        return endLength;
    }

    /// Goes to the next line; false at the end.
    public boolean advance() throws IOException {
        start = next;
        int scan = position;
        while (true) {
            while (scan < limit && buffer[scan] != '\n') {
                scan++;
            }
            if (scan < limit) {
                slice(scan, 1);
                position = scan + 1;
                next = start + position - from;
                return true;
            }
            if (limit - position >= SIZE) {
                return longLine();
            }
            scan -= position;
            if (!refill()) {
                if (position == limit) {
                    return false;
                }
                slice(limit, 0);
                position = limit;
                next = start + to - from;
                return true;
            }
            scan += position;
        }
    }

    private void slice(int end, int lf) {
        line = buffer;
        from = position;
        boolean cr = lf == 1 && end > position && buffer[end - 1] == '\r';
        to = cr ? end - 1 : end;
        endLength = cr ? 2 : lf;
    }

    private boolean refill() throws IOException {
        if (ended) {
            return false;
        }
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        if (limit == buffer.length) {
            // twice SIZE, so that few long lines make few copies
            buffer = Arrays.copyOf(buffer, Math.min(2 * SIZE, 4 * buffer.length));
        }
        int n = in.read(buffer, limit, buffer.length - limit);
        ended = n < 0;
        limit += Math.max(n, 0);
        return n >= 0;
    }

    /// Keeps the beginning and passes over the rest.
    private boolean longLine() throws IOException {
        line = Arrays.copyOfRange(buffer, position, limit);
        from = 0;
        to = line.length;
        long passed = 0;
        byte last = 0;
        while (true) {
            int scan = position;
            while (scan < limit && buffer[scan] != '\n') {
                scan++;
            }
            if (scan > position) {
                last = buffer[scan - 1];
            }
            passed += scan - position;
            if (scan < limit) {
                position = scan + 1;
                passed++;
                endLength = last == '\r' ? 2 : 1;
                break;
            }
            position = limit;
            if (!refill()) {
                endLength = 0;
                break;
            }
        }
        next = start + passed;
        return true;
    }
}
