// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;

/// Reads the pieces of a message one after the other.
final class PieceStream extends InputStream {
    /// The bytes of a file, finished or still being written.
    @FunctionalInterface
    interface Source {
        /// Reads some bytes that stand at `offset`; -1 if the file ends there.
        int read(ByteBuffer into, long offset) throws IOException;
    }

    private final Source source;
    private final List<Piece> pieces;
    private int piece;
    private long inPiece;
    private long left;

    PieceStream(Source source, List<Piece> pieces) {
        this.source = source;
        this.pieces = pieces;
        for (Piece p : pieces) {
            left += p.length();
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            return -1;
        }
        Piece p = pieces.get(piece);
        int n = (int) Math.min(length, p.length() - inPiece);
        int done = source.read(ByteBuffer.wrap(into, offset, n), p.offset() + inPiece);
        if (done < 0) {
            throw new IOException("queue file became shorter while it was read");
        }
        advance(done);
        return done;
    }

    @Override
    public long skip(long n) {
        long skipped = 0;
        while (skipped < n && left > 0) {
            long step = Math.min(n - skipped, pieces.get(piece).length() - inPiece);
            advance(step);
            skipped += step;
        }
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, left);
    }

    private void advance(long n) {
        left -= n;
        inPiece += n;
        if (inPiece == pieces.get(piece).length()) {
            piece++;
            inPiece = 0;
        }
    }
}
