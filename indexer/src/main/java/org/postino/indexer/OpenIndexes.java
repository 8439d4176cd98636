// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.fts.Candidates;
import org.postino.fts.TextQuery;
import org.postino.mailstore.MailStore;

/// The indexes that were asked last, kept open. Safe for use by several threads: who asks has an index alone, and another one who asks it
/// meanwhile opens it again.
final class OpenIndexes implements Closeable {
    private static final int MOST = 8;

    private final Map<IndexFiles.Identity, IndexReading> idle = new LinkedHashMap<>();

    /// Asks an index.
    ///
    /// @param query null to learn only how far it goes
    /// @return [Candidates#NONE] if there is none
    /// @throws DamagedIndexException it must be made anew
    Candidates ask(MailStore store, Path directory, @Nullable TextQuery query) throws IOException {
        var identity = store.asOwner(() -> IndexFiles.identity(directory));
        if (identity.isEmpty()) {
            return Candidates.NONE;
        }
        var kept = take(identity.get());
        if (kept != null) {
            return ask(store, identity.get(), kept, true, query);
        }
        var opened = store.asOwner(() -> IndexReading.open(directory));
        return opened.isEmpty()
                ? Candidates.NONE
                : ask(store, identity.get(), opened.get(), false, query);
    }

    private Candidates ask(
            MailStore store,
            IndexFiles.Identity identity,
            IndexReading index,
            boolean isOld,
            @Nullable TextQuery query)
            throws IOException {
        boolean isGood = false;
        try {
            var answer = store.asOwner(() -> ask(index, isOld, query));
            isGood = true;
            return answer;
        } finally {
            if (isGood) {
                give(identity, index);
            } else {
                index.close();
            }
        }
    }

    private static Candidates ask(IndexReading index, boolean isOld, @Nullable TextQuery query)
            throws IOException {
        if (isOld) {
            index.renew();
        }
        var state = index.state();
        return query == null
                ? new Candidates(state.validity(), state.last(), new long[0])
                : index.search(query);
    }

    private synchronized @Nullable IndexReading take(IndexFiles.Identity identity) {
        return idle.remove(identity);
    }

    private void give(IndexFiles.Identity identity, IndexReading index) throws IOException {
        IndexReading superfluous;
        synchronized (this) {
            superfluous = idle.put(identity, index);
            if (superfluous == null && idle.size() > MOST) {
                var oldest = idle.keySet().iterator().next();
                superfluous = idle.remove(oldest);
            }
        }
        if (superfluous != null) {
            superfluous.close();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        for (var index : idle.values()) {
            index.close();
        }
        idle.clear();
    }
}
