// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.MailboxInfo;

/// The mailboxes in which ESEARCH looks (RFC 7377, 2.1; RFC 5465, 6).
///
/// @param selected the selected mailbox is among them
record SearchSources(boolean selected, List<Filter> filters) {
    /// The selected mailbox alone.
    static final SearchSources SELECTED = new SearchSources(true, List.of());

    private static final int MAX_NAMES = 1000;

    enum Kind {
        INBOXES,
        PERSONAL,
        SUBSCRIBED,
        SUBTREE,
        SUBTREE_ONE,
        MAILBOXES
    }

    /// @param names of the last three kinds
    record Filter(Kind kind, List<String> names) {
        /// Takes what stands behind the word of a kind.
        static Filter parse(String word, ImapLexer args) throws IOException, ImapSyntaxException {
            return switch (word) {
                case "INBOXES" -> new Filter(Kind.INBOXES, List.of());
                case "PERSONAL" -> new Filter(Kind.PERSONAL, List.of());
                case "SUBSCRIBED" -> new Filter(Kind.SUBSCRIBED, List.of());
                case "SUBTREE" -> new Filter(Kind.SUBTREE, SearchSources.names(args.sp()));
                case "SUBTREE-ONE" -> new Filter(Kind.SUBTREE_ONE, SearchSources.names(args.sp()));
                case "MAILBOXES" -> new Filter(Kind.MAILBOXES, SearchSources.names(args.sp()));
                default -> throw new ImapSyntaxException("Unknown mailbox filter " + word);
            };
        }

        /// True if a mailbox of this name, there or not, is meant.
        boolean has(String name, char separator, Set<String> subscriptions) {
            return switch (kind) {
                case INBOXES -> name.equals("INBOX");
                case PERSONAL -> true;
                case SUBSCRIBED -> subscriptions.contains(name);
                case MAILBOXES -> names.contains(name);
                case SUBTREE -> names.stream().anyMatch(top -> below(name, top, separator) >= 0);
                case SUBTREE_ONE ->
                        names.stream()
                                .map(top -> below(name, top, separator))
                                .anyMatch(levels -> levels == 0 || levels == 1);
            };
        }
    }

    /// True if no other mailbox is looked into.
    boolean isSelectedAlone() {
        return filters.isEmpty();
    }

    /// Takes `(sources)`.
    static SearchSources parse(ImapLexer args) throws IOException, ImapSyntaxException {
        boolean selected = false;
        var filters = new ArrayList<Filter>();
        args.open();
        do {
            var word = args.keyword();
            switch (word) {
                case "SELECTED", "SELECTED-DELAYED" -> selected = true;
                default -> filters.add(Filter.parse(word, args));
            }
        } while (filters.size() < MAX_NAMES && args.next());
        args.close();
        return new SearchSources(selected, filters);
    }

    private static List<String> names(ImapLexer args) throws IOException, ImapSyntaxException {
        if (args.peek() != '(') {
            return List.of(args.mailbox());
        }
        var names = new ArrayList<String>();
        args.open();
        do {
            names.add(args.mailbox());
        } while (names.size() < MAX_NAMES && args.next());
        args.close();
        return names;
    }

    /// The names of the mailboxes other than the selected one, each once; those that do not exist are left out.
    Set<String> names(MailStore store) throws IOException {
        var found = new LinkedHashSet<String>();
        if (filters.isEmpty()) {
            return found;
        }
        var subscriptions = store.subscriptions();
        for (MailboxInfo mailbox : store.list()) {
            for (var filter : filters) {
                if (mailbox.selectable()
                        && filter.has(mailbox.name(), store.separator(), subscriptions)) {
                    found.add(mailbox.name());
                }
            }
        }
        return found;
    }

    /// The number of levels by which a name is below another, 0 for itself; -1 if it is not.
    private static int below(String name, String top, char separator) {
        if (name.equals(top)) {
            return 0;
        }
        boolean isBelow = name.startsWith(top) && name.charAt(top.length()) == separator;
        return isBelow
                ? (int) name.chars().skip(top.length()).filter(c -> c == separator).count()
                : -1;
    }
}
