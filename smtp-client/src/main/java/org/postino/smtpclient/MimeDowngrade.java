// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.postino.message.HeaderField;
import org.postino.message.QuotedPrintable;

/// Rewrites a message for a server without 8BITMIME: each part whose body has octets above 127 becomes quoted-printable (RFC
/// 6152, 3; RFC 2045, 6.7).
///
/// The message is read twice. A part's header names the encoding before its body shows the octets, so a first reading finds the
/// parts to encode. Parts of `multipart/*` and `message/rfc822` are searched, too. Header fields stay as they are, whatever
/// octets they have.
final class MimeDowngrade extends OutputStream {
    private static final byte[] ENCODING =
            "Content-Transfer-Encoding: quoted-printable\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VERSION =
            "MIME-Version: 1.0\r\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final Survey survey;
    private final MimeLines lines = new MimeLines(new Rewriter());
    private final QuotedPrintable encoder;

    /// The findings of the first reading, by the number of a part's header.
    private static final class Survey implements MimeLines.Visitor {
        private final BitSet eightBit = new BitSet();
        private final BitSet typed = new BitSet();
        private final BitSet notUtf8 = new BitSet();
        private boolean versioned;
        private final Utf8Check check = new Utf8Check();

        @Override
        public void field(MimeLines.Part part, HeaderField field) {
            if (field.is("content-type")) {
                typed.set(part.number());
            }
            versioned |= part.number() == 0 && field.is("mime-version");
        }

        @Override
        public void endOfHeader(MimeLines.Part part) {
            check.reset();
        }

        @Override
        public void body(MimeLines.Part part, byte[] bytes, int length) {
            if (!part.isLeaf() || part.isEncoded()) {
                return;
            }
            for (int i = 0; i < length; i++) {
                if (bytes[i] < 0) {
                    eightBit.set(part.number());
                }
                if (!check.take(bytes[i] & 0xff)) {
                    notUtf8.set(part.number());
                }
            }
        }

        @Override
        public void other(byte[] bytes, int length) {}
    }

    private MimeDowngrade(OutputStream out, Survey survey) {
        this.out = out;
        this.survey = survey;
        this.encoder = new QuotedPrintable(out);
    }

    /// Reads a message to its end, and returns a stream that rewrites it to `out` on a second reading. Closes neither.
    static MimeDowngrade of(InputStream message, OutputStream out) throws IOException {
        var survey = new Survey();
        var lines = new MimeLines(survey);
        byte[] chunk = new byte[32 * 1024];
        for (int n = message.read(chunk); n >= 0; n = message.read(chunk)) {
            lines.feed(chunk, 0, n);
        }
        lines.finish();
        return new MimeDowngrade(out, survey);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        lines.feed(bytes, offset, length);
    }

    /// Ends the message.
    void finish() throws IOException {
        lines.finish();
    }

    private final class Rewriter implements MimeLines.Visitor {
        /// Copies a field, but no Content-Transfer-Encoding that is replaced or no longer true. No part is 8 bit any more, and no
        /// part that holds others.
        @Override
        public void field(MimeLines.Part part, HeaderField field) throws IOException {
            boolean replaced =
                    survey.eightBit.get(part.number()) && field.is("content-transfer-encoding");
            boolean untrue = !survey.eightBit.isEmpty() && MimeLines.saysEightBit(field);
            if (!replaced && !untrue) {
                out.write(field.bytes(), field.from(), field.length());
            }
        }

        @Override
        public void endOfHeader(MimeLines.Part part) throws IOException {
            if (part.number() == 0 && !survey.versioned && !survey.eightBit.isEmpty()) {
                out.write(VERSION);
            }
            if (survey.eightBit.get(part.number())) {
                if (!survey.typed.get(part.number())) {
                    String charset = survey.notUtf8.get(part.number()) ? "unknown-8bit" : "utf-8";
                    out.write(
                            ("Content-Type: text/plain; charset=" + charset + "\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                }
                out.write(ENCODING);
            }
        }

        @Override
        public void body(MimeLines.Part part, byte[] bytes, int length) throws IOException {
            if (survey.eightBit.get(part.number())) {
                encoder.write(bytes, 0, length);
            } else {
                out.write(bytes, 0, length);
            }
        }

        @Override
        public void other(byte[] bytes, int length) throws IOException {
            out.write(bytes, 0, length);
        }
    }

    /// Checks UTF-8 octet by octet.
    private static final class Utf8Check {
        private int missing;

        void reset() {
            missing = 0;
        }

        boolean take(int c) {
            if (c >= 0x80 && c < 0xc0 && missing > 0) {
                missing--;
                return true;
            }
            boolean good = missing == 0 && (c < 0x80 || (c >= 0xc2 && c <= 0xf4));
            missing = c < 0xc2 || c > 0xf4 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
            return good;
        }
    }
}
