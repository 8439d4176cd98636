// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.IpcRecord;
import org.postino.ipc.Message;
import org.postino.queue.CleanupClient;
import org.postino.queue.Envelope;
import org.postino.queue.Recipient;

/// Takes what is forwarded and remembers it.
final class FakeCleanup implements Closeable {
    record Taken(Envelope envelope, List<Recipient> given, String content) {
        String sender() {
            return envelope.sender();
        }

        List<String> recipients() {
            return given.stream().map(Recipient::address).toList();
        }
    }

    private final ServerSocketChannel server;
    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private volatile boolean full;

    FakeCleanup(Path socket) throws IOException {
        Files.createDirectories(socket.getParent());
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::accept);
    }

    List<Taken> taken() {
        return taken;
    }

    /// Whether the queue has no room.
    void full(boolean is) {
        full = is;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static Envelope envelope(Message m) throws IOException {
        var attributes = new HashMap<String, String>();
        for (String name : m.names()) {
            if (name.startsWith(CleanupClient.ATTRIBUTE)) {
                attributes.put(name.substring(CleanupClient.ATTRIBUTE.length()), m.text(name));
            }
        }
        return new Envelope(m.text("sender"), Instant.EPOCH, m.text("trace"), attributes);
    }

    private void serve(SocketChannel client) {
        try (var c = IpcConnection.over(client)) {
            for (Message m = c.receive(); m != null; m = c.receive()) {
                if (full) {
                    c.send(
                            Message.of("refused")
                                    .with("code", 452)
                                    .with("status", "4.3.1")
                                    .with("text", "Insufficient system storage")
                                    .with("reason", "queue is full")
                                    .build());
                    c.flush();
                    continue;
                }
                c.send(Message.of("accepted").with("queue_id", "ABCDE12345").build());
                c.flush();
                var recipients = new ArrayList<Recipient>();
                var content = new ByteArrayOutputStream();
                IpcRecord r = c.receiveRecord();
                while (r.type() == CleanupClient.CONTENT || r.type() == CleanupClient.RECIPIENT) {
                    if (r.type() == CleanupClient.CONTENT) {
                        content.write(r.data());
                    } else {
                        recipients.add(Recipient.parse(r.data(), 0));
                    }
                    r = c.receiveRecord();
                }
                if (r.type() == CleanupClient.END) {
                    taken.add(
                            new Taken(
                                    envelope(m),
                                    recipients,
                                    content.toString(StandardCharsets.UTF_8)));
                    c.send(Message.of("queued").with("size", content.size()).build());
                    c.flush();
                }
            }
        } catch (IOException e) {
            // gone
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
