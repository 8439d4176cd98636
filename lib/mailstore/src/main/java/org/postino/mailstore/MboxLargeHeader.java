// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A header in an mbox that is too large to be held in memory, as [MboxHeader] sees it: which of its lines clients do not see.
final class MboxLargeHeader {
    /// From here on a header is large.
    static final int LARGE = 1 << 20;

    private final FileChannel mbox;
    private final long from;
    private final long to;

    /// Stretches of lines that clients do not see, as offsets in the mbox.
    private final List<MboxJournal.Piece.Old> hidden = new ArrayList<>();

    private long virtual;

    private MboxLargeHeader(FileChannel mbox, long from, long to) {
        this.mbox = mbox;
        this.from = from;
        this.to = to;
    }

    /// Reads the header that stands at an offset, to the end of its empty line.
    static MboxLargeHeader read(FileChannel mbox, long from, long to) throws IOException {
        var header = new MboxLargeHeader(mbox, from, to);
        var counter = new LineEnds.Counter();
        long visible = 0;
        var raw = new FileBytes.Stretch(mbox, from, to - from);
        try (var in = new WithoutStateFields(raw, header::hide)) {
            byte[] buffer = new byte[65_536];
            int n;
            while ((n = in.read(buffer, 0, buffer.length)) > 0) {
                counter.add(buffer, n);
                visible += n;
            }
        }
        header.virtual = visible + counter.bareLineFeeds;
        return header;
    }

    private void hide(long start, long end) {
        long offset = from + start;
        long length = end - start;
        if (!hidden.isEmpty()) {
            var last = hidden.getLast();
            if (last.offset() + last.length() == offset) {
                hidden.removeLast();
                offset = last.offset();
                length += last.length();
            }
        }
        hidden.add(new MboxJournal.Piece.Old(offset, length));
    }

    /// The size of the part that clients see, with CRLF.
    long virtual() {
        return virtual;
    }

    /// The state in it, as far as a header that is not large could bear it.
    MboxHeader fields() throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (var piece : hidden) {
            int n = (int) Math.min(piece.length(), LARGE - bytes.size());
            bytes.write(MboxFile.read(mbox, piece.offset(), n));
        }
        return MboxHeader.parse(bytes.toByteArray());
    }

    /// The header with another state, the empty line included.
    List<MboxJournal.Piece> with(MboxHeader.State state) throws IOException {
        var end = new String(MboxFile.read(mbox, to - 3, 3), StandardCharsets.ISO_8859_1);
        int emptyLine = end.equals("\n\r\n") ? 2 : end.endsWith("\n\n") ? 1 : 0;
        long stop = to - emptyLine;
        var pieces = new ArrayList<MboxJournal.Piece>();
        long at = from;
        for (var piece : hidden) {
            addVisible(pieces, at, piece.offset());
            at = piece.offset() + piece.length();
        }
        addVisible(pieces, at, stop);
        boolean unended = !end.endsWith("\n") && at < stop;
        pieces.add(new MboxJournal.Piece.Bytes(fields().fields(state, unended, emptyLine)));
        return pieces;
    }

    private static void addVisible(List<MboxJournal.Piece> pieces, long start, long end) {
        if (end > start) {
            pieces.add(new MboxJournal.Piece.Old(start, end - start));
        }
    }
}
