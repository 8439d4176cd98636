// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.postino.imap.Attempts;
import org.postino.imap.FetchItem;
import org.postino.imap.Search;
import org.postino.imap.SearchKey;
import org.postino.imap.SequenceSet;
import org.postino.imap.SortCriterion;
import org.postino.imap.SortTable;
import org.postino.mailstore.Mailbox;

/// A search or sort whose results the client keeps, and of which it is told what comes and goes (RFC 5267, 4.3).
final class SearchContext {
    private final String tag;
    private final boolean uid;
    private final Search search;
    private final SearchKey key;
    private final @Nullable List<SortCriterion> order;
    private final List<FetchItem> items;
    private long[] members;

    /// @param order of a SORT; null for a SEARCH
    /// @param items what the client wants to know of messages that are added
    /// @param members the UIDs that were found, in the order of the results
    SearchContext(
            String tag,
            boolean uid,
            Search search,
            SearchKey key,
            @Nullable List<SortCriterion> order,
            List<FetchItem> items,
            long[] members) {
        this.tag = tag;
        this.uid = uid;
        this.search = search;
        this.key = key;
        this.order = order;
        this.items = items;
        this.members = members.clone();
    }

    String tag() {
        return tag;
    }

    List<FetchItem> items() {
        return items;
    }

    int size() {
        return members.length;
    }

    boolean matches(int sequence) throws IOException {
        return search.matches(key, sequence);
    }

    /// The UIDs of the results, ascending.
    long[] ascending() {
        long[] sorted = members.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    /// Takes results away, and says which; null if there were none of them.
    ///
    /// @param gone tells the UIDs
    /// @param sequences the sequence number of a UID, as the client knows it now
    @Nullable Untagged remove(LongPredicate gone, LongUnaryOperator sequences) {
        var pairs = new ArrayList<String>();
        if (order == null) {
            long[] numbers =
                    Arrays.stream(members).filter(gone).map(m -> name(m, sequences)).toArray();
            Arrays.sort(numbers);
            if (numbers.length > 0) {
                pairs.add("0 " + SequenceSet.print(numbers, numbers.length));
            }
        } else {
            // from the end on, so that each place is still what it was
            for (int i = members.length - 1; i >= 0; i--) {
                if (gone.test(members[i])) {
                    pairs.add((i + 1) + " " + name(members[i], sequences));
                }
            }
        }
        members = Arrays.stream(members).filter(gone.negate()).toArray();
        return response("REMOVEFROM", pairs);
    }

    /// Adds results, and says which; null if there are none.
    ///
    /// @param added sequence numbers, ascending
    @Nullable Untagged add(int[] added, Mailbox mailbox, Attempts attempts) throws IOException {
        if (added.length == 0) {
            return null;
        }
        long[] uids = Arrays.stream(added).mapToLong(mailbox::uid).toArray();
        var pairs = new ArrayList<String>();
        if (order == null) {
            members = together(members, uids);
            Arrays.sort(members);
            long[] numbers = Arrays.stream(uids).map(m -> name(m, mailbox::sequence)).toArray();
            pairs.add("0 " + SequenceSet.print(numbers, numbers.length));
        } else {
            members = sorted(together(members, uids), mailbox, attempts);
            for (int i = 0; i < members.length; i++) {
                if (Arrays.binarySearch(uids, members[i]) >= 0) {
                    pairs.add((i + 1) + " " + name(members[i], mailbox::sequence));
                }
            }
        }
        return response("ADDTO", pairs);
    }

    private long[] sorted(long[] uids, Mailbox mailbox, Attempts attempts) throws IOException {
        int[] sequences =
                Arrays.stream(uids).mapToInt(mailbox::sequence).filter(n -> n > 0).toArray();
        Arrays.sort(sequences);
        int[] ordered =
                SortTable.sort(mailbox, sequences, order == null ? List.of() : order, attempts);
        return Arrays.stream(ordered).mapToLong(mailbox::uid).toArray();
    }

    private static long[] together(long[] some, long[] others) {
        long[] all = Arrays.copyOf(some, some.length + others.length);
        System.arraycopy(others, 0, all, some.length, others.length);
        return all;
    }

    private long name(long member, LongUnaryOperator sequences) {
        return uid ? member : sequences.applyAsLong(member);
    }

    private @Nullable Untagged response(String name, List<String> pairs) {
        var value = "(" + String.join(" ", pairs) + ")";
        return pairs.isEmpty()
                ? null
                : new Untagged.Esearch(
                        tag, null, uid, List.of(new Untagged.Esearch.Result(name, value)));
    }
}
