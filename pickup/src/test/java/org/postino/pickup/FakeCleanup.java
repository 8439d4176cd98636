// SPDX-License-Identifier: Apache-2.0

package org.postino.pickup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.IpcRecord;
import org.postino.ipc.Message;
import org.postino.queue.CleanupClient;
import org.postino.queue.CleanupResult.Refused;
import org.postino.queue.Envelope;
import org.postino.queue.Recipient;

/// Speaks cleanup's protocol, keeps what it gets in memory, and refuses when told to.
final class FakeCleanup implements AutoCloseable {
    /// A message as it was submitted.
    record Got(Envelope envelope, List<String> without, List<String> recipients, String text) {}

    private final Path socket;
    private final List<Got> accepted = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final List<IpcConnection> connections = new CopyOnWriteArrayList<>();
    private volatile @Nullable Refused answer;
    private volatile boolean once;
    private volatile @Nullable ServerSocketChannel listener;

    FakeCleanup(Path socket) {
        this.socket = socket;
    }

    void listen() throws IOException {
        Files.deleteIfExists(socket);
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        listener = channel;
        Thread.ofVirtual().start(() -> accept(channel));
    }

    void answer(@Nullable Refused refusal) {
        once = false;
        answer = refusal;
    }

    void answerOnce(Refused refusal) {
        answer = refusal;
        once = true;
    }

    List<Got> accepted() {
        return accepted;
    }

    int refusals() {
        return refusals.get();
    }

    private void accept(ServerSocketChannel channel) {
        try {
            while (true) {
                SocketChannel peer = channel.accept();
                Thread.ofVirtual().start(() -> serve(peer));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(SocketChannel peer) {
        try (var c = IpcConnection.over(peer)) {
            connections.add(c);
            for (Message m = c.receive(); m != null; m = c.receive()) {
                one(c, m);
            }
        } catch (IOException e) {
            // the other side gave up
        }
    }

    private void one(IpcConnection c, Message m) throws IOException {
        c.send(Message.of("accepted").with("queue_id", "ABCDE12345").build());
        var recipients = new ArrayList<String>();
        var text = new ByteArrayOutputStream();
        for (IpcRecord r = c.receiveRecord();
                r.type() != CleanupClient.END;
                r = c.receiveRecord()) {
            if (r.type() == CleanupClient.RECIPIENT) {
                recipients.add(Recipient.parse(r.data(), 0).address());
            } else {
                text.writeBytes(r.data());
            }
        }
        Refused no = answer;
        if (no != null) {
            answer = once ? null : no;
            c.send(
                    Message.of("refused")
                            .with("code", no.reply().code())
                            .with("status", String.valueOf(no.reply().status()))
                            .with("reason", no.reason())
                            .with("text", no.reply().text())
                            .build());
            refusals.incrementAndGet();
            return;
        }
        c.send(Message.of("queued").with("size", text.size()).build());
        accepted.add(
                new Got(
                        envelope(m),
                        m.all(CleanupClient.WITHOUT),
                        recipients,
                        text.toString(StandardCharsets.ISO_8859_1)));
    }

    private static Envelope envelope(Message m) throws IOException {
        var attributes = new LinkedHashMap<String, String>();
        for (String name : m.names()) {
            if (name.startsWith(CleanupClient.ATTRIBUTE)) {
                attributes.put(name.substring(CleanupClient.ATTRIBUTE.length()), m.text(name));
            }
        }
        return new Envelope(
                m.text("sender"),
                Instant.ofEpochMilli(m.number("arrival")),
                m.text("trace"),
                attributes);
    }

    @Override
    public void close() {
        try {
            ServerSocketChannel channel = listener;
            if (channel != null) {
                channel.close();
            }
            for (IpcConnection c : connections) {
                c.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
