// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.imap.FetchItem;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// The grammar of NOTIFY SET (RFC 5465, 8).
final class NotifyParser {
    private static final int MAX_GROUPS = 100;

    private final ImapLexer args;
    private final List<NotifyQuery.Group> groups = new ArrayList<>();
    private NotifyQuery.@Nullable OfSelected selected;
    private boolean selectedNamed;
    private boolean unknown;

    private NotifyParser(ImapLexer args) {
        this.args = args;
    }

    /// Takes the arguments behind SET.
    ///
    /// @return null if there are events among it that we do not know
    static @Nullable NotifyQuery parse(ImapLexer args) throws IOException, ImapSyntaxException {
        var parser = new NotifyParser(args);
        args.sp();
        boolean status = args.acceptWord("STATUS");
        if (status) {
            args.sp();
        }
        int n = 0;
        do {
            if (++n > MAX_GROUPS) {
                throw new ImapSyntaxException("Too many events");
            }
            parser.group();
        } while (args.next());
        args.end();
        return parser.unknown ? null : new NotifyQuery(status, parser.selected, parser.groups);
    }

    private void group() throws IOException, ImapSyntaxException {
        args.open();
        var word = args.keyword();
        if (word.equals("SELECTED") || word.equals("SELECTED-DELAYED")) {
            selected(word.equals("SELECTED-DELAYED"));
        } else {
            var filter = SearchSources.Filter.parse(word, args);
            var events = EnumSet.noneOf(NotifyQuery.Event.class);
            if (events(events) != null) {
                throw new ImapSyntaxException("Items are for the selected mailbox");
            }
            groups.add(new NotifyQuery.Group(filter, Set.copyOf(events)));
        }
        args.close();
    }

    private void selected(boolean delayed) throws IOException, ImapSyntaxException {
        if (selectedNamed) {
            throw new ImapSyntaxException("The selected mailbox is named twice");
        }
        selectedNamed = true;
        var events = EnumSet.noneOf(NotifyQuery.Event.class);
        var items = events(events);
        if (!NotifyQuery.Event.OF_MESSAGES.containsAll(events)) {
            throw new ImapSyntaxException("Only events of messages are for the selected mailbox");
        }
        if (!events.isEmpty()) {
            boolean flags = events.contains(NotifyQuery.Event.FLAG_CHANGE);
            selected =
                    new NotifyQuery.OfSelected(delayed, flags, items == null ? List.of() : items);
        }
    }

    /// Takes `(event event)` or NONE.
    ///
    /// @return the items of MessageNew, null without
    private @Nullable List<FetchItem> events(Set<NotifyQuery.Event> events)
            throws IOException, ImapSyntaxException {
        args.sp();
        if (args.acceptWord("NONE")) {
            return null;
        }
        List<FetchItem> items = null;
        args.open();
        do {
            var event = event(args.atom());
            if (event == null) {
                unknown = true;
                continue;
            }
            events.add(event);
            if (event == NotifyQuery.Event.MESSAGE_NEW && args.acceptText(" (")) {
                items = FetchParser.itemsUpToParenthesis(args);
            }
        } while (args.next());
        args.close();
        requireTogether(events);
        return items;
    }

    private static NotifyQuery.@Nullable Event event(String word) {
        for (var event : NotifyQuery.Event.values()) {
            if (event.word().equalsIgnoreCase(word)) {
                return event;
            }
        }
        return null;
    }

    private static void requireTogether(Set<NotifyQuery.Event> events) throws ImapSyntaxException {
        boolean comes = events.contains(NotifyQuery.Event.MESSAGE_NEW);
        boolean goes = events.contains(NotifyQuery.Event.MESSAGE_EXPUNGE);
        if (comes != goes || (events.contains(NotifyQuery.Event.FLAG_CHANGE) && !comes)) {
            throw new ImapSyntaxException("MessageNew and MessageExpunge belong together");
        }
    }
}
