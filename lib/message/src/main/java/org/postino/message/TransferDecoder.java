// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Undoes a Content-Transfer-Encoding while reading (RFC 2045, 6), forgiving: what is no base64 or hex is passed over or left.
public final class TransferDecoder {
    private TransferDecoder() {}

    /// A decoded view; null if nobody knows the encoding.
    public static @Nullable InputStream decode(InputStream in, String encoding) {
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "7bit", "8bit", "binary" -> in;
            case "base64" -> new Base64Stream(in);
            case "quoted-printable" -> new QuotedPrintable(in);
            default -> null;
        };
    }

    private abstract static class Decoding extends InputStream {
        private final InputStream in;
        private final byte[] buffer = new byte[8192];
        private int position;
        private int limit;

        Decoding(InputStream in) {
            this.in = in;
        }

        /// The next undecoded byte, -1 at the end.
        final int next() throws IOException {
            if (position == limit) {
                limit = in.read(buffer, 0, buffer.length);
                position = 0;
                if (limit <= 0) {
                    limit = 0;
                    return -1;
                }
            }
            return buffer[position++] & 0xff;
        }

        abstract int decoded() throws IOException;

        @Override
        public final int read() throws IOException {
            return decoded();
        }

        @Override
        public final int read(byte[] into, int offset, int length) throws IOException {
            int n = 0;
            while (n < length) {
                int c = decoded();
                if (c < 0) {
                    break;
                }
                into[offset + n++] = (byte) c;
            }
            return n == 0 && length > 0 ? -1 : n;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private static final class Base64Stream extends Decoding {
        private int held;
        private int bits;

        Base64Stream(InputStream in) {
            super(in);
        }

        @Override
        int decoded() throws IOException {
            while (bits < 8) {
                int c = next();
                if (c < 0) {
                    return -1;
                }
                if (c == '=') {
                    bits = 0;
                    held = 0;
                    continue;
                }
                int value = value(c);
                if (value >= 0) {
                    held = (held << 6 | value) & 0xffff;
                    bits += 6;
                }
            }
            bits -= 8;
            return held >>> bits & 0xff;
        }

        private static int value(int c) {
            if (c >= 'A' && c <= 'Z') {
                return c - 'A';
            }
            if (c >= 'a' && c <= 'z') {
                return c - 'a' + 26;
            }
            if (c >= '0' && c <= '9') {
                return c - '0' + 52;
            }
            return c == '+' ? 62 : c == '/' ? 63 : -1;
        }
    }

    private static final class QuotedPrintable extends Decoding {
        private int pushed = -2;
        private int pushedNext = -2;

        QuotedPrintable(InputStream in) {
            super(in);
        }

        private int take() throws IOException {
            if (pushed != -2) {
                int c = pushed;
                pushed = pushedNext;
                pushedNext = -2;
                return c;
            }
            return next();
        }

        @Override
        int decoded() throws IOException {
            int c = take();
            while (c == '=') {
                int first = take();
                if (first == '\n') {
                    c = take();
                    continue;
                }
                int second = take();
                if (first == '\r' && second == '\n') {
                    c = take();
                    continue;
                }
                int high = Character.digit(first, 16);
                int low = Character.digit(second, 16);
                if (first >= 0 && second >= 0 && high >= 0 && low >= 0) {
                    return high << 4 | low;
                }
                push(first, second);
                return '=';
            }
            return c;
        }

        /// Both were just taken behind a `=`, so nothing older waits.
        private void push(int first, int second) {
            pushed = first;
            pushedNext = second;
        }
    }
}
