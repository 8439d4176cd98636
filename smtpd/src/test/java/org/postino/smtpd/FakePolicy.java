// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A policy server for tests: notes the requests, and answers each as it is told.
final class FakePolicy implements Closeable {
    private final ServerSocketChannel socket;
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();

    /// The requests so far, without the empty line.
    final List<String> requests = new CopyOnWriteArrayList<>();

    final AtomicInteger connections = new AtomicInteger();

    /// The number of connections that have ended.
    final AtomicInteger ended = new AtomicInteger();

    /// Makes the bytes that are sent of a request; an empty text sends nothing, `close` closes the connection.
    volatile Function<String, String> answer = _ -> "action=DUNNO\n\n";

    private FakePolicy(ServerSocketChannel socket, SocketAddress at) throws IOException {
        this.socket = socket;
        socket.bind(at);
        Thread.ofVirtual().start(this::accept);
    }

    static FakePolicy tcp() throws IOException {
        return new FakePolicy(
                ServerSocketChannel.open(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    static FakePolicy unix(Path path) throws IOException {
        return new FakePolicy(
                ServerSocketChannel.open(StandardProtocolFamily.UNIX),
                UnixDomainSocketAddress.of(path));
    }

    void says(String action) {
        answer = _ -> "action=" + action + "\n\n";
    }

    /// `inet:127.0.0.1:PORT`.
    String place() throws IOException {
        return "inet:" + address();
    }

    String address() throws IOException {
        return "127.0.0.1:" + ((InetSocketAddress) socket.getLocalAddress()).getPort();
    }

    private void accept() {
        try {
            while (true) {
                var channel = socket.accept();
                connections.incrementAndGet();
                open.add(channel);
                Thread.ofVirtual().start(() -> serve(channel));
            }
        } catch (IOException e) {
            // closed, at the end
        }
    }

    private void serve(SocketChannel channel) {
        try (channel;
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        Channels.newInputStream(channel), StandardCharsets.UTF_8));
                OutputStream out = Channels.newOutputStream(channel)) {
            var request = new StringBuilder();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isEmpty()) {
                    request.append(line).append('\n');
                    continue;
                }
                String text = request.toString();
                requests.add(text);
                request.setLength(0);
                String reply = answer.apply(text);
                if (reply.equals("close")) {
                    return;
                }
                out.write(reply.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // the client is gone
        } finally {
            ended.incrementAndGet();
        }
    }

    /// The values of an attribute in all requests so far.
    List<String> values(String name) {
        return requests.stream()
                .map(request ->
                        request.lines()
                                .filter(line -> line.startsWith(name + "="))
                                .findFirst()
                                .orElse("=")
                                .split("=", 2)[1])
                .toList();
    }

    /// Closes the connections, and goes on to accept others.
    /// Sends what nobody has asked for, on all connections.
    void sayUnasked(String text) throws IOException {
        for (var channel : open) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    void hangUp() throws IOException {
        for (var channel : open) {
            channel.close();
        }
        open.clear();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        hangUp();
    }
}
