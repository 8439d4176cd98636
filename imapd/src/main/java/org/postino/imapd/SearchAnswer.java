// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.Search;
import org.postino.imap.SearchParser;
import org.postino.imap.SortCriterion;
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

    /// Refuses updates under a tag of which the client is told already.
    void requireNewTag(ImapSession session) throws ImapSyntaxException {
        if (updated()) {
            session.selected().contexts().requireNew(session.tag());
        }
    }

    private boolean updated() {
        return returns != null && returns.updated();
    }

    /// Tells from now on how the results change, if the client has asked for it.
    ///
    /// @param order of a SORT; null for a SEARCH
    /// @param found sequence numbers, in the order of the answer
    void keepUpdated(
            ImapSession session,
            Search search,
            SearchParser.Criteria criteria,
            @Nullable List<SortCriterion> order,
            int[] found)
            throws IOException {
        if (returns == null || !updated()) {
            return;
        }
        var selected = session.selected();
        var context =
                new SearchContext(
                        session.tag(),
                        uid,
                        search,
                        criteria.key(),
                        order,
                        returns.updates(),
                        selected.named(found, true));
        selected.contexts().add(context, criteria.ofSelected());
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
