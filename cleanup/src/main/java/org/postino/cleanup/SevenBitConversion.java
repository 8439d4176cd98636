// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.postino.message.HeaderField;
import org.postino.message.HeaderReader;
import org.postino.message.MimeReader;
import org.postino.message.QuotedPrintable;

/// Makes parts that announce octets above 127 (Content-Transfer-Encoding: 8bit or binary) quoted-printable while a message passes, so
/// that no server on its way has a reason to change it (RFC 6152, 3; RFC 2045, 6.7). Owned by one thread.
///
/// What does not announce such octets stays as it is. A multipart, or an attached message, loses the field: nothing in it is 8 bit any more.
final class SevenBitConversion implements HeaderReader.Sink, MimeReader.Sink {
    private static final byte[] ENCODED =
            "Content-Transfer-Encoding: quoted-printable\r\n".getBytes(StandardCharsets.US_ASCII);

    private final HeaderReader.Sink next;
    private final MimeReader mime;
    private final ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    private final QuotedPrintable encoder = new QuotedPrintable(encoded);
    private boolean announced;
    private boolean encodes;

    /// @param limits of what is told apart; a line that is longer is seen in pieces
    /// @param next takes the fields of the message's own header, and all behind it
    SevenBitConversion(MimeReader.Limits limits, HeaderReader.Sink next) {
        this.next = next;
        this.mime = new MimeReader(limits, this);
    }

    @Override
    public void field(HeaderField field) throws IOException {
        mime.note(field);
        if (MimeReader.announcesEightBit(field)) {
            announced = true;
        } else {
            next.field(field);
        }
    }

    @Override
    public void endOfHeader() throws IOException {
        byte @Nullable [] field = instead();
        if (field != null) {
            next.field(HeaderField.of(field, 0, field.length));
        }
        next.endOfHeader();
    }

    @Override
    public void body(byte[] bytes, int offset, int length) throws IOException {
        mime.feed(bytes, offset, length);
    }

    /// Passes on what is left, as the content has ended.
    void end() throws IOException {
        mime.finish();
    }

    @Override
    public void field(HeaderField field, MimeReader.Place place) throws IOException {
        encodes = false;
        if (MimeReader.announcesEightBit(field)) {
            announced = true;
        } else {
            next.body(field.bytes(), field.from(), field.length());
        }
    }

    @Override
    public void line(MimeReader.Line line) throws IOException {
        byte @Nullable [] field = instead();
        if (field != null) {
            next.body(field, 0, field.length);
        }
        if (encodes && !line.marks()) {
            encoder.write(line.bytes(), line.from(), line.to());
            byte[] bytes = encoded.toByteArray();
            encoded.reset();
            next.body(bytes, 0, bytes.length);
        } else {
            next.body(line.bytes(), line.from(), line.to() - line.from());
        }
        boolean boundary = line.marks() && !line.isEmpty();
        encodes = encodes && !boundary;
    }

    /// The field in place of one that announced too much, once the header that has it is complete; null if there is none.
    private byte @Nullable [] instead() {
        boolean now = announced;
        announced = false;
        encodes = encodes || (now && mime.isLeaf());
        return now && mime.isLeaf() ? ENCODED : null;
    }
}
