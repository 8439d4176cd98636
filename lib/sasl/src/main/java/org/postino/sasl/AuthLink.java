// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postino.util.ByteNames;
import org.postino.util.ByteReader;

/// A kept connection to auth(8) on which many calls, told apart by their ids, are under way at once.
///
/// A virtual thread reads and hands each answer to its call. When the connection breaks, all its calls fail;
/// a call whose first answer had not come is asked once more on a new connection, since asking twice does no harm.
final class AuthLink implements Closeable {
    /// A connection that nobody used for so long is closed, so that auth(8) may rest.
    private static final Duration IDLE = Duration.ofSeconds(60);

    /// The answer of a connection that broke; no line is empty.
    private static final List<String> BROKEN = List.of();

    private final Path socket;
    private final Duration timeout;
    private final String hello;
    private final String lastOfHandshake;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Wire wire; // guarded by lock

    /// @param hello the lines to send first
    /// @param lastOfHandshake the command of the line that ends the server's handshake
    AuthLink(Path socket, Duration timeout, String hello, String lastOfHandshake) {
        this.socket = socket;
        this.timeout = timeout;
        this.hello = hello;
        this.lastOfHandshake = lastOfHandshake;
    }

    /// The lines with which the server introduced itself.
    List<List<String>> handshake() throws IOException {
        return wire().handshake();
    }

