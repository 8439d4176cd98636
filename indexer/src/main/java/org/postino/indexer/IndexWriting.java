// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.store.Directory;

/// An index that is open for changes, of which there is one at a time. Everything is done as its owner, and by one thread: Lucene starts none.
///
/// What is not committed is lost when it is closed, as it is when the process is killed.
final class IndexWriting implements Closeable {
    private static final double BUFFER_MB = 16;
    private static final double SEGMENTS_PER_TIER = 4;

    private final Directory directory;
    private final IndexWriter writer;
    private IndexState state;
    private long committed;

    private IndexWriting(Directory directory, IndexWriter writer, IndexState state) {
        this.directory = directory;
        this.writer = writer;
        this.state = state;
    }

    /// Opens the index of a mailbox and makes it where it is missing; one of another UIDVALIDITY is emptied.
    ///
    /// @throws DamagedIndexException it cannot be read
    /// @throws org.apache.lucene.store.LockObtainFailedException another process writes it
    static IndexWriting open(Path path, long validity) throws IOException {
        IndexFiles.make(path);
        var files = IndexFiles.open(path);
        boolean isOpen = false;
        try {
            var writer = Damage.watch(() -> new IndexWriter(files, config()));
            var opened = new IndexWriting(files, writer, new IndexState(validity, 0));
            opened.begin();
            isOpen = true;
            return opened;
        } finally {
            if (!isOpen) {
                files.close();
            }
        }
    }

    private static IndexWriterConfig config() {
        var merges = new TieredMergePolicy();
        merges.setSegmentsPerTier(SEGMENTS_PER_TIER);
        merges.setNoCFSRatio(1);
        return new IndexWriterConfig(new Words())
                .setRAMBufferSizeMB(BUFFER_MB)
                .setMergePolicy(merges)
                .setMergeScheduler(new SerialMergeScheduler())
                .setCommitOnClose(false);
    }

    private void begin() throws IOException {
        var before = new HashMap<String, String>();
        for (var entry : writer.getLiveCommitData()) {
            before.put(entry.getKey(), entry.getValue());
        }
        if (before.isEmpty()) {
            writer.deleteAll(); // nothing was ever committed
            return;
        }
        try {
            var there = IndexState.of(before);
            if (there.validity() == state.validity()) {
                state = there;
                committed = there.last();
                return;
            }
        } catch (DamagedIndexException e) {
            writer.rollback();
            throw e;
        }
        writer.deleteAll();
    }

    /// The highest UID that is in the index.
    long last() {
        return state.last();
    }

    /// The highest UID that is in the index for good.
    long committed() {
        return committed;
    }

    /// The number of messages in the index.
    long size() {
        return writer.getDocStats().numDocs;
    }

    /// Adds a message; its UID is the highest so far.
    void add(long uid, IndexedTexts texts) throws IOException {
        Damage.watch(() -> writer.addDocument(IndexFields.document(uid, texts)));
        state = new IndexState(state.validity(), uid);
    }

    /// Removes the messages that are gone.
    ///
    /// @param present the UIDs of those that are there, ascending
    void keep(long[] present) throws IOException {
        Damage.watch(() -> {
            try (var reader = DirectoryReader.open(writer)) {
                var gone = new ArrayList<Term>();
                for (LeafReaderContext leaf : reader.leaves()) {
                    var live = leaf.reader().getLiveDocs();
                    var uid = DocValues.getNumeric(leaf.reader(), IndexFields.UID);
                    for (int doc = 0; doc < leaf.reader().maxDoc(); doc++) {
                        if ((live == null || live.get(doc))
                                && uid.advanceExact(doc)
                                && Arrays.binarySearch(present, uid.longValue()) < 0) {
                            gone.add(IndexFields.key(uid.longValue()));
                        }
                    }
                }
                return writer.deleteDocuments(gone.toArray(Term[]::new));
            }
        });
    }

    /// Makes what was added and removed safe on the disk.
    ///
    /// @param last all messages up to this UID were added or are gone
    void commit(long last) throws IOException {
        state = new IndexState(state.validity(), Math.max(last, state.last()));
        Damage.watch(() -> {
            writer.setLiveCommitData(state.toCommit().entrySet());
            return writer.commit();
        });
        committed = state.last();
    }

    @Override
    public void close() throws IOException {
        try (directory) {
            writer.rollback();
        }
    }
}
