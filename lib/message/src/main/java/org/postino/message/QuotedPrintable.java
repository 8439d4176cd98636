// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Writes lines as quoted-printable, no longer than 76 characters (RFC 2045, 6.7).
public final class QuotedPrintable {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final int WIDTH = 75; // and the "=" of a soft line break

    private final OutputStream out;
    private int column;

    public QuotedPrintable(OutputStream out) {
        this.out = out;
    }

    /// Takes a line, with its end, or a piece of one, without it, which stands in `bytes[from .. to)`.
    public void write(byte[] bytes, int from, int to) throws IOException {
        int end = to;
        boolean complete = end > from && bytes[end - 1] == '\n';
        if (complete) {
            end -= end > from + 1 && bytes[end - 2] == '\r' ? 2 : 1;
        }
        for (int i = from; i < end; i++) {
            int c = bytes[i] & 0xff;
            boolean blank = c == ' ' || c == '\t';
            if (blank ? i < end - 1 : c > ' ' && c < 127 && c != '=') {
                room(1);
                out.write(c);
            } else {
                room(3);
                out.write('=');
                out.write(HEX[c >> 4]);
                out.write(HEX[c & 15]);
            }
        }
        if (complete) {
            out.write('\r');
            out.write('\n');
            column = 0;
        }
    }

    private void room(int n) throws IOException {
        if (column + n > WIDTH) {
            out.write('=');
            out.write('\r');
            out.write('\n');
            column = 0;
        }
        column += n;
    }
}
