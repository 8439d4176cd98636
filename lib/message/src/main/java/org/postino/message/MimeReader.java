// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds the header fields of parts and of attached messages in a body that arrives in pieces, and shows all else line by line (RFC 2045, 2046).
///
/// It holds a line and a header field, however large the message is. What it shows, in order, is the body byte for byte; only of a
/// field longer than the limit the excess is missing. Damaged mail is read as [MimeParser] reads it: a header ends at an
/// empty line, at a boundary or before the first line that is no field. Owned by one thread.
///
/// Fields of the message's own header are told first ([#note]); then comes the body, beginning with the empty line ([#feed]), and its end ([#finish]).
public final class MimeReader {
    /// The kind of a header within a body.
    public enum Place {
        /// The header of a part of a multipart.
        PART,
        /// The header of an attached message.
        NESTED
    }

    /// A line of a body, or a piece of a long one; good during the call.
    ///
    /// @param from   it stands at `from .. to` of the bytes, its end included
    /// @param end    the end of its text; equal to `to` if the line goes on
    /// @param first  a line begins here
    /// @param marks  it is the empty line behind a header, or a boundary
    /// @param offset the number of bytes between the header before it and this line, line ends counting as one
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Line(
            byte[] bytes, int from, int end, int to, boolean first, boolean marks, long offset) {
        /// True if there is no text.
        public boolean isEmpty() {
            return from == end;
        }

        /// True if the line ends here.
        public boolean last() {
            return end < to;
        }
    }

    /// Takes what was found.
    public interface Sink {
        /// A header field within the body, good during the call.
        void field(HeaderField field, Place place) throws IOException;

        /// The next line of what is no header; empty lines and boundaries are among them.
        void line(Line line) throws IOException;

        /// A multipart stands deeper than parts are told apart: what is in it counts as lines.
        default void tooDeep(HeaderField contentType) throws IOException {}

        /// A part that has parts or a message in it claims to be encoded as a whole (RFC 2045, 6.4).
        default void encodedWhole(String encoding) throws IOException {}
    }

    /// The bounds of what is read.
    ///
    /// @param field how many bytes of a field are kept
    /// @param line how many bytes of text a piece of a line has at most
    /// @param depth how many multiparts may stand in one another
    /// @param boundary how many bytes of a boundary count
    public record Limits(int field, int line, int depth, int boundary) {
        /// The usual bounds of multiparts.
        public Limits(int field, int line) {
            this(field, line, 100, 1000);
        }
    }

    private static final String SEVEN_BIT = "7bit";

    private enum State {
        /// Behind the message's header: the empty line comes.
        SEPARATOR,
        HEADER,
        BODY
    }

    /// A multipart whose boundary is looked for.
    private record Open(Boundary boundary, boolean digest) {}

    private final Sink sink;
    private final Limits limits;
    private final int lineLimit;
    private final byte[] held;
    private int used;
    private boolean lineStarts = true;
    private State state = State.SEPARATOR;
    private ContentType type = ContentType.TEXT_PLAIN;
    private String encoding = SEVEN_BIT;
    private boolean encodingSeen;
    private final List<Open> open = new ArrayList<>();
    private Place place = Place.PART;
    private @Nullable HeaderReader header;
    private PartHeader found = new PartHeader();
    private long offset;

    public MimeReader(Limits limits, Sink sink) {
        this.limits = limits;
        this.lineLimit = limits.line();
        this.sink = sink;
        held = new byte[lineLimit + 2];
    }

    /// True if the lines that come now should have no octet above 127: no part, and nothing around them, says otherwise.
    public boolean isSevenBit() {
        return encoding.equals(SEVEN_BIT);
    }

    /// True if a field says that its part has octets above 127: `Content-Transfer-Encoding: 8bit` or `binary`.
    public static boolean announcesEightBit(HeaderField field) {
        if (!field.is("content-transfer-encoding")) {
            return false;
        }
        String word = MimeTokens.encoding(field.value(StandardCharsets.ISO_8859_1));
        return word != null && (word.equalsIgnoreCase("8bit") || word.equalsIgnoreCase("binary"));
    }

