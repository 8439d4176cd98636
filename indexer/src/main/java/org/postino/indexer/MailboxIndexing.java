// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.Mailbox;

/// Brings the index of a mailbox up to date: messages that are gone go, new ones come.
final class MailboxIndexing {
    private static final Duration BETWEEN_COMMITS = Duration.ofSeconds(10);

    /// Collects what is indexed of a message.
    @FunctionalInterface
    interface Source {
        /// The texts of a message.
        ///
        /// @throws IOException it cannot be read
        IndexedTexts texts(Mailbox mailbox, long uid) throws IOException;
    }

    private final MailStore store;
    private final Source source;
    private final BooleanSupplier stopped;

    /// @param stopped true if what was done so far must do
    MailboxIndexing(MailStore store, Source source, BooleanSupplier stopped) {
        this.store = store;
        this.source = source;
        this.stopped = stopped;
    }

    /// Indexes one mailbox.
    ///
    /// @return the number of messages in the index
    /// @throws DamagedIndexException the index cannot be read, and must be deleted first
    long run(String name) throws IOException {
        Path directory = store.beside(name).resolve(IndexFiles.NAME);
        try (var mailbox = store.open(name, true)) {
            var index = store.asOwner(() -> IndexWriting.open(directory, mailbox.uidValidity()));
            try {
                update(mailbox, index);
                return index.size();
            } finally {
                store.asOwner(() -> {
                    index.close();
                    return true;
                });
            }
        }
    }

    private void update(Mailbox mailbox, IndexWriting index) throws IOException {
        int first = mailbox.sequenceFrom(index.last() + 1);
        boolean changed = index.size() != first - 1;
        if (changed) {
            long[] present = new long[first - 1];
            Arrays.setAll(present, i -> mailbox.uid(i + 1));
            store.asOwner(() -> {
                index.keep(present);
                return true;
            });
        }
        long last = add(mailbox, first, index);
        if (changed || last > index.committed()) {
            commit(index, last);
        }
    }

    private long add(Mailbox mailbox, int first, IndexWriting index) throws IOException {
        long last = index.last();
        long committed = System.nanoTime();
        for (int i = first; i <= mailbox.size() && !stopped.getAsBoolean(); i++) {
            last = mailbox.uid(i);
            add(mailbox, last, index);
            if (System.nanoTime() - committed > BETWEEN_COMMITS.toNanos()) {
                commit(index, last);
                committed = System.nanoTime();
            }
        }
        return last;
    }

    private void add(Mailbox mailbox, long uid, IndexWriting index) throws IOException {
        IndexedTexts texts;
        try {
            texts = source.texts(mailbox, uid);
        } catch (MailStoreException e) {
            if (e.problem() == MailStoreException.Problem.EXPUNGED) {
                return;
            }
            throw e;
        } catch (IOException e) {
            // who searches will see for himself
            texts = new IndexedTexts();
            texts.setUnknown();
        }
        var all = texts;
        store.asOwner(() -> {
            index.add(uid, all);
            return true;
        });
    }

    private void commit(IndexWriting index, long last) throws IOException {
        store.asOwner(() -> {
            index.commit(last);
            return true;
        });
    }
}
