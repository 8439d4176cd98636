// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postino.fts.IndexerClient;
import org.postino.fts.TextQuery;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;
import org.postino.server.Daemon;
import org.postino.server.RequestServer;
import org.postino.suite.Programs;
import org.slf4j.LoggerFactory;

/// indexer(8), which keeps the full-text index of mailboxes. Manual page: `indexer.8`.
///
/// On the socket: what [IndexerClient] says.
final class Indexer implements RequestServer.Service {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final int LONGEST_NAME = 1000;
    private static final int LONGEST_QUERY = 1 << 20;

    private final MailIndexes indexes;
    private final IndexingQueue queue;

    private Indexer(MailIndexes indexes, IndexingQueue queue) {
        this.indexes = indexes;
        this.queue = queue;
    }

    static RequestServer.Service start(Daemon daemon) {
        // Lucene would say that it misses a module of the JDK that is not finished
        Logger.getLogger("org.apache.lucene").setLevel(Level.OFF);
        var log = LoggerFactory.getLogger("indexer");
        var indexes = new MailIndexes(daemon, new MessageTexts(), log);
        var queue = new IndexingQueue(indexes::index, daemon::working, daemon.clock(), log);
        daemon.onDrain(queue::stop);
        return new Indexer(indexes, queue);
    }

    @Override
    public void serve(IpcConnection c) throws IOException {
        c.limitRecords(LONGEST_QUERY);
        for (Message m = c.receive(); m != null; m = c.receive()) {
            var place = new IndexingQueue.Place(name(m, "user"), name(m, "mailbox"));
            switch (m.request()) {
                case IndexerClient.SEARCH -> search(c, m, place);
                case IndexerClient.INDEX -> c.send(indexed(queue.add(place), wait(m)));
                case IndexerClient.NEWS -> {
                    var _ = queue.add(place);
                }
                default -> throw new ProtocolException("unknown request " + m.request());
            }
        }
    }

    private static String name(Message m, String attribute) throws ProtocolException {
        var name = m.text(attribute);
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new ProtocolException("malformed " + attribute);
        }
        return name;
    }

    private static Duration wait(Message m) throws ProtocolException {
        var wait = Duration.ofMillis(Math.max(0, m.number("wait")));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private void search(IpcConnection c, Message m, IndexingQueue.Place place) throws IOException {
        var record = c.receiveRecord();
        if (record.type() != IndexerClient.QUERY) {
            throw new ProtocolException("expected a condition, got " + record);
        }
        var query = TextQuery.parse(record.data());
        var found = indexes.search(place, query);
        long last = m.number("last");
        boolean isBehind = found.validity() != m.number("validity") || found.last() < last;
        if (last > 0 && isBehind) {
            var indexing = queue.add(place);
            var wait = wait(m);
            if (!wait.isZero() && ends(indexing, wait)) {
                found = indexes.search(place, query);
            }
        }
        c.sendRecord(IndexerClient.CANDIDATES, found.toBytes());
        c.flush();
    }

    private static boolean ends(CompletableFuture<Long> indexing, Duration wait) {
        return indexed(indexing, wait).request().equals(IndexerClient.INDEXED);
    }

    private static Message indexed(CompletableFuture<Long> indexing, Duration wait) {
        try {
            long messages = indexing.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            return Message.of(IndexerClient.INDEXED).with("messages", messages).build();
        } catch (TimeoutException e) {
            return Message.of(IndexerClient.LATER).build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Message.of(IndexerClient.LATER).build();
        } catch (ExecutionException e) {
            return Message.of(IndexerClient.FAILED)
                    .with("reason", String.valueOf(e.getMessage()))
                    .build();
        }
    }

    static void main(String[] args) {
        System.exit(RequestServer.run(args, Programs.options("indexer"), Indexer::start));
    }
}
