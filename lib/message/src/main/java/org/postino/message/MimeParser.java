// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Finds the parts of a message in one pass over it (RFC 2045, 2046), in bounded memory whatever the message is.
///
/// Damaged mail gets a structure too: a header ends at the first empty line, at a boundary or at the end; a part whose
/// end is missing ends with the part around it; a multipart without a boundary has no parts.
public final class MimeParser {
    /// Fields of which BODYSTRUCTURE and ENVELOPE speak.
    public static final Set<String> FIELDS = fields();

    private static final int MAX_DEPTH = 100;
    private static final int MAX_PARTS = 10_000;
    private static final int HEADER_BUDGET = 2 << 20;

    /// A multipart whose boundary is looked for.
    private record Open(MimePart multipart, Boundary boundary) {}

    private final HeaderBlock.Budget budget = new HeaderBlock.Budget(HEADER_BUDGET);
    private final LineScanner lines;
    private final List<MimePart> open = new ArrayList<>();
    private final List<Open> boundaries = new ArrayList<>();
    private final MimePart root;
    private MimePart part;
    private boolean inHeader = true;
    private int parts = 1;
    private int previousEnd;
    private long lineEnds;

    private MimeParser(InputStream in) {
        lines = new LineScanner(in, 0);
        root = new MimePart(0, new HeaderBlock(budget, FIELDS::contains));
        part = root;
        open.add(root);
    }

    private static Set<String> fields() {
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(
                List.of(
                        "Date",
                        "Subject",
                        "From",
                        "Sender",
                        "Reply-To",
                        "To",
                        "Cc",
                        "Bcc",
                        "In-Reply-To",
                        "Message-ID",
                        "Content-Type",
                        "Content-ID",
                        "Content-Description",
                        "Content-Transfer-Encoding",
                        "Content-Disposition",
                        "Content-MD5",
                        "Content-Language",
                        "Content-Location"));
        return Collections.unmodifiableSet(names);
    }

    /// Reads a message to its end.
    ///
    /// @throws IOException only the stream throws it
    public static MimePart parse(InputStream in) throws IOException {
        var parser = new MimeParser(in);
        parser.run();
        return parser.root;
    }

    private void run() throws IOException {
        while (lines.advance()) {
            boolean boundary =
                    !boundaries.isEmpty()
                            && Boundary.mayBe(lines.bytes(), lines.from(), lines.to())
                            && boundaryLine();
            // the end of a boundary line is the boundary's, not the next boundary's
            previousEnd = boundary ? 0 : lines.endLength();
            lineEnds += lines.endLength() > 0 ? 1 : 0;
            if (!boundary && inHeader) {
                headerLine();
            }
        }
        // an enclosed message without any line of its own begins and ends here
        while (inHeader) {
            endOfHeader(lines.end());
        }
        for (var unfinished : open) {
            close(unfinished, lines.end(), lineEnds);
        }
    }

    private void headerLine() {
        if (lines.isEmpty()) {
            endOfHeader(lines.end());
        } else {
            part.header.line(lines.bytes(), lines.from(), lines.to());
        }
    }

    private void endOfHeader(long bodyStart) {
        inHeader = false;
        part.header.end();
        part.bodyStart = bodyStart;
        part.bodyEnd = bodyStart;
        part.bodyStartLine = lineEnds;
        var value = part.header.unfolded("Content-Type");
        var given = value == null ? null : ContentType.parse(value);
        if (given != null) {
            part.type = given;
        } else if (inDigest()) {
            part.type = ContentType.MESSAGE;
        }
        if (open.size() >= MAX_DEPTH) {
            return;
        }
        if (part.type.is("multipart")) {
            var boundary = part.type.find("boundary");
            if (boundary != null) {
                part.kind = MimePart.Kind.MULTIPART;
                boundaries.add(new Open(part, Boundary.of(boundary)));
            }
        } else if (part.type.is("message", "rfc822") && parts < MAX_PARTS) {
            part.kind = MimePart.Kind.MESSAGE;
            begin(part, bodyStart);
        }
    }

    private boolean inDigest() {
        return open.size() > 1 && open.get(open.size() - 2).type.is("multipart", "digest");
    }

    private void begin(MimePart parent, long start) {
        parts++;
        part = new MimePart(start, new HeaderBlock(budget, FIELDS::contains));
        parent.children.add(part);
        open.add(part);
        inHeader = true;
    }

    /// Handles the line if it is a boundary of an open multipart.
    private boolean boundaryLine() {
        int found = longestMatch();
        if (found < 0) {
            return false;
        }
        var match = boundaries.get(found);
        boolean last = match.boundary().isLast(lines.bytes(), lines.from(), lines.to());
        if (!last && parts >= MAX_PARTS) {
            return false;
        }
        while (inHeader) {
            endOfHeader(lines.start());
        }
        int keep = open.indexOf(match.multipart()) + 1;
        while (open.size() > keep) {
            var ended = open.removeLast();
            // the line end before a boundary belongs to the boundary
            close(ended, lines.start() - previousEnd, lineEnds - (previousEnd > 0 ? 1 : 0));
        }
        while (boundaries.size() > found + 1) {
            boundaries.removeLast();
        }
        part = match.multipart();
        if (last) {
            boundaries.removeLast();
            inHeader = false;
        } else {
            begin(part, lines.end());
        }
        return true;
    }

    private static void close(MimePart ended, long end, long endLine) {
        // a header that a boundary cuts short loses its line end too
        ended.start = Math.min(ended.start, end);
        ended.bodyStart = Math.max(ended.start, Math.min(ended.bodyStart, end));
        ended.bodyEnd = Math.max(ended.bodyStart, end);
        ended.bodyLines = Math.max(0, endLine - ended.bodyStartLine);
    }

    /// The open boundary with which the line begins; of several the longest, of equals the innermost.
    private int longestMatch() {
        int best = -1;
        int length = 0;
        for (int i = boundaries.size() - 1; i >= 0; i--) {
            var boundary = boundaries.get(i).boundary();
            if (boundary.text().length > length
                    && boundary.begins(lines.bytes(), lines.from(), lines.to())) {
                best = i;
                length = boundary.text().length;
            }
        }
        return best;
    }
}
