// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.io.IOException;
import java.nio.file.Path;
import org.postino.config.MainParams;
import org.postino.fts.Candidates;
import org.postino.fts.TextQuery;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.UserStores;
import org.postino.sasl.UserdbClient;
import org.postino.server.Daemon;
import org.postino.util.ByteNames;
import org.postino.util.Printable;
import org.slf4j.Logger;

/// The indexes of all users: finds them beside the mail, and removes those that are damaged.
final class MailIndexes {
    private final UserdbClient users;
    private final UserStores stores;
    private final MailboxIndexing.Source source;
    private final Daemon daemon;
    private final Logger log;
    private final OpenIndexes open = new OpenIndexes();

    MailIndexes(Daemon daemon, MailboxIndexing.Source source, Logger log) {
        var config = daemon.config();
        var auth = ByteNames.path(config.get(MainParams.AUTH_SOCKET_PATH));
        this.users = UserdbClient.of(daemon.queueDirectory().resolve(auth));
        this.stores = UserStores.of(config, daemon.clock());
        this.source = source;
        this.daemon = daemon;
        this.log = log;
    }

    /// The messages that may meet a condition; [Candidates#NONE] if there is no index that can be read.
    Candidates search(IndexingQueue.Place place, TextQuery query) {
        try (var store = open(place.user())) {
            return store.together(() -> search(store, place, query));
        } catch (IOException e) {
            log.warn("{} is searched without index: {}", place, reason(e));
            return Candidates.NONE;
        }
    }

    private MailStore open(String user) throws IOException {
        var found =
                users.lookup(user, "imap")
                        .orElseThrow(() -> new IOException("user database does not know the user"));
        return stores.open(found);
    }

    private Candidates search(MailStore store, IndexingQueue.Place place, TextQuery query)
            throws IOException {
        Path directory = store.beside(place.mailbox()).resolve(IndexFiles.NAME);
        try {
            return open.ask(store, directory, query);
        } catch (DamagedIndexException e) {
            remove(store, place, directory, e);
            return Candidates.NONE;
        }
    }

    /// Brings the index of a mailbox up to date, and makes it anew if it is damaged.
    ///
    /// @return the number of messages in it
    long index(IndexingQueue.Place place) throws IOException {
        try (var store = open(place.user())) {
            return store.together(() -> index(store, place));
        }
    }

    private long index(MailStore store, IndexingQueue.Place place) throws IOException {
        var indexing = new MailboxIndexing(store, source, daemon::draining);
        try {
            return indexing.run(place.mailbox());
        } catch (DamagedIndexException e) {
            Path directory = store.beside(place.mailbox()).resolve(IndexFiles.NAME);
            remove(store, place, directory, e);
            return indexing.run(place.mailbox());
        }
    }

    private void remove(
            MailStore store, IndexingQueue.Place place, Path directory, DamagedIndexException why)
            throws IOException {
        store.asOwner(() -> {
            IndexFiles.delete(directory);
            return true;
        });
        log.warn("{}: the index was damaged and is made anew: {}", place, reason(why));
    }

    private static String reason(IOException e) {
        return Printable.text(String.valueOf(e.getMessage()), 300);
    }
}
