// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.postino.util.ByteReader;

/// Cuts the client's stream into lines and literals (RFC 3501, 4.3; LITERAL+ of RFC 7888).
///
/// A command is one line, or several with a literal between each two. [#nextCommand()] reads the first line; where one ends in a
/// literal's announcement the lexer asks for [#literal(int)] or [#stream()], after which the command goes on in the
/// next line. [#finish()] throws away what a refused command still sends by itself.
///
/// A line, or a literal to be thrown away, beyond its [Limits] ends the session with a [FramingException]; a literal beyond
/// them makes the command wrong.
/// A line ends with LF; a CR before it belongs to the end. NUL and a CR elsewhere stay in the line, where no
/// token allows them.
public final class ImapFraming {
    /// The announcement of a literal at the end of a line.
    public record Announced(long size, boolean synchronizing) {}

    /// The sizes of what a client may send.
    ///
    /// @param line bytes of a line
    /// @param literal bytes of a literal that is kept in memory
    /// @param command bytes of all such literals of a command
    /// @param skip bytes of a literal that is thrown away
    public record Limits(int line, int literal, int command, long skip) {}

    /// The other direction, as far as framing needs it.
    public interface Client {
        /// Asks the client to go on: writes a continuation request and flushes.
        void request() throws IOException;

        /// Called before waiting for the client.
        void beforeRead() throws IOException;

        /// A literal is here, and the client may hold the rest of its command back until it knows that.
        void received();
    }

    private static final Client NOBODY =
            new Client() {
                @Override
                public void request() {}

                @Override
                public void beforeRead() {}

                @Override
                public void received() {}
            };

    private static final long TOO_LONG = Long.MAX_VALUE;
    private static final int FIRST_SIZE = 512;

    private ByteReader in;
    private final Client client;
    private Limits limits;
    private byte[] line = new byte[FIRST_SIZE];
    private int length;
    private int kept;
    private long consumed;
    private boolean literalTaken;
    private boolean lineOpen;

    public ImapFraming(ByteReader in, Client client, Limits limits) {
        this.in = in;
        this.client = client;
        this.limits = limits;
    }

    /// Of a text that no client sends: one line, in UTF-8, without literals.
    static ImapFraming of(String text) throws IOException {
        byte[] line = (text.replaceAll("[\r\n]+", " ") + "\n").getBytes(StandardCharsets.UTF_8);
        var framing =
                new ImapFraming(
                        new ByteReader(new ByteArrayInputStream(line), line.length),
                        NOBODY,
                        new Limits(line.length, 0, 0, 0));
        framing.nextCommand();
        return framing;
    }

    /// Reads on from another source.
    public void source(ByteReader other) {
        in = other;
    }

    /// Other limits from the next line on: a client that has logged in may do more.
    public void limits(Limits others) {
        limits = others;
    }

    /// The largest literal that a lexer may keep.
    int maxLiteral() {
        return limits.literal();
    }

    /// Bytes received so far, for the statistics at logout.
    public long consumed() {
        return consumed;
    }

    /// True if the client has already sent something of its next command.
    public boolean pipelined() {
        return in.hasBuffered();
    }

    /// Reads the first line of a command; false when the client has closed the connection.
    public boolean nextCommand() throws IOException {
        kept = 0;
        if (line.length > 16 * FIRST_SIZE) {
            line = new byte[FIRST_SIZE];
        }
        return readLine();
    }

    public byte[] line() {
        return line;
    }

    /// Length of the line without its end.
    public int length() {
        return length;
    }

    /// The literal announced at the end of the current line, if one is and was not yet taken.
    ///
    /// @throws ImapSyntaxException braces with something else than a 63 bit number
    Announced announced() throws ImapSyntaxException {
        int start = announcement();
        if (start < 0 || literalTaken) {
            throw new ImapSyntaxException("Invalid literal");
        }
        return parse(start);
    }

    /// Index of the opening brace of a literal's announcement at the end of the line, or -1.
    int announcement() {
        int i = length - 1;
        if (i < 2 || line[i] != '}') {
            return -1;
        }
        i--;
        if (line[i] == '+' || line[i] == '-') {
            i--;
        }
        int digits = i;
        while (i >= 0 && line[i] >= '0' && line[i] <= '9') {
            i--;
        }
        return i >= 0 && i < digits && line[i] == '{' ? i : -1;
    }

