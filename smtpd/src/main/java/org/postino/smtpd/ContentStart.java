// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Looks at the first lines of a message's content on their way to cleanup, where they follow our Received: field.
///
/// A line that begins with a blank must not continue that field: an empty line is put before it, which makes it body. Lines of a
/// mailbox's separator (`From `, `>From `), which would end the header, become fields `X-Mailbox-Line:`, as Postfix makes them.
/// Lines end in CRLF; closing it does nothing.
final class ContentStart extends OutputStream {
    private static final byte[] SEPARATOR = bytes("From ");
    private static final byte[] FIELD = bytes("X-Mailbox-Line: ");
    private static final byte[] EMPTY_LINE = bytes("\r\n");

    private enum Place {
        /// At the beginning of a line that may be a separator; [#quotes] and [#matched] say how far it is read.
        LINE_START,
        /// Behind the beginning of a separator: the line after it is looked at as well.
        IN_SEPARATOR,
        /// Everything is passed on.
        CONTENT
    }

    private final OutputStream to;
    private Place place = Place.LINE_START;

    /// The number of `>` at the beginning of the line.
    private long quotes;

    /// The number of bytes of `From ` that follow them.
    private int matched;

    ContentStart(OutputStream to) {
        this.to = to;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int at = from;
        int end = from + length;
        while (at < end && place != Place.CONTENT) {
            at = place == Place.LINE_START ? lineStart(bytes, at) : separator(bytes, at, end);
        }
        to.write(bytes, at, end - at);
    }

    private int lineStart(byte[] bytes, int at) throws IOException {
        byte b = bytes[at];
        if (b == '>' && matched == 0) {
            quotes++;
            return at + 1;
        }
        if (b == SEPARATOR[matched]) {
            matched++;
            if (matched == SEPARATOR.length) {
                to.write(FIELD);
                writeRead();
                place = Place.IN_SEPARATOR;
            }
            return at + 1;
        }
        if ((b == ' ' || b == '\t') && quotes == 0 && matched == 0) {
            to.write(EMPTY_LINE);
        }
        writeRead();
        place = Place.CONTENT;
        return at;
    }

    private int separator(byte[] bytes, int at, int end) throws IOException {
        int next = at;
        while (next < end && bytes[next] != '\n') {
            next++;
        }
        if (next < end) {
            next++;
            place = Place.LINE_START;
        }
        to.write(bytes, at, next - at);
        return next;
    }

    /// Writes what was read of the line's beginning.
    private void writeRead() throws IOException {
        for (; quotes > 0; quotes--) {
            to.write('>');
        }
        to.write(SEPARATOR, 0, matched);
        matched = 0;
    }
}
