// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Finds the header fields at the start of a message that arrives in pieces, and where they end.
///
/// The header ends at an empty line, or before the first line that is neither a field ([HeaderField]) nor continues one; the empty line
/// that is then missing is made up. Of a field longer than the limit the excess is thrown away. Owned by one thread.
public final class HeaderReader {
    /// Takes what was found.
    @FunctionalInterface
    public interface Sink {
        /// A field, good during the call.
        void field(HeaderField field) throws IOException;

        /// No empty line ends the fields, but this one, which is no field.
        default void unended(byte[] bytes, int offset, int length) throws IOException {}

        /// No more fields come.
        default void endOfHeader() throws IOException {}

        /// Takes the first bytes after the fields: the empty line, and at most one line that turned out to be no field.
        default void body(byte[] bytes, int offset, int length) throws IOException {}
    }

    private static final byte[] CRLF = {'\r', '\n'};
    private static final int CHUNK = 8192;

    private final Sink sink;
    private final int limit;
    private byte[] held = new byte[1024];
    private int fieldEnd;
    private int used;
    private boolean lineCut;
    private boolean fieldCut;
    private boolean done;

    /// @param limit how many bytes of a field are kept, at least 128
    public HeaderReader(int limit, Sink sink) {
        this.limit = Math.max(limit, 128);
        this.sink = sink;
    }

    /// True if the header has ended.
    public boolean done() {
        return done;
    }

    /// Reads the fields of a message from a stream.
    ///
    /// @param most how many bytes of the stream are read; a header that is longer ends with the last line that fits
    public static void read(InputStream in, int most, Sink sink) throws IOException {
        var reader = new HeaderReader(most, sink);
        byte[] chunk = new byte[Math.min(CHUNK, most)];
        int left = most;
        while (left > 0 && !reader.done) {
            int n = in.read(chunk, 0, Math.min(chunk.length, left));
            if (n < 0) {
                break;
            }
            reader.feed(chunk, 0, n);
            left -= n;
        }
        if (left == 0) {
            reader.used = reader.fieldEnd;
        }
        reader.finish();
    }

    /// Takes bytes until the header ends; returns how many of them were used.
    public int feed(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end && !done) {
            int lf = at;
            while (lf < end && bytes[lf] != '\n') {
                lf++;
            }
            boolean complete = lf < end;
            int stop = complete ? lf + 1 : end;
            int room = Math.min(stop - at, limit - 2 - (used - fieldEnd));
            hold(bytes, at, room);
            boolean fits = room == stop - at;
            if (!(complete && fits) && used - fieldEnd > limit / 2 && !isFieldSoFar()) {
                endHeader();
                return at + room - offset;
            }
            lineCut |= !fits;
            at = stop;
            if (complete) {
                line();
            }
        }
        return at - offset;
    }

    /// The message ended within the header.
    public void finish() throws IOException {
        if (done) {
            return;
        }
        if (used > fieldEnd) {
            hold(CRLF, 0, lineCut ? 0 : 2);
            line();
        }
        if (!done) {
            flushField();
            done = true;
            sink.endOfHeader();
        }
    }

    private void hold(byte[] bytes, int offset, int length) {
        if (used + length + 2 > held.length) {
            held = Arrays.copyOf(held, Math.max(held.length * 2, used + length + 2));
        }
        System.arraycopy(bytes, offset, held, used, length);
        used += length;
    }

    /// A line stands in `held[fieldEnd .. used)`.
    private void line() throws IOException {
        boolean wasCut = lineCut;
        lineCut = false;
        if (wasCut) {
            used -= held[used - 1] == '\r' ? 1 : 0;
            hold(CRLF, 0, 2);
        }
        if (continuesField()) {
            boolean fits = used <= limit;
            fieldEnd = fits ? used : fieldEnd;
            used = fieldEnd;
            fieldCut |= wasCut || !fits;
        } else if (isFieldSoFar()) {
            flushField();
            fieldEnd = used;
            fieldCut = wasCut;
        } else {
            endHeader();
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
        if (!separator) {
            sink.unended(line, 0, length);
        }
        sink.endOfHeader();
        if (!separator) {
            sink.body(CRLF, 0, 2);
        }
        sink.body(line, 0, length);
        held = new byte[0];
    }

    private void flushField() throws IOException {
        if (fieldEnd > 0) {
            int colon = HeaderField.colon(held, 0, fieldEnd);
            sink.field(new HeaderField(held, 0, fieldEnd, colon, fieldCut));
            System.arraycopy(held, fieldEnd, held, 0, used - fieldEnd);
            used -= fieldEnd;
            fieldEnd = 0;
            fieldCut = false;
        }
    }

    private boolean continuesField() {
        return fieldEnd > 0 && HeaderField.isFolded(held, fieldEnd, used);
    }

    private boolean isEmptyLine() {
        return held[used - 1] == '\n' && HeaderField.isEmptyLine(held, fieldEnd, used);
    }

    /// True if the line continues a field or begins one. Its name has to end within half of the limit, so that no more has to be held
    /// before this is known, and the pieces in which it came make no difference.
    private boolean isFieldSoFar() {
        int to = Math.min(used, fieldEnd + limit / 2);
        return continuesField() || HeaderField.colon(held, fieldEnd, to) >= 0;
    }
}
