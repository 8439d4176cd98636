// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;
import java.util.List;

/// Receives the records of a queue file one by one, up to the first damage.
public interface RecordVisitor {
    /// A visitor that ignores all records.
    RecordVisitor NONE =
            new RecordVisitor() {
                @Override
                public void record(long offset, int type, byte[] data) {}

                @Override
                public void content(long offset, List<Piece> message) {}
            };

    /// A record of the envelope that begins at `offset`.
    void record(long offset, int type, byte[] data) throws IOException;

    /// The record with the content, which begins at `offset`.
    ///
    /// @param message the pieces of the file that make up the message as it is delivered; of a damaged file, the content as it came
    void content(long offset, List<Piece> message) throws IOException;
}
