// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.util.Arrays;

/// Finds the header fields at the start of a message that arrives in pieces, and where they end.
///
/// A field is a line that begins with a name and a colon, and the lines after it that begin with a blank. The header ends at an
/// empty line, or before the first line that is neither; the empty line that is then missing is made up. Of a field longer than
/// the limit the excess is thrown away.
final class HeaderReader {
    /// Takes what was found.
    interface Sink {
        /// A field with its line ends, in `bytes[0 .. length)`, valid during the call.
        void field(byte[] bytes, int length) throws IOException;

        /// No more fields come.
        void endOfHeader() throws IOException;

        /// What comes first after the fields: the empty line, and at most one line that turned out to be no field.
        void body(byte[] bytes, int offset, int length) throws IOException;
    }

    private static final byte[] CRLF = {'\r', '\n'};

    private final Sink sink;
    private final int limit;
    private byte[] held = new byte[1024];
    private int fieldEnd;
    private int used;
    private boolean lineTruncated;
    private boolean done;

    HeaderReader(int limit, Sink sink) {
        this.limit = Math.max(limit, 128);
        this.sink = sink;
    }

    boolean done() {
        return done;
    }

    /// Takes bytes until the header ends; returns how many of them were used.
    int feed(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end && !done) {
            int lf = at;
            while (lf < end && bytes[lf] != '\n') {
                lf++;
            }
            boolean complete = lf < end;
            int stop = complete ? lf + 1 : end;
            hold(bytes, at, stop - at, complete);
            at = stop;
            if (complete) {
                line();
            } else if (used - fieldEnd > limit / 2 && !mayBecomeField()) {
                endHeader();
            }
        }
        return at - offset;
    }

    /// The message ended within the header.
    void finish() throws IOException {
        if (done) {
            return;
        }
        if (used > fieldEnd) {
            hold(CRLF, 0, 2, true);
            line();
        }
        if (!done) {
            flushField();
            done = true;
            sink.endOfHeader();
        }
    }

    private void hold(byte[] bytes, int offset, int length, boolean complete) {
        int n = Math.min(length, limit - 2 - (used - fieldEnd));
        if (n < length) {
            lineTruncated = true;
            n = Math.max(n, 0);
        }
        if (used + n + 2 > held.length) {
            held = Arrays.copyOf(held, Math.max(held.length * 2, used + n + 2));
        }
        System.arraycopy(bytes, offset, held, used, n);
        used += n;
        if (complete && lineTruncated) {
            if (held[used - 1] == '\r') {
                used--;
            }
            held[used++] = '\r';
            held[used++] = '\n';
            lineTruncated = false;
        }
    }

    /// A line stands in `held[fieldEnd .. used)`.
    private void line() throws IOException {
        byte first = held[fieldEnd];
        if ((first == ' ' || first == '\t') && fieldEnd > 0) {
            boolean fits = used <= limit;
            fieldEnd = fits ? used : fieldEnd;
            used = fieldEnd;
        } else if (isEmptyLine() || !isField(fieldEnd, used)) {
            endHeader();
        } else {
            flushField();
            fieldEnd = used;
        }
    }

    private void endHeader() throws IOException {
        int start = fieldEnd;
        int length = used - start;
        byte[] line = Arrays.copyOfRange(held, start, used);
        boolean separator = isEmptyLine();
        used = fieldEnd;
        flushField();
        done = true;
        sink.endOfHeader();
        if (!separator) {
            sink.body(CRLF, 0, 2);
        }
        sink.body(line, 0, length);
        held = new byte[0];
    }

    private void flushField() throws IOException {
        if (fieldEnd > 0) {
            sink.field(held, fieldEnd);
            System.arraycopy(held, fieldEnd, held, 0, used - fieldEnd);
            used -= fieldEnd;
            fieldEnd = 0;
        }
    }

    private boolean isEmptyLine() {
        int length = used - fieldEnd;
        return (length == 1 && held[fieldEnd] == '\n')
                || (length == 2 && held[fieldEnd] == '\r' && held[fieldEnd + 1] == '\n');
    }

    /// Whether a line so long that it must be judged now has a name so far, or continues a field.
    private boolean mayBecomeField() {
        byte first = held[fieldEnd];
        return isField(fieldEnd, used) || ((first == ' ' || first == '\t') && fieldEnd > 0);
    }

    /// RFC 5322, 2.2: a name of printable characters, and a colon; blanks before the colon are obsolete (4.5.8).
    private boolean isField(int from, int to) {
        int i = from;
        while (i < to && held[i] > ' ' && held[i] < 127 && held[i] != ':') {
            i++;
        }
        if (i == from) {
            return false;
        }
        while (i < to && (held[i] == ' ' || held[i] == '\t')) {
            i++;
        }
        return i < to && held[i] == ':';
    }
}
