// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postino.mailstore.ModifiedUtf7;
import org.postino.util.Printable;

/// Writes the tokens of responses into one large buffer and counts them.
///
/// Any text can be written: [#string(String)] finds a form that carries it, quoted where that is possible, else a
/// literal. Not safe for several threads.
public final class ImapWriter {
    private static final int SIZE = 1 << 15;
    private static final int SMALL = 512;
    private static final int MAX_DIGITS = 20;
    private static final int MAX_QUOTED = 4096;

    private OutputStream out;
    private byte[] buffer = new byte[SMALL];
    private int used;
    private long produced;
    private Dialect dialect = Dialect.REV1;

    public ImapWriter(OutputStream out) {
        this.out = out;
    }

    public Dialect dialect() {
        return dialect;
    }

    /// Writes from now on what a client that has enabled something understands.
    public void speak(Dialect other) {
        dialect = other;
    }

    /// Writes on to another place; nothing may be pending.
    public void target(OutputStream other) {
        out = other;
    }

    /// Something that writes.
    @FunctionalInterface
    interface Part {
        void write(ImapWriter out) throws IOException;
    }

    /// The octets that something writes.
    static byte[] print(Part part) throws IOException {
        var bytes = new ByteArrayOutputStream(SMALL);
        var writer = new ImapWriter(bytes);
        part.write(writer);
        writer.drain();
        return bytes.toByteArray();
    }

    /// Bytes written so far, for the statistics at logout.
    public long produced() {
        return produced + used;
    }

    public boolean hasPending() {
        return used > 0;
    }

    public void flush() throws IOException {
        drain();
        if (buffer.length > SMALL) {
            // thousands of clients wait for mail; none needs a large buffer for that
            buffer = new byte[SMALL];
        }
        try {
            out.flush();
        } catch (IOException e) {
            throw new PeerException(e);
        }
    }

    /// Makes room for `count` bytes, as far as a whole buffer goes.
    private void room(int count) throws IOException {
        if (count <= buffer.length - used) {
            return;
        }
        if (buffer.length < SIZE) {
            int wanted = Math.max(used + count, 4 * buffer.length);
            buffer = Arrays.copyOf(buffer, Math.min(SIZE, wanted));
        }
        if (count > buffer.length - used) {
            drain();
        }
    }

    private void drain() throws IOException {
        if (used > 0) {
            int n = used;
            used = 0;
            produced += n;
            send(buffer, 0, n);
        }
    }

