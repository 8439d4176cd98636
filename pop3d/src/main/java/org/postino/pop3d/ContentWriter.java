// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.io.IOException;
import java.io.OutputStream;

/// Sends a message as a multi-line response (RFC 1939, 3): a dot at the start of a line is doubled, nothing else is changed.
///
/// Takes text with CRLF ends in chunks of any size. A CR elsewhere or a NUL goes out as it is, for the sizes of STAT, LIST and
/// RETR count it. Does not close or flush what is beneath.
final class ContentWriter extends OutputStream {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] END = {'.', '\r', '\n'};

    private final OutputStream out;
    private boolean lineStart = true;

    ContentWriter(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int until = from + length;
        int start = from;
        for (int i = from; i < until; i++) {
            byte b = bytes[i];
            if (lineStart && b == '.') {
                out.write(bytes, start, i - start);
                out.write('.');
                start = i;
            }
            lineStart = b == '\n';
        }
        out.write(bytes, start, until - start);
    }

    /// Completes the last line and writes the dot. Nothing may follow.
    void finish() throws IOException {
        if (!lineStart) {
            out.write(CRLF, 0, 2);
        }
        out.write(END, 0, END.length);
    }
}
