// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.fts.IndexerClient;
import org.postino.suite.FtsParams;

/// The full-text index of mailboxes, which indexer(8) makes when it is told to.
///
/// @param indexer nobody if no such index is wanted, or if whoever runs the command may not ask
record FullTextIndex(Optional<IndexerClient> indexer) {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /// The longest time that a mailbox is waited for; it is indexed to its end all the same.
    private static final Duration PATIENCE = Duration.ofHours(1);

    static FullTextIndex of(Config config) {
        Path socket = config.get(MainParams.QUEUE_DIRECTORY).resolve("private/indexer");
        return new FullTextIndex(
                config.get(FtsParams.FTS) && Files.isWritable(socket)
                        ? Optional.of(new IndexerClient(socket, TIMEOUT))
                        : Optional.empty());
    }

    /// Has a mailbox indexed up to its last message.
    void index(String user, String mailbox) throws IOException {
        if (indexer.isPresent() && indexer.get().index(user, mailbox, PATIENCE) < 0) {
            throw new IOException("indexer(8) is not done with it within an hour, and goes on");
        }
    }
}
