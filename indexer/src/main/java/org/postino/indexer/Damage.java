// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.jspecify.annotations.Nullable;

/// Tells a damaged index from a fault of the disk.
final class Damage {
    private Damage() {}

    /// Work with an index.
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T run() throws IOException;
    }

    /// Does work of Lucene's, which says in many ways that an index is not as it should be; an index whose bits have been changed makes it throw
    /// whatever its own bugs would.
    ///
    /// @throws DamagedIndexException the index is to be made anew
    static <T extends @Nullable Object> T watch(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (CorruptIndexException
                | IndexFormatTooOldException
                | IndexFormatTooNewException
                | EOFException
                | FileNotFoundException
                | NoSuchFileException e) {
            if (e instanceof IndexNotFoundException) {
                throw e;
            }
            throw new DamagedIndexException(e);
        } catch (RuntimeException e) {
            throw new DamagedIndexException(e);
        }
    }
}