    /// Sends `COMMAND id parameters`.
    ///
    /// @throws IOException the line would be too long, or there is nobody to send it to
    Call start(String command, List<String> parameters) throws IOException {
        return new Call(command, parameters);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            var open = wire;
            wire = null;
            if (open != null) {
                open.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private Wire wire() throws IOException {
        lock.lock();
        try {
            var open = wire;
            if (open == null || open.isBroken()) {
                open = new Wire();
                wire = open;
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    /// A line as it goes out. One that is too long concerns its own call alone: it never comes to the shared connection.
    private byte[] line(List<String> fields) throws IOException {
        byte[] line = ByteNames.encode(AuthProtocol.join(fields));
        if (line.length > AuthProtocol.MAX_LINE) {
            throw new IOException("line too long for " + socket);
        }
        return line;
    }

    /// One question and its answers. Used by one thread.
    final class Call {
        private final String command;
        private final List<String> parameters;
        private Wire on;
        private Pending pending;
        private boolean answered;

        Call(String command, List<String> parameters) throws IOException {
            this.command = command;
            this.parameters = parameters;
            this.on = wire();
            this.pending = on.ask(command, parameters);
        }

        /// Waits for the next answer.
        List<String> answer() throws IOException {
            List<String> answer = on.await(pending);
            if (answer.isEmpty() && !answered) {
                on = wire();
                pending = on.ask(command, parameters);
                answer = on.await(pending);
            }
            if (answer.isEmpty()) {
                throw new IOException("lost connection to " + socket);
            }
            answered = true;
            if (!answer.getFirst().equals("CONT") && !answer.getFirst().equals("LIST")) {
                on.forget(pending);
            }
            return answer;
        }

        /// Sends a further line of this call and waits for its answer.
        List<String> next(String command, String data) throws IOException {
            send(List.of(command, Long.toString(pending.id), data));
            return answer();
        }

        /// Ends this call without an answer.
        void cancel(String command) {
            try {
                send(List.of(command, Long.toString(pending.id)));
            } catch (IOException e) {
                return; // the call ended with its connection
            }
            on.forget(pending);
        }

        private void send(List<String> fields) throws IOException {
            byte[] line = line(fields);
            try {
                on.write(line);
            } catch (IOException e) {
                on.close();
                on.forget(pending);
                throw e;
            }
        }
    }

    private record Pending(long id, BlockingQueue<List<String>> answers) {}

    /// One connection.
    private final class Wire {
        private final SocketChannel channel;
        private final ReentrantLock sending = new ReentrantLock();
        private final Map<Long, Pending> calls = new HashMap<>(); // guarded by itself
        private final BlockingQueue<List<String>> greeting = new LinkedBlockingQueue<>();
        private final List<List<String>> handshake = new ArrayList<>();
        private boolean greeted; // guarded by handshake
        private volatile boolean broken;
        private volatile long lastUse = System.nanoTime();
        private long nextId = 1; // guarded by calls

        Wire() throws IOException {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                write(hello.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                channel.close();
                throw new IOException("connect to " + socket + ": " + e.getMessage(), e);
            }
            Thread.ofVirtual().name("auth-reader").start(this::readAll);
            Thread.ofVirtual().name("auth-idler").start(this::closeWhenIdle);
        }

        boolean isBroken() {
            return broken;
        }

        List<List<String>> handshake() throws IOException {
            synchronized (handshake) {
                while (!greeted) {
                    List<String> line = take(greeting);
                    if (line.isEmpty()) {
                        throw new IOException("lost connection to " + socket);
                    }
                    handshake.add(line);
                    greeted = line.getFirst().equals(lastOfHandshake);
                }
                return List.copyOf(handshake);
            }
        }

        Pending ask(String command, List<String> parameters) throws IOException {
            Pending call;
            byte[] line;
            synchronized (calls) {
                call = new Pending(nextId++, new LinkedBlockingQueue<>());
                var fields = new ArrayList<>(List.of(command, Long.toString(call.id())));
                fields.addAll(parameters);
                line = line(fields);
                calls.put(call.id(), call);
            }
            try {
                write(line);
            } catch (IOException e) {
                close();
            }
            if (broken) {
                call.answers().add(BROKEN);
            }
            return call;
        }

        List<String> await(Pending call) throws IOException {
            return take(call.answers());
        }

        private List<String> take(BlockingQueue<List<String>> queue) throws IOException {
            try {
                List<String> line = queue.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
                if (line == null) {
                    close();
                    throw new IOException(
                            "no answer from " + socket + " in " + timeout.toSeconds() + "s");
                }
                return line;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        void forget(Pending call) {
            lastUse = System.nanoTime();
            synchronized (calls) {
                calls.remove(call.id());
            }
        }

        void write(byte[] bytes) throws IOException {
            lastUse = System.nanoTime();
            sending.lock();
            try {
                var buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } finally {
                sending.unlock();
            }
        }

        private void readAll() {
            try (InputStream in = Channels.newInputStream(channel)) {
                var reader = new ByteReader(in, 4096);
                byte[] line = reader.readLine(AuthProtocol.MAX_LINE);
                while (line.length > 0 && line[line.length - 1] == '\n') {
                    take(AuthProtocol.split(ByteNames.decode(line, 0, line.length - 1)));
                    line = reader.readLine(AuthProtocol.MAX_LINE);
                }
            } catch (IOException e) {
                // Falls through to close(): whoever waits is told.
            } finally {
                close();
            }
        }

        private void take(List<String> line) throws IOException {
            switch (line.getFirst()) {
                case "VERSION" -> {
                    if (line.size() < 2
                            || !line.get(1).equals(Integer.toString(AuthProtocol.MAJOR))) {
                        throw new IOException("protocol version of " + socket + " is not ours");
                    }
                    greeting.add(line);
                }
                case "MECH", "SPID", "CUID", "COOKIE", "DONE" -> {
                    boolean ofCall = line.getFirst().equals("DONE") && line.size() > 1;
                    if (ofCall) {
                        answer(line);
                    } else {
                        greeting.add(line);
                    }
                }
                default -> answer(line);
            }
        }

        private void answer(List<String> line) {
            Pending call = null;
            synchronized (calls) {
                try {
                    call = line.size() < 2 ? null : calls.get(Long.parseLong(line.get(1)));
                } catch (NumberFormatException e) {
                    return; // a command that a later version may have
                }
            }
            if (call != null) {
                call.answers().add(line);
            }
        }

        private void closeWhenIdle() {
            try {
                while (!broken) {
                    Thread.sleep(IDLE.dividedBy(4));
                    synchronized (calls) {
                        if (calls.isEmpty() && System.nanoTime() - lastUse > IDLE.toNanos()) {
                            broken = true;
                        }
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            close();
        }

        void close() {
            broken = true;
            try {
                channel.close();
            } catch (IOException e) {
                // Nothing more to do with it.
            }
            greeting.add(BROKEN);
            synchronized (calls) {
                for (Pending call : calls.values()) {
                    call.answers().add(BROKEN);
                }
            }
        }
    }
}
