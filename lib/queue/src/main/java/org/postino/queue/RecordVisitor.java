// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;

/// Sees the records of a queue file one after the other, as far as they are in order.
public interface RecordVisitor {
    /// Looks at nothing.
    RecordVisitor NONE =
            new RecordVisitor() {
                @Override
                public void record(long offset, int type, byte[] data) {}

                @Override
                public void content(long offset, long contentOffset, long length) {}
            };

    /// A record of the envelope that begins at `offset`.
    void record(long offset, int type, byte[] data) throws IOException;

    /// The record with the content, which itself begins at `contentOffset`.
    void content(long offset, long contentOffset, long length) throws IOException;
}
