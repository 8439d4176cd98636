// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.postino.message.HeaderField;
import org.postino.message.HeaderReader;
import org.postino.message.MimeReader;

/// A message that came as literal8 (RFC 3516, 4.4), as the store may have it: parts whose encoding is `binary` are in base64, and
/// all others as they came. A NUL anywhere else is refused. It holds a line and a header field, however large the message is.
final class BinaryMessage extends InputStream {
    private static final int CHUNK = 8192;
    private static final int FIELD = 1 << 20;

    /// The octets of a line of base64 (RFC 2045, 6.8).
    private static final int GROUP = 57;

    private static final byte[] CRLF = {'\r', '\n'};

    private final InputStream in;
    private final byte[] raw = new byte[CHUNK];
    private final ByteArrayOutputStream made = new ByteArrayOutputStream(2 * CHUNK);
    private final MimeReader mime = new MimeReader(new MimeReader.Limits(FIELD, CHUNK), new Body());
    private final HeaderReader header = new HeaderReader(FIELD, new Header());
    private final byte[] group = new byte[GROUP];
    private int grouped;
    private byte[] heldEnd = new byte[0];
    private boolean binaryField;
    private boolean encoding;
    private byte[] ready = new byte[0];
    private int position;
    private boolean ended;

    BinaryMessage(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
        while (position == ready.length) {
            if (ended) {
                return -1;
            }
            convertMore();
            ready = made.toByteArray();
            position = 0;
            made.reset();
        }
        int n = Math.min(count, ready.length - position);
        System.arraycopy(ready, position, into, offset, n);
        position += n;
        return n;
    }

    private void convertMore() throws IOException {
        int n = in.read(raw, 0, raw.length);
        if (n < 0) {
            ended = true;
            header.finish();
            mime.finish();
            endOfBody(true);
            return;
        }
        int taken = header.done() ? 0 : header.feed(raw, 0, n);
        mime.feed(raw, taken, n - taken);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /// Shows a field, unless it is the one that says `binary`: what takes its place depends on those behind it.
    private void field(HeaderField field) throws IOException {
        if (field.isCut()) {
            throw refused("A header field is too large.");
        }
        if (MimeReader.announcesEightBit(field)
                && field.value(StandardCharsets.US_ASCII)
                        .toLowerCase(Locale.ROOT)
                        .contains("binary")) {
            binaryField = true;
            return;
        }
        copy(field.bytes(), field.from(), field.to());
    }

    private void copy(byte[] bytes, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            if (bytes[i] == 0) {
                throw refused("NUL in a part that is not binary.");
            }
        }
        made.write(bytes, from, to - from);
    }

    private static AppendRefusedException refused(String why) {
        return new AppendRefusedException(Tagged.no(ResponseCode.UNKNOWN_CTE, why));
    }

    private void encode(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int n = Math.min(to - at, GROUP - grouped);
            System.arraycopy(bytes, at, group, grouped, n);
            grouped += n;
            at += n;
            if (grouped == GROUP) {
                endGroup();
            }
        }
    }

    private void endGroup() {
        if (grouped > 0) {
            made.writeBytes(Base64.getEncoder().encode(Arrays.copyOf(group, grouped)));
            made.writeBytes(CRLF);
            grouped = 0;
        }
    }

    /// The line end before a boundary belongs to the boundary; the last one of the message is content.
    private void endOfBody(boolean withLineEnd) {
        if (encoding && withLineEnd) {
            encode(heldEnd, 0, heldEnd.length);
        }
        heldEnd = new byte[0];
        endGroup();
        encoding = false;
    }

    private final class Header implements HeaderReader.Sink {
        @Override
        public void field(HeaderField field) throws IOException {
            mime.note(field);
            BinaryMessage.this.field(field);
        }

        @Override
        public void body(byte[] bytes, int offset, int length) throws IOException {
            mime.feed(bytes, offset, length);
        }
    }

    private final class Body implements MimeReader.Sink {
        @Override
        public void field(HeaderField field, MimeReader.Place place) throws IOException {
            BinaryMessage.this.field(field);
        }

        @Override
        public void line(MimeReader.Line line) throws IOException {
            if (line.marks()) {
                mark(line);
            } else if (encoding) {
                encode(heldEnd, 0, heldEnd.length);
                encode(line.bytes(), line.from(), line.end());
                heldEnd = Arrays.copyOfRange(line.bytes(), line.end(), line.to());
            } else {
                copy(line.bytes(), line.from(), line.to());
            }
        }

        /// The end of a header, or of a part.
        private void mark(MimeReader.Line line) throws IOException {
            endOfBody(false);
            boolean leaf = line.isEmpty() && mime.isLeaf();
            if (binaryField) {
                var now = "Content-Transfer-Encoding: " + (leaf ? "base64" : "8bit") + "\r\n";
                made.writeBytes(now.getBytes(StandardCharsets.US_ASCII));
            }
            encoding = binaryField && leaf;
            binaryField = false;
            copy(line.bytes(), line.from(), line.to());
        }
    }
}
