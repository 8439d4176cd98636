// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postino.message.ContentType;
import org.postino.message.HeaderField;
import org.postino.message.MimeTokens;

/// Walks over the parts of a message line by line: headers, bodies, boundaries (RFC 2046, 5.1).
///
/// It believes the headers and never fails: lines that make no sense belong to the body of their part. A message is fed in pieces
/// of any size, and memory is bounded whatever it holds.
final class MimeLines {
    private static final int MAX_LINE = 8 * 1024;
    private static final int MAX_FIELD = 64 * 1024;
    private static final int MAX_DEPTH = 100;

    private final Visitor visitor;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private final List<Boundary> boundaries = new ArrayList<>();
    private boolean lineStart = true;
    private boolean inHeader = true;
    private boolean outside; // before the first part of a multipart, or behind its last
    private boolean inDigest;
    private int headers = 1;
    private String type = "";
    private String encoding = "";
    private Part part = new Part(0, false, false);

    /// A part of the message, by its header.
    ///
    /// @param number the number of the header, from 0
    /// @param isLeaf true if its body has no further parts; known once the header has ended
    /// @param isEncoded true if it is base64 or quoted-printable; known once the header has ended
    record Part(int number, boolean isLeaf, boolean isEncoded) {}

    private record Boundary(String text, boolean digest) {}

    /// Receives the message in order. The bytes of all calls together are the message.
    interface Visitor {
        /// Takes a header field with its line ends.
        void field(Part part, HeaderField field) throws IOException;

        /// Notes the end of a header, before the empty line.
        void endOfHeader(Part part) throws IOException;

        /// Takes a line of a leaf's body, or a piece of a long one.
        void body(Part part, byte[] bytes, int length) throws IOException;

        /// Takes anything else: boundaries, empty lines behind headers, text outside of all parts.
        void other(byte[] bytes, int length) throws IOException;
    }

    MimeLines(Visitor visitor) {
        this.visitor = visitor;
    }

    void feed(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            boolean full = line.size() + i + 1 - from >= MAX_LINE && bytes[i] != '\r';
            if (bytes[i] == '\n' || full) {
                line.write(bytes, from, i + 1 - from);
                from = i + 1;
                piece();
            }
        }
        line.write(bytes, from, offset + length - from);
    }

    void finish() throws IOException {
        if (line.size() > 0) {
            piece();
        }
        if (inHeader) {
            endHeader();
        }
    }

    private void piece() throws IOException {
        byte[] bytes = line.toByteArray();
        line.reset();
        boolean first = lineStart;
        lineStart = bytes[bytes.length - 1] == '\n';
        if (first && isBoundary(bytes)) {
            return;
        }
        if (inHeader) {
            header(bytes, first);
        } else if (outside) {
            visitor.other(bytes, bytes.length);
        } else {
            visitor.body(part, bytes, bytes.length);
        }
    }

    private void header(byte[] bytes, boolean first) throws IOException {
        boolean continued = !first || HeaderField.isFolded(bytes, 0, bytes.length);
        if (continued && field.size() > 0 && field.size() + bytes.length <= MAX_FIELD) {
            field.write(bytes, 0, bytes.length);
        } else if (continued) {
            endField();
            visitor.other(bytes, bytes.length);
        } else {
            endField();
            boolean isEmpty = HeaderField.isEmptyLine(bytes, 0, bytes.length);
            if (isEmpty || HeaderField.colon(bytes, 0, bytes.length) < 0) {
                endHeader();
                if (isEmpty || inHeader || outside) {
                    visitor.other(bytes, bytes.length);
                } else {
                    visitor.body(part, bytes, bytes.length);
                }
            } else {
                field.write(bytes, 0, bytes.length);
            }
        }
    }

    private void endField() throws IOException {
        if (field.size() == 0) {
            return;
        }
        byte[] bytes = field.toByteArray();
        field.reset();
        var complete = HeaderField.of(bytes, 0, bytes.length);
        if (complete.is("content-type")) {
            type = complete.value(StandardCharsets.ISO_8859_1);
        } else if (complete.is("content-transfer-encoding")) {
            encoding = encoding(complete);
        }
        visitor.field(part, complete);
    }

    private void endHeader() throws IOException {
        endField();
        var given = ContentType.parse(type);
        boolean encoded = encoding.equals("base64") || encoding.equals("quoted-printable");
        boolean deeper = boundaries.size() < MAX_DEPTH && !encoded;
        var boundary = deeper && given != null ? boundary(given) : null;
        boolean nested = deeper && (given == null ? inDigest : given.is("message", "rfc822"));
        part = new Part(part.number(), boundary == null && !nested, encoded);
        visitor.endOfHeader(part);
        inHeader = nested;
        outside = boundary != null;
        if (boundary != null) {
            boundaries.add(boundary);
        }
        if (nested) {
            begin(false);
        }
    }

    private static @Nullable Boundary boundary(ContentType type) {
        var text = type.is("multipart") ? type.parameter("boundary") : null;
        return text == null || text.isEmpty()
                ? null
                : new Boundary(text, type.is("multipart", "digest"));
    }

    /// Begins a header. A part of a digest is a message unless its header says otherwise (RFC 2046, 5.1.5).
    private void begin(boolean digest) {
        inDigest = digest;
        part = new Part(headers++, false, false);
        type = "";
        encoding = "";
        inHeader = true;
        outside = false;
    }

    /// True if a line is a boundary, which is then passed on. The innermost boundary is tried first.
    private boolean isBoundary(byte[] bytes) throws IOException {
        if (boundaries.isEmpty() || bytes.length < 3 || bytes[0] != '-' || bytes[1] != '-') {
            return false;
        }
        String text =
                new String(bytes, 2, bytes.length - 2, StandardCharsets.ISO_8859_1).stripTrailing();
        for (int i = boundaries.size() - 1; i >= 0; i--) {
            String boundary = boundaries.get(i).text();
            boolean last = text.equals(boundary + "--");
            if (last || text.equals(boundary)) {
                if (inHeader) {
                    endHeader();
                }
                boundaries.subList(last ? i : i + 1, boundaries.size()).clear();
                visitor.other(bytes, bytes.length);
                if (last) {
                    inHeader = false;
                    outside = true;
                } else {
                    begin(boundaries.get(i).digest());
                }
                return true;
            }
        }
        return false;
    }

    /// True if a field is `Content-Transfer-Encoding: 8bit` or `binary`.
    static boolean saysEightBit(HeaderField field) {
        if (!field.is("content-transfer-encoding")) {
            return false;
        }
        String word = encoding(field);
        return word.equals("8bit") || word.equals("binary");
    }

    /// Returns the first word of a field's value, in lower case.
    private static String encoding(HeaderField field) {
        return new MimeTokens(field.value(StandardCharsets.ISO_8859_1))
                .token()
                .toLowerCase(Locale.ROOT);
    }
}
