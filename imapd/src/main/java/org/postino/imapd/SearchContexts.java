// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.imap.Attempts;
import org.postino.imap.FetchItem;
import org.postino.imap.ImapSyntaxException;
import org.postino.mailstore.Changes;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.UidRange;

/// The searches in the selected mailbox of which the client is told how their results change (RFC 5267, 4.3): of each look at the mailbox
/// what it has changed.
final class SearchContexts {
    private static final int MOST = 10;
    private static final int MOST_RESULTS = 500_000;

    private final ImapSession session;
    private final Mailbox mailbox;
    private final List<SearchContext> contexts = new ArrayList<>();
    private final Attempts attempts;
    private long tried;

    SearchContexts(ImapSession session, Mailbox mailbox) {
        this.session = session;
        this.mailbox = mailbox;
        this.attempts = LongCommand.unasked(session, "search");
    }

    boolean isEmpty() {
        return contexts.isEmpty();
    }

    /// @throws ImapSyntaxException the client is told of results under this tag already
    void requireNew(String tag) throws ImapSyntaxException {
        if (contexts.stream().anyMatch(context -> context.tag().equals(tag))) {
            throw new ImapSyntaxException("Tag of another search");
        }
    }

    /// Tells of changes from now on; the client hears if we do not.
    ///
    /// @param byNumber a key means other messages when numbers change
    void add(SearchContext context, boolean byNumber) throws IOException {
        int results = contexts.stream().mapToInt(SearchContext::size).sum() + context.size();
        if (byNumber || contexts.size() == MOST || results > MOST_RESULTS) {
            session.send(
                    new Untagged.No(
                            ResponseCode.noUpdate(context.tag()),
                            byNumber
                                    ? "Numbers of messages change."
                                    : "Too many results are kept up to date."));
            return;
        }
        if (contexts.isEmpty()) {
            tried = mailbox.highestModSeq();
        }
        contexts.add(context);
    }

    /// Ends the updates of these searches; false if there is none of one of the tags, and nothing is done.
    boolean cancel(Set<String> tags) {
        var known = new HashSet<String>();
        contexts.forEach(context -> known.add(context.tag()));
        if (!known.containsAll(tags)) {
            return false;
        }
        contexts.removeIf(context -> tags.contains(context.tag()));
        return true;
    }

    /// The items that the client wants of a new message as a result of searches, each once.
    ///
    /// @param others what is wanted of it in any case
    List<FetchItem> items(int sequence, List<FetchItem> others) throws IOException {
        var items = new LinkedHashSet<>(others);
        for (var context : contexts) {
            if (!context.items().isEmpty() && matches(context, sequence)) {
                items.addAll(context.items());
            }
        }
        return List.copyOf(items);
    }

    private boolean matches(SearchContext context, int sequence) throws IOException {
        return attempts.on(mailbox.uid(sequence), () -> context.matches(sequence));
    }

    /// Tells of results that are gone, before the client hears that their numbers are.
    void expunged(Changes changes) throws IOException {
        if (contexts.isEmpty() || changes.expunged().isEmpty()) {
            return;
        }
        var numbers = new HashMap<Long, Integer>();
        var ascending = changes.expunged().reversed().iterator();
        for (UidRange range : changes.vanished()) {
            for (long uid = range.first(); uid <= range.last(); uid++) {
                numbers.put(uid, ascending.next());
            }
        }
        for (var context : contexts) {
            send(context.remove(numbers::containsKey, uid -> numbers.getOrDefault(uid, 0)));
        }
    }

    /// Tells of results that came and went as messages came and flags changed.
    ///
    /// @param first the sequence number of the first new message
    void changed(int first, List<Integer> changed) throws IOException {
        if (contexts.isEmpty()) {
            return;
        }
        int[] open = open(first, new HashSet<>(changed));
        tried = mailbox.highestModSeq();
        for (var context : contexts) {
            update(context, open);
        }
    }

    /// The messages that have changed since all were tried, this session's changes among them.
    private int[] open(int first, Set<Integer> changed) {
        int[] open = new int[mailbox.size()];
        int n = 0;
        for (int i = 1; i <= mailbox.size(); i++) {
            if (i >= first || changed.contains(i) || mailbox.message(i).modseq() > tried) {
                open[n++] = i;
            }
        }
        return Arrays.copyOf(open, n);
    }

    private void update(SearchContext context, int[] open) throws IOException {
        long[] members = context.ascending();
        var gone = new HashSet<Long>();
        int[] added = new int[open.length];
        int n = 0;
        for (int sequence : open) {
            boolean member = Arrays.binarySearch(members, mailbox.uid(sequence)) >= 0;
            boolean matches = matches(context, sequence);
            if (matches && !member) {
                added[n++] = sequence;
            } else if (member && !matches) {
                gone.add(mailbox.uid(sequence));
            }
        }
        send(context.remove(gone::contains, mailbox::sequence));
        send(context.add(Arrays.copyOf(added, n), mailbox, attempts));
    }

    private void send(@Nullable Untagged response) throws IOException {
        if (response != null) {
            session.send(response);
        }
    }
}