    /// True if the part has no parts and no message in it, as far as its header has been read.
    public boolean isLeaf() {
        return !type.is("multipart") && !isMessage();
    }

    private boolean isMessage() {
        return type.is("message", "rfc822") || type.is("message", "global");
    }

    /// Takes note of a field of the message's own header.
    public void note(HeaderField field) throws IOException {
        if (field.is("content-transfer-encoding")) {
            String given = MimeTokens.encoding(field.value(StandardCharsets.ISO_8859_1));
            encoding = given == null ? encoding : known(given);
        }
        if (!field.is("content-type")) {
            return;
        }
        ContentType given = ContentType.parse(field.value(StandardCharsets.ISO_8859_1));
        if (given == null) {
            return;
        }
        type = given;
        var boundary = given.is("multipart") ? given.find("boundary") : null;
        if (boundary == null) {
            return;
        }
        if (open.size() < limits.depth()) {
            open.add(
                    new Open(
                            Boundary.of(boundary, limits.boundary()),
                            given.is("multipart", "digest")));
        } else {
            sink.tooDeep(field);
        }
    }

    /// The encoding, in lower case; one that RFC 2045 does not name changes nothing.
    private static String known(String encoding) {
        String lower = encoding.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "8bit", "binary", "quoted-printable", "base64" -> lower;
            default -> SEVEN_BIT;
        };
    }

    /// A header is complete.
    private void headerKnown() throws IOException {
        if (encodingSeen) {
            return;
        }
        encodingSeen = true;
        boolean whole = encoding.equals("base64") || encoding.equals("quoted-printable");
        boolean pieces = type.is("message", "partial") || type.is("message", "external-body");
        if ((type.is("multipart") || type.is("message")) && (whole || (pieces && !isSevenBit()))) {
            sink.encodedWhole(encoding);
        }
    }

    /// Takes the next bytes of the body.
    public void feed(byte[] bytes, int from, int length) throws IOException {
        int at = from;
        int end = from + length;
        while (at < end) {
            int lf = at;
            while (lf < end && bytes[lf] != '\n') {
                lf++;
            }
            boolean complete = lf < end;
            int stop = complete ? lf + 1 : end;
            if (complete && used == 0) {
                pieces(bytes, at, stop);
            } else {
                hold(bytes, at, stop);
                if (complete) {
                    int n = used;
                    used = 0;
                    pieces(held, 0, n);
                }
            }
            at = stop;
        }
    }

    /// The body has ended.
    public void finish() throws IOException {
        int n = used;
        used = 0;
        pieces(held, 0, n);
        if (header != null) {
            header.finish();
            headerEnded();
        }
    }

    /// Keeps what may yet be a short line; of a long one shows all but the last two bytes, which may belong to its end.
    private void hold(byte[] bytes, int from, int to) throws IOException {
        int at = from;
        while (at < to) {
            int n = Math.min(to - at, held.length - used);
            System.arraycopy(bytes, at, held, used, n);
            used += n;
            at += n;
            if (used == held.length && held[used - 1] != '\n') {
                piece(held, 0, lineLimit, lineLimit);
                used -= lineLimit;
                System.arraycopy(held, lineLimit, held, 0, used);
            }
        }
    }

    /// Shows a line, or the rest of one, in pieces that are short enough.
    private void pieces(byte[] bytes, int from, int to) throws IOException {
        if (from == to) {
            return;
        }
        int end = to;
        end -= bytes[end - 1] == '\n' ? 1 : 0;
        end -= end < to && end > from && bytes[end - 1] == '\r' ? 1 : 0;
        int at = from;
        while (end - at > lineLimit) {
            piece(bytes, at, at + lineLimit, at + lineLimit);
            at += lineLimit;
        }
        piece(bytes, at, end, to);
    }

    private void piece(byte[] bytes, int from, int end, int to) throws IOException {
        boolean first = lineStarts;
        lineStarts = end < to;
        int match =
                first && state != State.SEPARATOR && Boundary.mayBe(bytes, from, end)
                        ? longestMatch(bytes, from, end)
                        : -1;
        if (match >= 0) {
            boundary(match, bytes, from, end, to);
        } else if (state == State.HEADER) {
            headerLine(bytes, from, to);
        } else {
            show(bytes, from, end, to, first, state == State.SEPARATOR);
            if (state == State.SEPARATOR) {
                beginBody();
            }
        }
    }

    private void show(byte[] bytes, int from, int end, int to, boolean first, boolean marks)
            throws IOException {
        sink.line(new Line(bytes, from, end, to, first, marks, offset));
        offset += end - from + (end < to ? 1 : 0);
    }

    /// The empty line behind a header has been seen.
    private void beginBody() throws IOException {
        state = State.BODY;
        headerKnown();
        if (isMessage()) {
            beginHeader(Place.NESTED, ContentType.TEXT_PLAIN);
        }
    }

    private void beginHeader(Place where, ContentType usual) {
        state = State.HEADER;
        place = where;
        type = usual;
        encoding = SEVEN_BIT;
        encodingSeen = false;
        found = new PartHeader();
        header = new HeaderReader(limits.field(), found);
    }

    private void headerLine(byte[] bytes, int from, int to) throws IOException {
        if (header == null) {
            throw new IllegalStateException("no header");
        }
        int taken = header.feed(bytes, from, to - from);
        if (header.done()) {
            headerEnded();
            if (taken < to - from) {
                pieces(bytes, from + taken, to);
            }
        }
    }

    /// Shows what ended the header: the empty line, or the beginning of a line that is no field.
    private void headerEnded() throws IOException {
        header = null;
        state = State.BODY;
        offset = 0;
        headerKnown();
        byte[] line = found.rest;
        if (line.length > 0) {
            lineStarts = true;
            pieces(line, 0, line.length);
        } else if (found.separator.length > 0) {
            byte[] empty = found.separator;
            show(empty, 0, 0, empty.length, true, true);
            beginBody();
        }
    }

    private void boundary(int match, byte[] bytes, int from, int end, int to) throws IOException {
        if (header != null) {
            header.finish();
            headerEnded();
            lineStarts = end < to;
        }
        Open multipart = open.get(match);
        open.subList(match + 1, open.size()).clear();
        if (multipart.boundary().isLast(bytes, from, end)) {
            open.removeLast();
            header = null;
            state = State.BODY;
            encoding = SEVEN_BIT;
            offset = 0;
            show(bytes, from, end, to, true, true);
        } else {
            show(bytes, from, end, to, true, true);
            beginHeader(
                    Place.PART, multipart.digest() ? ContentType.MESSAGE : ContentType.TEXT_PLAIN);
        }
    }

    /// The open boundary with which the line begins; of several the longest, of equals the innermost.
    private int longestMatch(byte[] bytes, int from, int end) {
        int best = -1;
        int length = 0;
        for (int i = open.size() - 1; i >= 0; i--) {
            var boundary = open.get(i).boundary();
            if (boundary.text().length > length && boundary.begins(bytes, from, end)) {
                best = i;
                length = boundary.text().length;
            }
        }
        return best;
    }

    /// Takes what [HeaderReader] finds of a header within the body.
    private final class PartHeader implements HeaderReader.Sink {
        /// The line that ends the header, if it is empty.
        private byte[] separator = new byte[0];

        /// The line that ends the header, or its beginning, if it is not.
        private byte[] rest = new byte[0];

        @Override
        public void field(HeaderField field) throws IOException {
            note(field);
            sink.field(field, place);
        }

        /// The empty line comes first in either case, made up if another line follows.
        @Override
        public void body(byte[] bytes, int from, int length) {
            byte[] copy = new byte[length];
            System.arraycopy(bytes, from, copy, 0, length);
            if (separator.length == 0) {
                separator = copy;
            } else {
                rest = copy;
            }
        }
    }
}
