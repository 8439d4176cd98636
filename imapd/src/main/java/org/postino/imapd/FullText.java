// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postino.config.Config;
import org.postino.fts.Candidates;
import org.postino.fts.IndexerClient;
import org.postino.imap.Narrowing;
import org.postino.imap.SearchKey;
import org.postino.mailstore.Mailbox;
import org.postino.suite.FtsParams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks indexer(8) which messages a search may find, where that costs less than to look at all of them. One for all sessions.
final class FullText {
    private static final Logger LOG = LoggerFactory.getLogger(FullText.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /// A mailbox with fewer messages is looked through.
    private static final int FEWEST = 100;

    /// The bound for searches in headers alone.
    private static final int FEWEST_HEADERS = 2000;

    private final IndexerClient indexer;
    private final boolean wanted;
    private final Duration wait;
    private final AtomicBoolean complained = new AtomicBoolean();

    private FullText(IndexerClient indexer, boolean wanted, Duration wait) {
        this.indexer = indexer;
        this.wanted = wanted;
        this.wait = wait;
    }

    static FullText of(Config config, Path queueDirectory) {
        return new FullText(
                new IndexerClient(queueDirectory.resolve("private/indexer"), TIMEOUT),
                config.get(FtsParams.FTS),
                config.get(FtsParams.FTS_SEARCH_TIMEOUT));
    }

    /// The messages of a mailbox that a search may find; all, if the index cannot tell.
    ///
    /// @param user whose mailbox it is
    Candidates candidates(String user, Mailbox mailbox, SearchKey key) {
        boolean texts = key.cost() == SearchKey.Cost.BODY;
        if (!wanted || mailbox.size() < (texts ? FEWEST : FEWEST_HEADERS)) {
            return Candidates.NONE;
        }
        var query = Narrowing.of(key);
        if (query.isEmpty()) {
            return Candidates.NONE;
        }
        // an index is made for those alone who look for texts
        long last = texts ? mailbox.uid(mailbox.size()) : 0;
        try {
            var found =
                    indexer.search(
                            user, mailbox.name(), mailbox.uidValidity(), last, wait, query.get());
            complained.set(false);
            return found.validity() == mailbox.uidValidity() ? found : Candidates.NONE;
        } catch (IOException e) {
            if (!complained.getAndSet(true)) {
                LOG.warn("searches go on without index: {}", e.getMessage());
            }
            return Candidates.NONE;
        }
    }
}
