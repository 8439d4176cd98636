// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.IOException;
import java.io.OutputStream;

/// Passes text on with every line ended by CRLF, however its lines ended before: LF, CR, CRLF, CRCRLF. Owned by one thread.
///
/// Text that already is in that form is passed on in the pieces in which it came.
public final class CrLfStream extends OutputStream {
    private static final byte[] CRLF = {'\r', '\n'};

    private final OutputStream out;
    private boolean afterCr;
    private boolean inLine;

    public CrLfStream(OutputStream out) {
        this.out = out;
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
            if (afterCr) {
                if (b == '\r') {
                    start = i + 1;
                    continue; // one of several before a LF
                }
                afterCr = false;
                endLine();
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
                afterCr = true;
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
        if (afterCr || inLine) {
            afterCr = false;
            endLine();
        }
        out.flush();
    }

    @Override
    public void flush() throws IOException {
        out.flush();
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
