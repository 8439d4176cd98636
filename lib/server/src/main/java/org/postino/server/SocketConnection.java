// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.postino.linux.PeerUser;
import org.postino.util.ByteReader;
import org.postino.util.ClientNetwork;

/// A connection over a TCP socket or a Unix channel.
final class SocketConnection implements Connection {
    private static final int BUFFER = 8192;
    private static final int FAREWELL = 64 * 1024;

    private final @Nullable Socket plain;
    private final @Nullable SocketChannel unix;
    private final String trace;
    private final InputStream direct;
    private final ByteReader in;
    private final Output out;
    private volatile long lastActivity = System.nanoTime();
    private volatile ProxyHeader proxied = ProxyHeader.NONE;
    private @Nullable Socket secure;
    private Duration timeout = Duration.ZERO;
    private volatile boolean closed;
    private volatile boolean known;
    private final long since = System.nanoTime();
    private final Deadline deadline = new Deadline(this::endInput, this::abort);

    SocketConnection(Socket socket, String trace) throws IOException {
        this.plain = socket;
        this.unix = null;
        this.trace = trace;
        socket.setTcpNoDelay(true);
        this.direct = new Input(socket.getInputStream());
        this.in = new ByteReader(direct, BUFFER);
        this.out = new Output(socket.getOutputStream());
    }

    private SocketConnection(SocketChannel unix, String trace) {
        this.plain = null;
        this.unix = unix;
        this.trace = trace;
        this.direct = new UnixInput(unix);
        this.in = new ByteReader(direct, BUFFER);
        this.out = new Output(Channels.newOutputStream(unix));
    }

    /// A connection over an accepted channel of either kind.
    static SocketConnection over(SocketChannel channel, String trace) throws IOException {
        return channel.getLocalAddress() instanceof InetSocketAddress
                ? new SocketConnection(channel.socket(), trace)
                : new SocketConnection(channel, trace);
    }

    @Override
    public ByteReader in() {
        return in;
    }

    @Override
    public boolean inputWaits() throws IOException {
        return in.hasBuffered() || direct.available() > 0;
    }

    @Override
    public boolean inputWithin(Duration time) throws IOException {
        if (plain == null || in.hasBuffered()) {
            return inputWaits();
        }
        Duration before = timeout;
        timeout = time;
        try {
            in.fill();
            return true; // who reads hears of the end
        } catch (SocketTimeoutException e) {
            requireTime();
            return false;
        } finally {
            timeout = before;
        }
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public @Nullable InetSocketAddress peer() {
        InetSocketAddress told = proxied.peer();
        if (told != null) {
            return told;
        }
        return plain != null && plain.getRemoteSocketAddress() instanceof InetSocketAddress a
                ? a
                : null;
    }

    @Override
    public @Nullable InetSocketAddress local() {
        InetSocketAddress told = proxied.local();
        if (told != null) {
            return told;
        }
        return plain != null && plain.getLocalSocketAddress() instanceof InetSocketAddress a
                ? a
                : null;
    }

    @Override
    public void readProxyHeader() throws IOException {
        proxied = ProxyHeader.read(direct);
    }

    /// By what the client is counted among others: its address, or the network that it has for itself; empty on a Unix socket.
    String origin() {
        InetSocketAddress peer = peer();
        return peer == null || peer.getAddress() == null ? "" : ClientNetwork.of(peer.getAddress());
    }

    @Override
    public Optional<PeerUser> peerUser() {
        return unix == null ? Optional.empty() : PeerUser.of(unix);
    }

    @Override
    public void readTimeout(Duration d) throws IOException {
        timeout = d;
        limitRead();
    }

    @Override
    public void deadline(Duration d) {
        if (d.isZero()) {
            deadline.lift();
        } else {
            deadline.set(d);
        }
    }

    /// Lets the next read of the socket wait no longer than it may.
    private void limitRead() throws IOException {
        if (plain != null) {
            long millis = deadline.atMost(timeout).toMillis();
            plain.setSoTimeout(Math.clamp(millis, 0, Integer.MAX_VALUE));
        }
    }

    private int arrived(int n) throws SocketTimeoutException {
        requireTime();
        lastActivity = System.nanoTime();
        return n;
    }

    private void requireTime() throws SocketTimeoutException {
        if (deadline.hasPassed()) {
            throw new SocketTimeoutException("deadline exceeded");
        }
    }

    @Override
    public void known(boolean known) {
        this.known = known;
    }

    boolean isKnown() {
        return known;
    }

    /// The time at which the client connected, in the terms of [System#nanoTime()].
    long since() {
        return since;
    }

    @Override
    public boolean secured() {
        return secure != null;
    }

    @Override
    public void upgrade(SocketLayer layer) throws IOException {
        if (plain == null || secure != null) {
            throw new IOException("this connection cannot be upgraded");
        }
        out.flush();
        limitRead();
        Socket layered = layered(layer, plain);
        secure = layered;
        in.restart(new Input(layered.getInputStream()));
        out.target = layered.getOutputStream();
    }

    private Socket layered(SocketLayer layer, Socket socket) throws IOException {
        try {
            return layer.over(socket);
        } catch (IOException e) {
            if (deadline.hasPassed()) {
                var late = new SocketTimeoutException("the handshake took too long");
                late.initCause(e);
                throw late;
            }
            throw e;
        }
    }

    @Override
    public void acknowledge() {
        if (plain != null) {
            try {
                plain.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
            } catch (IOException | UnsupportedOperationException e) {
                // slower, that is all
                return;
            }
        }
    }

    @Override
    public String trace() {
        return trace;
    }

    /// The time at which bytes last moved, in the terms of [System#nanoTime()].
    long lastActivity() {
        return lastActivity;
    }

    /// Makes a waiting reader see the end of the stream; what we still want to say can be said.
    void endInput() {
        try {
            if (plain != null) {
                plain.shutdownInput();
            } else if (unix != null) {
                unix.shutdownInput();
            }
        } catch (IOException e) {
            abort();
        }
    }

    /// Closes without ceremony; whoever reads or writes gets an exception.
    void abort() {
        closed = true;
        try {
            if (plain != null) {
                plain.close();
            } else if (unix != null) {
                unix.close();
            }
        } catch (IOException e) {
            // closed is all it shall be
        }
    }

    /// Sends what waits, then closes so that the client can read our last words: unread input would reset the connection.
    @Override
    public void close() throws IOException {
        try {
            closeOnce();
        } finally {
            deadline.cancel();
        }
    }

    private void closeOnce() {
        if (closed) {
            return;
        }
        closed = true;
        try (var socket = plain;
                var channel = unix) {
            out.flush();
            if (secure != null) {
                secure.close();
            } else if (socket != null && !socket.isClosed()) {
                socket.shutdownOutput();
                socket.setSoTimeout(1000);
                discard(socket.getInputStream());
            } else if (channel != null && channel.isOpen()) {
                channel.shutdownOutput();
            }
        } catch (IOException e) {
            // the client is gone, which is what we wanted
        }
    }

    private static void discard(InputStream rest) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int total = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        int n = 0;
        while (n >= 0 && total < FAREWELL && System.nanoTime() < end) {
            n = rest.read(buffer);
            total += n;
        }
    }

