// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells a client what a SEARCH or SORT has found.
///
/// @param sorted it is the answer to SORT
/// @param modSeq with the highest mod-sequence of what is told (RFC 7162, 3.1.5)
/// @param returns null for a command without RETURN
record SearchAnswer(boolean sorted, boolean uid, boolean modSeq, @Nullable ReturnOptions returns) {
    private static final Set<ReturnOptions.Option> FIRST_OR_LAST =
            EnumSet.of(ReturnOptions.Option.MIN, ReturnOptions.Option.MAX);

    /// @param found sequence numbers, in the order of the answer
    void send(ImapSession session, int[] found) throws IOException {
        var selected = session.selected();
        long[] numbers = selected.named(found, uid);
        Long highest = modSeq && found.length > 0 ? highest(selected, found) : null;
        if (returns == null) {
            session.send(new Untagged.SearchResult(sorted, numbers, highest));
            return;
        }
        var results = returns.results(numbers);
        if (highest != null) {
            results.add(new Untagged.Esearch.Result("MODSEQ", highest.toString()));
        }
        session.send(new Untagged.Esearch(session.tag(), uid, results));
    }

    /// The highest mod-sequence of what is told: all messages found, or only the first, the last or both (RFC 7162, 3.1.10).
    private long highest(Selected selected, int[] found) {
        return Arrays.stream(told(found))
                .mapToLong(sequence -> selected.mailbox().message(sequence).modseq())
                .max()
                .orElse(0);
    }

    private int[] told(int[] found) {
        if (returns == null || !FIRST_OR_LAST.containsAll(returns.options())) {
            return found;
        }
        int first = found[0];
        int last = found[found.length - 1];
        if (!returns.options().contains(ReturnOptions.Option.MAX)) {
            return new int[] {first};
        }
        return returns.options().contains(ReturnOptions.Option.MIN)
                ? new int[] {first, last}
                : new int[] {last};
    }
}
