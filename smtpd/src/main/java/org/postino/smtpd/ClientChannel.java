// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.postino.server.Connection;
import org.postino.server.SocketLayer;
import org.postino.smtp.DotReader;
import org.postino.smtp.Reply;
import org.postino.util.ByteReader;

/// Framing: lines and content from the client, replies to it.
///
/// A request must be complete within `smtpd_timeout`, however its bytes trickle; content earns time by its size.
/// Replies wait until the client has nothing more to say (RFC 2920, 3.2).
final class ClientChannel {
    private static final int START = 100;

    private final Connection connection;
    private final ByteReader in;
    private final OutputStream out;
    private final long minRate;
    private final int lineLimit;
    private Duration timeout;

    /// Lines that the client has sent already, to be read again.
    private final Deque<Line> again = new ArrayDeque<>();

    /// Set while replies are not sent, as the client has had its own to these lines.
    private boolean muted;

    /// The form in which the client sees a reply.
    private UnaryOperator<Reply> style = reply -> reply;

    /// A line as it came.
    ///
    /// @param text without the line end
    /// @param bareLf true if it ended in LF alone
    /// @param tooLong true if it was longer than the limit; `text` is its start then
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Line(byte[] text, boolean bareLf, boolean tooLong) {
        /// For the log: each byte a character.
        String raw() {
            return new String(text, StandardCharsets.ISO_8859_1);
        }
    }

    /// Says whether the client may have to make room for others ([Connection#known]).
    void known(boolean known) {
        connection.known(known);
    }

    /// When something must be complete.
    private final class Deadline {
        private final long limit;
        private long end;

        Deadline() {
            limit = timeout.toNanos();
            end = System.nanoTime() + limit;
        }

        /// Gives the client until the deadline.
        void arm() throws SocketTimeoutException {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException("deadline exceeded");
            }
            connection.deadline(Duration.ofNanos(left));
        }

        /// Bytes arrived: they buy time, but never more than the whole timeout.
        void earned(long bytes) {
            long now = System.nanoTime();
            end = Math.min(end + bytes * 1_000_000_000L / minRate, now + limit);
        }
    }

    ClientChannel(Connection connection, Duration timeout, long minRate, int lineLimit) {
        this.connection = connection;
        this.in = connection.in();
        this.out = connection.out();
        this.timeout = timeout;
        this.minRate = minRate;
        this.lineLimit = lineLimit;
    }

    /// Lets others go on with the connection: the first lines are read once more, and replies before the last of them are not sent.
    ///
    /// A refusal among those is sent in the place of the last reply, and the rest of the lines is dropped.
    ///
    /// @param lines with a client's HELO or EHLO, MAIL, RCPT; empty if it has said nothing
    void handOver(Duration newTimeout, List<Line> lines) {
        timeout = newTimeout;
        again.addAll(lines);
        muted = !lines.isEmpty();
    }

    /// True if the client has sent input that was not read yet: it did not wait for our reply.
    boolean inputWaiting() {
        return in.hasBuffered();
    }

    /// The start of what the client has sent ahead.
    String waitingInput() {
        int length = Math.min(START, in.limit() - in.position());
        return new String(in.buffer(), in.position(), length, StandardCharsets.ISO_8859_1);
    }

    /// The next line; replies that wait are sent first if the client is silent.
    ///
    /// @throws EOFException the client left; what it sent of a last line is thrown away
    Line readLine() throws IOException {
        return readLine(lineLimit);
    }

    Line readLine(int max) throws IOException {
        Line known = again.poll();
        if (known != null) {
            muted = !again.isEmpty();
            return known;
        }
        var deadline = new Deadline();
        byte[] line = new byte[0];
        boolean tooLong = false;
        while (true) {
            fill(deadline);
            int from = in.position();
            int end = from;
            int limit = in.limit();
            byte[] buffer = in.buffer();
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            int room = Math.min(end - from, Math.max(0, max + 1 - line.length));
            tooLong |= room < end - from;
            int old = line.length;
            line = Arrays.copyOf(line, old + room);
            System.arraycopy(buffer, from, line, old, room);
            if (end < limit) {
                in.position(end + 1);
                return finish(line, max, tooLong);
            }
            in.position(end);
        }
    }

    private static Line finish(byte[] line, int max, boolean tooLong) {
        boolean cr = line.length > 0 && line[line.length - 1] == '\r' && !tooLong;
        byte[] text = cr ? Arrays.copyOf(line, line.length - 1) : line;
        boolean over = tooLong || text.length > max;
        return new Line(over ? Arrays.copyOf(text, START) : text, !cr && !tooLong, over);
    }

    private void fill(Deadline deadline) throws IOException {
        if (in.hasBuffered()) {
            return;
        }
        deadline.arm();
        out.flush();
        if (!in.fill()) {
            throw new EOFException("client has left");
        }
        connection.deadline(Duration.ZERO); // the time that we take is not the client's
    }

    /// Reads dot-stuffed content to its end.
    void content(DotReader dots, OutputStream to) throws IOException {
        var deadline = new Deadline();
        while (!dots.ended()) {
            fill(deadline);
            int from = in.position();
            int next = dots.feed(in.buffer(), from, in.limit(), to);
            in.position(next);
            deadline.earned(next - from);
        }
    }

    /// Reads exactly `count` bytes.
    void exactly(long count, OutputStream to) throws IOException {
        var deadline = new Deadline();
        long left = count;
        while (left > 0) {
            fill(deadline);
            int n = (int) Math.min(left, in.limit() - in.position());
            to.write(in.buffer(), in.position(), n);
            in.position(in.position() + n);
            left -= n;
            deadline.earned(n);
        }
    }

    /// Gives all replies from now on the form in which the client sees them, whoever makes them.
    void style(UnaryOperator<Reply> form) {
        style = form;
    }

    /// Puts a reply into the buffer; [#readLine()] sends it when it must.
    ///
    /// @return the reply as the client sees it
    Reply reply(Reply reply) throws IOException {
        if (muted && reply.isPositive()) {
            return reply;
        }
        muted = false;
        again.clear();
        Reply shown = style.apply(reply);
        out.write(shown.print().getBytes(StandardCharsets.UTF_8));
        return shown;
    }

    void flush() throws IOException {
        out.flush();
    }

    /// Goes on over TLS; what the client sent ahead in clear is thrown away (RFC 3207, 4.2).
    void secure(SocketLayer layer, Duration handshake) throws IOException {
        connection.deadline(handshake);
        connection.upgrade(layer);
        connection.deadline(Duration.ZERO);
    }
}