    /// Notes activity.
    private final class Input extends InputStream {
        private final InputStream source;

        Input(InputStream source) {
            this.source = source;
        }

        @Override
        public int available() throws IOException {
            return source.available();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                limitRead();
                return arrived(source.read(into, offset, length));
            } catch (IOException e) {
                requireTime(); // whatever an input that was ended looks like from within TLS
                throw e;
            }
        }
    }

    /// A blocking channel knows no timeout: an alarm closes it instead.
    private final class UnixInput extends InputStream {
        private final SocketChannel channel;
        private final InputStream source;
        private volatile boolean expired;

        UnixInput(SocketChannel channel) {
            this.channel = channel;
            this.source = Channels.newInputStream(channel);
        }

        @Override
        public int available() throws IOException {
            return source.available();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Duration wait = deadline.atMost(timeout);
            Future<?> alarm =
                    wait.isZero()
                            ? null
                            : ForkJoinPool.commonPool()
                                    .schedule(this::expire, wait.toMillis(), TimeUnit.MILLISECONDS);
            try {
                return arrived(source.read(into, offset, length));
            } catch (ClosedChannelException e) {
                if (expired) {
                    throw new SocketTimeoutException("no input in time");
                }
                throw e;
            } finally {
                if (alarm != null) {
                    alarm.cancel(false);
                }
            }
        }

        private void expire() {
            expired = true;
            try {
                channel.close();
            } catch (IOException e) {
                // the reader is told by the closed channel
            }
        }
    }

    /// A buffer before a stream that an upgrade replaces.
    private final class Output extends OutputStream {
        private final byte[] buffer = new byte[BUFFER];
        private OutputStream target;
        private int used;

        Output(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int b) throws IOException {
            if (used == buffer.length) {
                drain();
            }
            buffer[used++] = (byte) b;
        }

        @Override
        public void write(byte[] data, int offset, int length) throws IOException {
            if (length > buffer.length - used) {
                drain();
            }
            if (length > buffer.length) {
                send(data, offset, length);
            } else {
                System.arraycopy(data, offset, buffer, used, length);
                used += length;
            }
        }

        @Override
        public void flush() throws IOException {
            drain();
            target.flush();
        }

        private void drain() throws IOException {
            int length = used;
            used = 0;
            if (length > 0) {
                send(buffer, 0, length);
            }
        }

        private void send(byte[] data, int offset, int length) throws IOException {
            try {
                target.write(data, offset, length);
            } catch (IOException e) {
                requireTime(); // a connection closed by the alarm
                throw e;
            }
            lastActivity = System.nanoTime();
        }
    }
}
