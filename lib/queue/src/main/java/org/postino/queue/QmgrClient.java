// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;

/// Asks the queue manager over `public/qmgr`. It opens one connection when it first needs it and keeps it. Safe for use by several threads.
///
/// The queue manager decides from the peer's identity what it may ask; a refusal is a [QmgrRefusedException].
public final class QmgrClient implements Closeable {
    public static final String INCOMING = "incoming";
    public static final String LIST = "list";
    public static final String FLUSH_ALL = "flush";
    public static final String FLUSH_ID = "flush-id";
    public static final String FLUSH_SITE = "flush-site";
    public static final String OK = "ok";
    public static final String ENTRY = "entry";
    public static final String REFUSED = "refused";

    private final Path socket;
    private final Duration timeout;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable IpcConnection connection;

    /// A client of the queue manager that listens at `socket` (`$queue_directory/public/qmgr`).
    public QmgrClient(Path socket, Duration timeout) {
        this.socket = socket;
        this.timeout = timeout;
    }

    /// Says that a message was committed to the incoming queue; does not wait for an answer.
    public void incoming(QueueId id) throws IOException {
        Message m = Message.of(INCOMING).with("queue_id", id.text()).build();
        lock.lock();
        try {
            boolean kept = connection != null;
            try {
                connected().send(m);
            } catch (IOException e) {
                drop();
                if (!kept) {
                    throw e;
                }
                connected().send(m);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Hands every message in the queue to `sink`, in the order of the queue report.
    public void list(Consumer<QueueEntry> sink) throws IOException {
        try (var c = IpcConnection.connect(socket, timeout)) {
            c.send(Message.of(LIST).build());
            for (Message m = next(c); m.request().equals(ENTRY); m = next(c)) {
                sink.accept(entry(m));
            }
        }
    }

    /// Tries every deferred message now.
    public void flushAll() throws IOException {
        ask(Message.of(FLUSH_ALL).build());
    }

    /// Tries one deferred message now; false if there is no such message.
    public boolean flush(QueueId id) throws IOException {
        return ask(Message.of(FLUSH_ID).with("queue_id", id.text()).build()).number("count") > 0;
    }

    /// Tries every deferred message with a recipient at this domain now; returns how many.
    public int flushSite(String site) throws IOException {
        return (int) ask(Message.of(FLUSH_SITE).with("site", site).build()).number("count");
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            drop();
        } finally {
            lock.unlock();
        }
    }

    private Message ask(Message m) throws IOException {
        try (var c = IpcConnection.connect(socket, timeout)) {
            c.send(m);
            return next(c);
        }
    }

    private static Message next(IpcConnection c) throws IOException {
        Message m = c.receive();
        if (m == null) {
            throw new EOFException("queue manager closed the connection");
        }
        if (m.request().equals(REFUSED)) {
            throw new QmgrRefusedException(m.text("reason"));
        }
        return m;
    }

    private IpcConnection connected() throws IOException {
        IpcConnection c = connection;
        if (c == null) {
            c = IpcConnection.connect(socket, timeout);
            connection = c;
        }
        return c;
    }

    private void drop() throws IOException {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    /// An entry of the list as a message; the queue manager's side of [#list].
    public static Message message(QueueEntry e) {
        var b =
                Message.of(ENTRY)
                        .with("queue_id", e.id().text())
                        .with("queue", e.queue().directory())
                        .with("forced_expire", e.forcedExpire() ? 1 : 0)
                        .with("size", e.size())
                        .with("arrival", e.arrival().toEpochMilli())
                        .with("sender", e.sender());
        for (QueueEntry.Waiting w : e.recipients()) {
            b.with("recipient", w.address());
            b.with("original", w.original());
            b.with("reason", w.reason());
        }
        return b.build();
    }

    private static QueueEntry entry(Message m) throws ProtocolException {
        List<String> addresses = m.all("recipient");
        List<String> originals = m.all("original");
        List<String> reasons = m.all("reason");
        if (originals.size() != addresses.size() || reasons.size() != addresses.size()) {
            throw new ProtocolException("recipients of a queue entry do not add up");
        }
        var waiting = new ArrayList<QueueEntry.Waiting>(addresses.size());
        for (int i = 0; i < addresses.size(); i++) {
            waiting.add(new QueueEntry.Waiting(addresses.get(i), originals.get(i), reasons.get(i)));
        }
        return new QueueEntry(
                QueueId.parse(m.text("queue_id"))
                        .orElseThrow(() -> new ProtocolException("malformed queue id")),
                QueueName.parse(m.text("queue"))
                        .orElseThrow(() -> new ProtocolException("no such queue")),
                m.number("forced_expire") != 0,
                m.number("size"),
                Instant.ofEpochMilli(m.number("arrival")),
                m.text("sender"),
                waiting);
    }
}