    private void send(byte[] bytes, int offset, int length) throws PeerException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw new PeerException(e);
        }
    }

    public ImapWriter octet(int b) throws IOException {
        if (used == buffer.length) {
            room(1);
        }
        buffer[used++] = (byte) b;
        return this;
    }

    public ImapWriter sp() throws IOException {
        return octet(' ');
    }

    public ImapWriter crlf() throws IOException {
        return octet('\r').octet('\n');
    }

    /// ASCII of our own grammar.
    ///
    /// @throws IllegalArgumentException for a line end or an 8 bit character, which would be somebody else's grammar
    @SuppressWarnings("deprecation")
    public ImapWriter ascii(String text) throws IOException {
        int n = text.length();
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            if (c >= 0x80 || c == '\r' || c == '\n') {
                throw new IllegalArgumentException("no ASCII of one line");
            }
        }
        if (n > buffer.length - used) {
            room(n);
            if (n > SIZE) {
                return octets(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        // the low byte of each char: all that ASCII has
        text.getBytes(0, n, buffer, used);
        used += n;
        return this;
    }

    /// Text for people after a status: controls and 8 bit characters cannot break the line.
    public ImapWriter text(String text) throws IOException {
        return ascii(Printable.ascii(text, text.length()));
    }

    public ImapWriter octets(byte[] bytes) throws IOException {
        return octets(bytes, 0, bytes.length);
    }

    public ImapWriter octets(byte[] bytes, int offset, int length) throws IOException {
        if (length > buffer.length - used) {
            room(length);
            if (length > buffer.length - used) {
                produced += length;
                drain();
                send(bytes, offset, length);
                return this;
            }
        }
        System.arraycopy(bytes, offset, buffer, used, length);
        used += length;
        return this;
    }

    public ImapWriter number(long value) throws IOException {
        if (value < 0) {
            throw new IllegalArgumentException("negative number " + value);
        }
        room(MAX_DIGITS);
        int digits = 1;
        for (long v = value; v >= 10; v /= 10) {
            digits++;
        }
        long v = value;
        for (int i = used + digits - 1; i >= used; i--) {
            buffer[i] = (byte) ('0' + v % 10);
            v /= 10;
        }
        used += digits;
        return this;
    }

    /// A string of the grammar; `text` holds a byte in each character. A NUL becomes 0x80, as in [#content].
    public ImapWriter string(String text) throws IOException {
        if (!quotable(text)) {
            literal(text.length());
            return content(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length());
        }
        octet('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                octet('\\');
            }
            octet(c);
        }
        return octet('"');
    }

    /// Any octets: a string, or a literal8 (RFC 3516) if there is a NUL among them.
    public ImapWriter stringOrLiteral8(byte[] bytes) throws IOException {
        for (byte b : bytes) {
            if (b == 0) {
                return octet('~').literal(bytes.length).octets(bytes);
            }
        }
        return string(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private static boolean quotable(String text) {
        if (text.length() > MAX_QUOTED) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || c == '\r' || c == '\n' || c >= 0x80) {
                return false;
            }
        }
        return true;
    }

    ImapWriter nstring(@Nullable String text) throws IOException {
        return text == null ? ascii("NIL") : string(text);
    }

    /// A mailbox name, encoded; as an atom where that is enough.
    public ImapWriter mailbox(String name) throws IOException {
        var wire = dialect.utf8Names() ? name : ModifiedUtf7.encode(name);
        if (wire.isEmpty() || wire.equalsIgnoreCase("NIL")) {
            return name(wire);
        }
        for (int i = 0; i < wire.length(); i++) {
            if (!ImapLexer.isAtomChar(wire.charAt(i))) {
                return name(wire);
            }
        }
        return ascii(wire);
    }

    /// The beginning of names, encoded, as a string.
    public ImapWriter prefix(String name) throws IOException {
        return name(dialect.utf8Names() ? name : ModifiedUtf7.encode(name));
    }

    /// A name as a string, in UTF-8.
    private ImapWriter name(String wire) throws IOException {
        if (quotable(wire)) {
            return string(wire);
        }
        byte[] bytes = wire.getBytes(StandardCharsets.UTF_8);
        if (wire.chars().anyMatch(c -> c < ' ') || bytes.length > MAX_QUOTED) {
            return literal(bytes.length).content(bytes, 0, bytes.length);
        }
        octet('"');
        for (byte b : bytes) {
            if (b == '"' || b == '\\') {
                octet('\\');
            }
            octet(b);
        }
        return octet('"');
    }

    /// Announces a literal of `size` bytes, which must follow.
    public ImapWriter literal(long size) throws IOException {
        return octet('{').number(size).octet('}').crlf();
    }

    /// Octets of a message: NUL, which no literal may hold, becomes 0x80.
    public ImapWriter content(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            room(Math.min(length - done, SIZE));
            int n = Math.min(length - done, buffer.length - used);
            System.arraycopy(bytes, offset + done, buffer, used, n);
            withoutNuls(n);
            used += n;
            done += n;
        }
        return this;
    }

    private void withoutNuls(int length) {
        for (int i = used; i < used + length; i++) {
            if (buffer[i] == 0) {
                buffer[i] = (byte) 0x80;
            }
        }
    }

    /// Copies exactly `size` bytes of a message, as [#content]; what a shrunken message lacks is filled with
    /// spaces, for the size was promised.
    ///
    /// @return how many bytes were lacking
    public long copy(InputStream in, long size) throws IOException {
        return copy(in, size, false);
    }

    /// As [#copy(InputStream, long)], with NULs as they are: for a literal8 (RFC 3516, 4.4).
    public long copyBinary(InputStream in, long size) throws IOException {
        return copy(in, size, true);
    }

    private long copy(InputStream in, long size, boolean nuls) throws IOException {
        long left = size;
        while (left > 0) {
            room((int) Math.min(left, SIZE / 2));
            int n = in.read(buffer, used, (int) Math.min(left, buffer.length - used));
            if (n < 0) {
                break;
            }
            if (!nuls) {
                withoutNuls(n);
            }
            used += n;
            left -= n;
        }
        for (long i = 0; i < left; i++) {
            octet(' ');
        }
        return left;
    }
}
