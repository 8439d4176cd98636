// SPDX-License-Identifier: Apache-2.0

package org.postino.pipe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.postino.suite.CommandRow;

/// A message as a command reads it: with the line ends of its row, and changed as its flags want.
///
/// A line ends at CRLF or LF; a CR elsewhere is a character as others. The last line gets an end if it has none. Flag `.` puts a dot before
/// a line that begins with one, `>` a `>` before one that begins with `From `, `B` ends the message with an empty line.
final class PipeInput extends InputStream {
    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);
    private static final int BEHIND_START = -1;

    private final InputStream message;
    private final byte[] eol;
    private final boolean dots;
    private final boolean quotes;
    private final boolean blank;
    private final byte[] chunk = new byte[16_384];
    private final Output out = new Output();
    private int at;

    /// The number of bytes at the start of a line that are held back, since they may become `From `; or [#BEHIND_START].
    private int matched;

    private boolean returned;
    private boolean ended;

    /// @param head lines that stand in front, each ended by `\n`
    PipeInput(CommandRow row, String head, InputStream message) {
        this.message = message;
        this.eol = row.eol().getBytes(StandardCharsets.ISO_8859_1);
        this.dots = row.has('.');
        this.quotes = row.has('>');
        this.blank = row.has('B');
        String lines = new String(eol, StandardCharsets.ISO_8859_1);
        out.writeBytes(head.replace("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    /// Bytes that are ready to be read.
    private static final class Output extends ByteArrayOutputStream {
        byte[] bytes() {
            return buf;
        }
    }

    @Override
    public int read() throws IOException {
        return fill() ? out.bytes()[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int n = Math.min(length, out.size() - at);
        System.arraycopy(out.bytes(), at, into, offset, n);
        at += n;
        return n;
    }

    /// True if there is something to read, false at the end.
    private boolean fill() throws IOException {
        while (at == out.size() && !ended) {
            out.reset();
            at = 0;
            int n = message.read(chunk);
            for (int i = 0; i < n; i++) {
                take(chunk[i]);
            }
            if (n < 0) {
                end();
            }
        }
        return at < out.size();
    }

    private void take(byte b) {
        if (returned && b != '\n') {
            put((byte) '\r');
        }
        returned = b == '\r';
        if (b == '\n') {
            endLine();
        } else if (!returned) {
            put(b);
        }
    }

    private void put(byte b) {
        if (matched == 0 && dots && b == '.') {
            out.write('.');
        }
        if (matched >= 0 && quotes && b == FROM[matched]) {
            if (++matched == FROM.length) {
                out.write('>');
                release();
            }
            return;
        }
        release();
        out.write(b);
    }

    /// Writes what was held back; the start of the line is over.
    private void release() {
        out.write(FROM, 0, Math.max(0, matched));
        matched = BEHIND_START;
    }

    private void endLine() {
        release();
        out.writeBytes(eol);
        matched = 0;
    }

    private void end() {
        ended = true;
        if (returned) {
            put((byte) '\r');
        }
        if (matched != 0) {
            endLine();
        }
        if (blank) {
            out.writeBytes(eol);
        }
    }

    @Override
    public void close() throws IOException {
        message.close();
    }
}
