// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.io.IOException;
import java.io.OutputStream;

/// Sends the content of a message behind `354`: doubles dots at the start of lines, and ends it.
///
/// Takes CRLF text in chunks of any size. A bare LF or CR never reaches the wire: each becomes CR LF, so that what we
/// send cannot be read as the end of a message by anyone (RFC 5321, 2.3.8). Does not close or flush what is beneath.
public final class DotWriter extends OutputStream {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] DOT = {'.'};
    private static final byte[] FOLD = {'\r', '\n', ' '};

    private final OutputStream out;
    private final int lineLimit;
    private boolean lineStart = true;
    private boolean afterCr;
    private int column;
    private boolean finished;

    public DotWriter(OutputStream out) {
        this(out, 0);
    }

    /// Lines longer than `lineLimit` bytes are cut by CR LF and a blank (`smtp_line_length_limit`); 0 = never.
    public DotWriter(OutputStream out, int lineLimit) {
        this.out = out;
        this.lineLimit = lineLimit;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int until = from + length;
        int i = from;
        while (i < until) {
            byte b = bytes[i];
            if (afterCr) {
                afterCr = false;
                endOfLine();
                if (b == '\n') {
                    i++;
                }
            } else if (b == '\r') {
                afterCr = true;
                i++;
            } else if (b == '\n') {
                endOfLine();
                i++;
            } else {
                i = text(bytes, i, until);
            }
        }
    }

    /// Writes the rest of a line that stands in the chunk; whole lines with their CR LF go in one run.
    private int text(byte[] bytes, int from, int until) throws IOException {
        int start = from;
        int i = from;
        while (i < until) {
            if (lineStart && bytes[i] == '.') {
                out.write(bytes, start, i - start);
                out.write(DOT, 0, 1);
                start = i;
            }
            lineStart = false;
            while (i < until && bytes[i] != '\r' && bytes[i] != '\n' && !full()) {
                i++;
                column++;
            }
            if (i < until && full() && bytes[i] != '\r' && bytes[i] != '\n') {
                out.write(bytes, start, i - start);
                out.write(FOLD, 0, 3);
                column = 1;
                start = i;
            } else if (i + 1 < until && bytes[i] == '\r' && bytes[i + 1] == '\n') {
                i += 2;
                lineStart = true;
                column = 0;
                if (i < until && (bytes[i] == '\r' || bytes[i] == '\n')) {
                    break;
                }
            } else {
                break;
            }
        }
        out.write(bytes, start, i - start);
        return i;
    }

    private boolean full() {
        return lineLimit > 0 && column >= lineLimit;
    }

    private void endOfLine() throws IOException {
        out.write(CRLF, 0, 2);
        lineStart = true;
        column = 0;
    }

    /// Ends the message: completes the last line and writes the dot. Nothing may follow.
    public void finish() throws IOException {
        if (finished) {
            throw new IllegalStateException("finished twice");
        }
        finished = true;
        if (afterCr || !lineStart) {
            endOfLine();
        }
        out.write(DOT, 0, 1);
        out.write(CRLF, 0, 2);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
