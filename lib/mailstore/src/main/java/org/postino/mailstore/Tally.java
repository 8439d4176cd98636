// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import org.jspecify.annotations.Nullable;

/// Counts the messages of a folder once for each state of it. Safe for use by several threads.
final class Tally {
    /// The counts of a state.
    ///
    /// @param size sum of the CRLF sizes; -1 if one of them is not known
    record Counts(int unseen, int deleted, long size) {}

    private record Counted(Snapshot<?> state, Counts counts) {}

    private volatile @Nullable Counted last;

    Counts of(Snapshot<?> state) {
        Counted before = last;
        if (before != null && before.state.sharesMessagesWith(state)) {
            return before.counts;
        }
        var now = new Counted(state, count(state));
        last = now;
        return now.counts;
    }

    private static Counts count(Snapshot<?> state) {
        int unseen = 0;
        int deleted = 0;
        long size = 0;
        for (StoredMessage m : state.messages()) {
            unseen += m.flags().contains(Flag.SEEN) ? 0 : 1;
            deleted += m.flags().contains(Flag.DELETED) ? 1 : 0;
            size = size < 0 || m.knownSize() < 0 ? -1 : size + m.knownSize();
        }
        return new Counts(unseen, deleted, size);
    }
}
