// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postino.mailstore.Mailbox;

/// Tells a client what a SEARCH or SORT has found.
///
/// @param sorted it is the answer to SORT
/// @param modSeq with the highest mod-sequence of what is told (RFC 7162, 3.1.5)
/// @param returns null for a command without RETURN
record SearchAnswer(boolean sorted, boolean uid, boolean modSeq, @Nullable ReturnOptions returns) {
    /// @param found sequence numbers, in the order of the answer
    void send(ImapSession session, int[] found) throws IOException {
        var selected = session.selected();
        int[] chosen = returns == null ? found : returns.chosen(found);
        long[] numbers = selected.named(found, uid);
        Long highest = modSeq && chosen.length > 0 ? highest(selected.mailbox(), chosen) : null;
        if (returns == null) {
            session.send(new Untagged.SearchResult(sorted, numbers, highest));
            return;
        }
        if (returns.saves()) {
            selected.save(chosen);
        }
        if (returns.isSilent()) {
            return;
        }
        var results = returns.results(numbers);
        if (highest != null) {
            results.add(new Untagged.Esearch.Result("MODSEQ", highest.toString()));
        }
        session.send(new Untagged.Esearch(session.tag(), null, uid, results));
    }

    /// The highest mod-sequence of the messages that are told (RFC 7162, 3.1.10).
    static long highest(Mailbox mailbox, int[] told) {
        return Arrays.stream(told)
                .mapToLong(sequence -> mailbox.message(sequence).modseq())
                .max()
                .orElse(0);
    }

    /// The end of the command, `NO` with nothing kept, nor what was kept before (RFC 5182, 2.1).
    Tagged end(ImapSession session, Tagged result) {
        if (result.status() == Tagged.Status.NO && returns != null && returns.saves()) {
            session.selected().save(new int[0]);
        }
        return result;
    }
}
