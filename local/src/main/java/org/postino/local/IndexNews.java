// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postino.config.Config;
import org.postino.fts.IndexerClient;
import org.postino.smtp.Delivery;
import org.postino.suite.FtsParams;

/// Tells indexer(8) of mail that was delivered, if it shall be indexed at once. No delivery waits for that, or fails by it.
final class IndexNews {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /// While so many wait for indexer, others are not told: their messages are indexed with the next search.
    private static final int AT_ONCE = 16;

    private final IndexerClient indexer;
    private final boolean wanted;
    private final Set<String> underway = ConcurrentHashMap.newKeySet();

    private IndexNews(IndexerClient indexer, boolean wanted) {
        this.indexer = indexer;
        this.wanted = wanted;
    }

    static IndexNews of(Config config, Path queueDirectory) {
        return new IndexNews(
                new IndexerClient(queueDirectory.resolve("private/indexer"), TIMEOUT),
                config.get(FtsParams.FTS) && config.get(FtsParams.FTS_AUTOINDEX));
    }

    /// Takes note of a delivery to the INBOX of a user.
    Delivery after(String user, Delivery outcome) {
        if (wanted
                && outcome instanceof Delivery.Sent
                && underway.size() < AT_ONCE
                && underway.add(user)) {
            Thread.ofVirtual().name("index news").start(() -> tell(user));
        }
        return outcome;
    }

    private void tell(String user) {
        try {
            indexer.news(user, "INBOX");
        } catch (IOException e) {
            // the message is indexed with the next search
        } finally {
            underway.remove(user);
        }
    }
}