    private Announced parse(int start) {
        long size = 0;
        int i = start + 1;
        while (line[i] >= '0' && line[i] <= '9') {
            int digit = line[i] - '0';
            size = size > (TOO_LONG - digit) / 10 ? TOO_LONG : size * 10 + digit;
            i++;
        }
        return new Announced(size, line[i] == '}');
    }

    /// The announced literal in memory, at most `max` bytes; then the line that follows it is current.
    byte[] literal(int max) throws IOException, ImapSyntaxException {
        var announced = announced();
        if (announced.size() > max || announced.size() > limits.command() - kept) {
            throw new ImapSyntaxException("Literal too large");
        }
        int size = (int) announced.size();
        kept += size;
        take(announced);
        // the client's word costs no memory before its bytes are here
        byte[] data = new byte[Math.min(size, 1 << 16)];
        int done = 0;
        while (done < size) {
            if (done == data.length) {
                data = Arrays.copyOf(data, (int) Math.min(size, 2L * data.length));
            }
            int n = receive(data, done, data.length - done);
            if (n < 0) {
                throw new PeerException("connection closed in a literal");
            }
            done += n;
            consumed += n;
        }
        requireLine();
        return data;
    }

    /// The announced literal as a stream, which must be read to its end or skipped by its `close()`; then
    /// [#afterStream()] reads the line that follows.
    InputStream stream() throws IOException, ImapSyntaxException {
        var announced = announced();
        take(announced);
        return new LiteralStream(announced.size());
    }

    void afterStream() throws IOException {
        requireLine();
    }

    private void take(Announced announced) throws IOException {
        literalTaken = true;
        lineOpen = false;
        if (announced.synchronizing()) {
            client.request();
        }
    }

    private void requireLine() throws IOException {
        if (!in.hasBuffered()) {
            client.received();
        }
        if (!readLine()) {
            throw new PeerException("connection closed in a command");
        }
    }

    /// Throws away the rest of a command that was not parsed to its end.
    ///
    /// A synchronizing literal is not on its way: the client waits for our answer. One that does not synchronize is.
    public void finish() throws IOException {
        while (lineOpen) {
            int start = announcement();
            if (start < 0) {
                return;
            }
            var announced = parse(start);
            if (announced.synchronizing()) {
                return;
            }
            if (announced.size() > limits.skip()) {
                throw new FramingException("Literal too large");
            }
            literalTaken = true;
            skip(announced.size());
            requireLine();
        }
    }

    private void skip(long size) throws IOException {
        long left = size;
        while (left > 0) {
            if (!fill()) {
                throw new PeerException("connection closed in a literal");
            }
            int n = (int) Math.min(left, in.limit() - in.position());
            in.position(in.position() + n);
            consumed += n;
            left -= n;
        }
    }

    private boolean fill() throws PeerException {
        try {
            if (!in.hasBuffered()) {
                client.beforeRead();
            }
            return in.fill();
        } catch (IOException e) {
            throw new PeerException(e);
        }
    }

    private int receive(byte[] into, int offset, int count) throws PeerException {
        try {
            if (!in.hasBuffered()) {
                client.beforeRead();
            }
            return in.read(into, offset, count);
        } catch (IOException e) {
            throw new PeerException(e);
        }
    }

    private boolean readLine() throws IOException {
        length = 0;
        literalTaken = false;
        lineOpen = false;
        while (fill()) {
            byte[] buffer = in.buffer();
            int from = in.position();
            int to = from;
            while (to < in.limit() && buffer[to] != '\n') {
                to++;
            }
            boolean complete = to < in.limit();
            append(buffer, from, to - from);
            int next = complete ? to + 1 : to;
            consumed += next - from;
            in.position(next);
            if (complete) {
                if (length > 0 && line[length - 1] == '\r') {
                    length--;
                }
                lineOpen = true;
                return true;
            }
        }
        if (length > 0) {
            throw new PeerException("connection closed in a line");
        }
        return false;
    }

    private void append(byte[] from, int offset, int count) throws IOException {
        if (length + count > limits.line()) {
            throw new FramingException("Too long command line");
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(length + count, 2 * line.length));
        }
        System.arraycopy(from, offset, line, length, count);
        length += count;
    }

    private final class LiteralStream extends InputStream {
        private long left;

        LiteralStream(long size) {
            left = size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = receive(into, offset, (int) Math.min(count, left));
            if (n < 0) {
                throw new PeerException("connection closed in a literal");
            }
            left -= n;
            consumed += n;
            return n;
        }

        @Override
        public void close() throws IOException {
            long skipped = left;
            left = 0;
            ImapFraming.this.skip(skipped);
        }
    }
}
