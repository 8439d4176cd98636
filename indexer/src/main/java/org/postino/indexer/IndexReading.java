// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.Bits;
import org.postino.fts.Candidates;
import org.postino.fts.TextQuery;

/// An index that is open for questions. Everything is done as its owner, by one thread at a time.
final class IndexReading implements Closeable {
    private final Directory directory;
    private DirectoryReader reader;
    private IndexState state;
    private Set<String> checked = Set.of();

    private IndexReading(Directory directory, DirectoryReader reader) throws IOException {
        this.directory = directory;
        this.reader = reader;
        this.state = IndexState.of(reader.getIndexCommit().getUserData());
    }

    /// Opens an index and reads it whole, once.
    ///
    /// @return empty if nothing was indexed yet
    /// @throws DamagedIndexException its checksums are wrong, or it is none
    static Optional<IndexReading> open(Path path) throws IOException {
        var files = IndexFiles.open(path);
        boolean isOpen = false;
        try {
            var opened = Damage.watch(() -> new IndexReading(files, DirectoryReader.open(files)));
            Damage.watch(() -> {
                opened.check();
                return true;
            });
            isOpen = true;
            return Optional.of(opened);
        } catch (IndexNotFoundException e) {
            return Optional.empty();
        } finally {
            if (!isOpen) {
                files.close();
            }
        }
    }

    /// Takes up what was written since.
    void renew() throws IOException {
        Damage.watch(() -> {
            var newer = DirectoryReader.openIfChanged(reader);
            if (newer != null) {
                reader.close();
                reader = newer;
                state = IndexState.of(newer.getIndexCommit().getUserData());
                check();
            }
            return true;
        });
    }

    private void check() throws IOException {
        var segments = new HashSet<String>();
        for (LeafReaderContext leaf : reader.leaves()) {
            if (leaf.reader() instanceof SegmentReader segment) {
                String name = segment.getSegmentName();
                if (!checked.contains(name)) {
                    segment.checkIntegrity();
                }
                segments.add(name);
            }
        }
        checked = segments;
    }

    IndexState state() {
        return state;
    }

    /// The number of messages.
    int size() {
        return reader.numDocs();
    }

    /// The messages that may meet a condition.
    Candidates search(TextQuery query) throws IOException {
        long[] uids = Damage.watch(() -> found(GramQueries.of(query)));
        return new Candidates(state.validity(), state.last(), uids);
    }

    private long[] found(Query query) throws IOException {
        var searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null);
        var weight =
                searcher.createWeight(searcher.rewrite(query), ScoreMode.COMPLETE_NO_SCORES, 1);
        List<long[]> parts = new ArrayList<>();
        for (LeafReaderContext leaf : reader.leaves()) {
            Scorer scorer = weight.scorer(leaf);
            if (scorer != null) {
                parts.add(uids(leaf, scorer.iterator()));
            }
        }
        return joined(parts);
    }

    private static long[] uids(LeafReaderContext leaf, DocIdSetIterator found) throws IOException {
        Bits live = leaf.reader().getLiveDocs();
        var uid = DocValues.getNumeric(leaf.reader(), IndexFields.UID);
        long[] uids = new long[64];
        int n = 0;
        for (int doc = found.nextDoc();
                doc != DocIdSetIterator.NO_MORE_DOCS;
                doc = found.nextDoc()) {
            if ((live == null || live.get(doc)) && uid.advanceExact(doc)) {
                if (n == uids.length) {
                    uids = Arrays.copyOf(uids, 2 * n);
                }
                uids[n++] = uid.longValue();
            }
        }
        return Arrays.copyOf(uids, n);
    }

    private static long[] joined(List<long[]> parts) {
        long[] all = new long[parts.stream().mapToInt(part -> part.length).sum()];
        int n = 0;
        for (long[] part : parts) {
            System.arraycopy(part, 0, all, n, part.length);
            n += part.length;
        }
        Arrays.sort(all);
        return all;
    }

    @Override
    public void close() throws IOException {
        try (directory) {
            reader.close();
        }
    }
}
