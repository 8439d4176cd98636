// SPDX-License-Identifier: Apache-2.0

package org.postino.ipc;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postino.linux.PeerUser;

/// A connection between two of our daemons: records and messages, buffered on both sides.
///
/// One thread may send while another receives; [#close()] may be called by any. The version records go out with the first
/// message of each side, so that a new connection costs no extra round trip.
public final class IpcConnection implements Closeable {
    /// The text of a `V` record; a peer that sends another one is refused.
    public static final String PROTOCOL = "postino 1";

    private static final int BUFFER = 8 * 1024;

    /// The longest version record; there is none of a peer that we serve.
    private static final int MAX_VERSION = 64;

    /// Memory for a record is taken in pieces, the next one when the one before has come.
    private static final int PIECE = 64 * 1024;

    private final SocketChannel channel;
    private final boolean initiator;
    private final byte[] out = new byte[BUFFER];
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER).flip();
    private int pending;
    private boolean peerChecked;
    private int maxRecord = IpcRecord.MAX;
    private Duration timeout = Duration.ZERO;
    private volatile boolean expired;
    private volatile boolean waiting;
    private boolean retired;
    private final Object gate = new Object();

    private IpcConnection(SocketChannel channel, boolean initiator) throws IOException {
        this.channel = channel;
        this.initiator = initiator;
        if (initiator) {
            put(IpcRecord.VERSION, PROTOCOL.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// Connects to a daemon's socket. A read that waits longer than `timeout` (zero: for ever) fails.
    ///
    /// @throws ConnectException nobody listens there; the message names the socket
    public static IpcConnection connect(Path socket, Duration timeout) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            var connection = new IpcConnection(channel, true);
            connection.timeout(timeout);
            return connection;
        } catch (IOException e) {
            channel.close();
            var failure = new ConnectException("connect to " + socket + ": " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    /// The accepting side of a connection.
    public static IpcConnection over(SocketChannel accepted) throws IOException {
        return new IpcConnection(accepted, false);
    }

    /// Sets the time that a read may wait from now on; zero waits for ever. A connection on which a read timed out is closed.
    public void timeout(Duration d) {
        timeout = d;
    }

    /// The longest record that is received from now on, instead of [IpcRecord#MAX]; the reader's thread sets it.
    public void limitRecords(int bytes) {
        maxRecord = bytes;
    }

    /// Sends a message, and all records before it.
    public void send(Message m) throws IOException {
        sendRecord(IpcRecord.MESSAGE, m.toBytes());
        flush();
    }

    /// The next message; null if the peer closed the connection between two messages.
    ///
    /// @throws ProtocolException something else than a message came
    public @Nullable Message receive() throws IOException {
        if (!awaitRecord()) {
            return null;
        }
        IpcRecord r = receiveRecord();
        if (r.type() != IpcRecord.MESSAGE) {
            throw new ProtocolException("expected a message, got " + r);
        }
        return Message.parse(r.data());
    }

    /// Sends a request and waits for its reply.
    ///
    /// @throws EOFException the peer closed the connection instead
    public Message request(Message m) throws IOException {
        send(m);
        Message reply = receive();
        if (reply == null) {
            throw new EOFException("connection closed instead of a reply to " + m.request());
        }
        return reply;
    }

    /// Sends a record; small ones wait in the buffer for [#flush()] or [#send(Message)].
    public void sendRecord(int type, byte[] data) throws IOException {
        sendRecord(type, data, 0, data.length);
    }

    public void sendRecord(int type, byte[] data, int offset, int length) throws IOException {
        if (length > IpcRecord.MAX) {
            throw new IllegalArgumentException("record of " + length + " bytes");
        }
        put(type, data, offset, length);
    }

    /// Sends what waits in the buffer.
    public void flush() throws IOException {
        if (pending > 0) {
            writeFully(ByteBuffer.wrap(out, 0, pending));
            pending = 0;
        }
    }

    /// The next record, of whatever type.
    ///
    /// @throws EOFException the peer closed the connection
    public IpcRecord receiveRecord() throws IOException {
        if (!peerChecked) {
            checkPeer();
        }
        return nextRecord(maxRecord);
    }

    /// Waits for a record; false if the peer closed the connection and nothing is left to read.
    public boolean awaitRecord() throws IOException {
        if (!peerChecked) {
            if (!in.hasRemaining() && !fill()) {
                return false;
            }
            checkPeer();
        }
        if (in.hasRemaining()) {
            return true;
        }
        synchronized (gate) {
            if (retired) {
                return false;
            }
            waiting = true;
        }
        boolean more = false;
        try {
            more = fill();
        } finally {
            synchronized (gate) {
                waiting = false;
                more = more && !retired;
            }
        }
        return more;
    }

    /// True if the connection is between two requests: at least one was served, and [#awaitRecord()] or [#receive()] waits.
    public boolean isWaiting() {
        return waiting;
    }

    /// Ends the connection as soon as no request is under way: a waiting reader is told that there are no more.
    ///
    /// A request of which nothing was read yet is left unanswered, so that its sender knows that it was not taken and
    /// brings it over another connection; one that has begun is served to its end.
    public void retire() {
        synchronized (gate) {
            retired = true;
            if (waiting) {
                try {
                    channel.shutdownInput();
                } catch (IOException e) {
                    expire();
                }
            }
        }
    }

    /// The user at the other end, by the kernel's word.
    public Optional<PeerUser> peer() {
        return PeerUser.of(channel);
    }

    /// The channel itself, for socket options.
    public SocketChannel channel() {
        return channel;
    }

    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void checkPeer() throws IOException {
        IpcRecord r = nextRecord(MAX_VERSION);
        if (r.type() != IpcRecord.VERSION || !r.text().equals(PROTOCOL)) {
            close();
            throw new ProtocolException("peer does not speak \"" + PROTOCOL + "\"");
        }
        peerChecked = true;
        if (!initiator) {
            put(IpcRecord.VERSION, PROTOCOL.getBytes(StandardCharsets.UTF_8));
        }
    }

    private IpcRecord nextRecord(int max) throws IOException {
        int type = read();
        long length = 0;
        int shift = 0;
        int b;
        do {
            b = read();
            length |= (long) (b & 0x7f) << shift;
            shift += 7;
        } while ((b & 0x80) != 0 && shift < 35);
        if ((b & 0x80) != 0 || length > max) {
            throw new ProtocolException("record longer than " + max + " bytes");
        }
        return new IpcRecord(type, data((int) length));
    }

    /// A peer may announce much and send nothing: there is never more room than twice what has come.
    private byte[] data(int length) throws IOException {
        var data = new byte[Math.min(length, PIECE)];
        readFully(data, 0);
        while (data.length < length) {
            int done = data.length;
            data = Arrays.copyOf(data, (int) Math.min(length, 2L * done));
            readFully(data, done);
        }
        return data;
    }

    private int read() throws IOException {
        if (!in.hasRemaining() && !fill()) {
            throw new EOFException("connection closed by the peer");
        }
        return in.get() & 0xff;
    }

    private void readFully(byte[] data, int from) throws IOException {
        int buffered = Math.min(in.remaining(), data.length - from);
        in.get(data, from, buffered);
        int done = from + buffered;
        var rest = ByteBuffer.wrap(data);
        while (done < data.length) {
            if (data.length - done >= BUFFER) {
                rest.position(done);
                int n = await(rest);
                if (n < 0) {
                    throw new EOFException("connection closed within a record");
                }
                done += n;
            } else {
                if (!fill()) {
                    throw new EOFException("connection closed within a record");
                }
                int n = Math.min(in.remaining(), data.length - done);
                in.get(data, done, n);
                done += n;
            }
        }
    }

    private boolean fill() throws IOException {
        in.clear();
        try {
            return await(in) > 0;
        } finally {
            in.flip();
        }
    }

    /// Reads some bytes, for at most the time allowed: a blocking channel has no timeout of its own, so it is closed then.
    private int await(ByteBuffer into) throws IOException {
        if (timeout.isZero()) {
            return channel.read(into);
        }
        var alarm =
                ForkJoinPool.commonPool()
                        .schedule(this::expire, timeout.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return channel.read(into);
        } catch (AsynchronousCloseException e) {
            throw expired ? timedOut() : e;
        } catch (ClosedChannelException e) {
            throw expired ? timedOut() : e;
        } finally {
            alarm.cancel(false);
        }
    }

    private static IOException timedOut() {
        return new SocketTimeoutException("no answer in time");
    }

    private void expire() {
        expired = true;
        try {
            channel.close();
        } catch (IOException e) {
            // the reader is told by the closed channel
        }
    }

    private void put(int type, byte[] data) throws IOException {
        put(type, data, 0, data.length);
    }

    private void put(int type, byte[] data, int offset, int length) throws IOException {
        if (pending + 1 + FieldWriter.MAX_NUMBER + length > BUFFER) {
            flush();
        }
        out[pending++] = (byte) type;
        pending = FieldWriter.put(length, out, pending);
        if (pending + length <= BUFFER) {
            System.arraycopy(data, offset, out, pending, length);
            pending += length;
        } else {
            gather(data, offset, length);
        }
    }

    private void gather(byte[] data, int offset, int length) throws IOException {
        var head = ByteBuffer.wrap(out, 0, pending);
        var body = ByteBuffer.wrap(data, offset, length);
        while (body.hasRemaining()) {
            channel.write(new ByteBuffer[] {head, body});
        }
        pending = 0;
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
