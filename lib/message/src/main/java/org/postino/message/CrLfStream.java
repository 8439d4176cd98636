// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.IOException;
import java.io.OutputStream;

/// Passes text on with every line ended by CRLF, however its lines ended before: LF, CR, CRLF, CRCRLF. Owned by one thread.
///
/// A stream that keeps stray CRs ([#keepingCr]) passes on those within a line.
///
/// Text that already is in that form is passed on in the pieces in which it came.
public final class CrLfStream extends OutputStream {
    private static final byte[] CRLF = {'\r', '\n'};

    private final OutputStream out;
    private final boolean keepsCr;
    private int heldCrs;
    private boolean inLine;

    public CrLfStream(OutputStream out) {
        this(out, false);
    }

    private CrLfStream(OutputStream out, boolean keepsCr) {
        this.out = out;
        this.keepsCr = keepsCr;
    }

    /// Makes a stream for which a CR ends no line unless LF, or another CR and LF, follows.
    public static CrLfStream keepingCr(OutputStream out) {
        return new CrLfStream(out, true);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        int start = offset;
        for (int i = offset; i < end; i++) {
            byte b = bytes[i];
            if (heldCrs > 0) {
                if (b == '\r') {
                    heldCrs++;
                    start = i + 1;
                    continue; // one of several before a LF
                }
                if (b == '\n') {
                    heldCrs = 0;
                    endLine();
                } else {
                    endHeld();
                }
                start = b == '\n' ? i + 1 : i;
                if (b == '\n') {
                    continue;
                }
            }
            if (b == '\n') {
                pass(bytes, start, i);
                endLine();
                start = i + 1;
            } else if (b == '\r' && !(i + 1 < end && bytes[i + 1] == '\n')) {
                pass(bytes, start, i);
                heldCrs = 1;
                start = i + 1;
            } else if (b == '\r') {
                i++; // CRLF stays within its piece
                inLine = false;
            } else {
                inLine = true;
            }
        }
        pass(bytes, start, end);
    }

    /// Ends the last line if it was not ended, and passes everything on.
    public void finish() throws IOException {
        if (heldCrs > 0 || inLine) {
            heldCrs = 0;
            endLine();
        }
        out.flush();
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /// No LF follows the CRs.
    private void endHeld() throws IOException {
        if (keepsCr) {
            for (int i = 0; i < heldCrs; i++) {
                out.write(CRLF, 0, 1);
            }
            inLine = true;
        } else {
            endLine();
        }
        heldCrs = 0;
    }

    private void endLine() throws IOException {
        out.write(CRLF, 0, 2);
        inLine = false;
    }

    private void pass(byte[] bytes, int from, int to) throws IOException {
        if (to > from) {
            out.write(bytes, from, to - from);
        }
    }
}
