// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.imap.FetchItem;

/// The arguments of NOTIFY SET (RFC 5465, 3.1).
///
/// @param status the client wants to hear at once how it stands with the mailboxes
/// @param selected what it wants to hear of the selected mailbox; null for nothing
/// @param groups what it wants to hear of others
record NotifyQuery(boolean status, @Nullable OfSelected selected, List<Group> groups) {
    /// Of NOTIFY NONE.
    static final NotifyQuery NOTHING = new NotifyQuery(false, null, List.of());

    /// The events (RFC 5465, 5).
    enum Event {
        MESSAGE_NEW("MessageNew"),
        MESSAGE_EXPUNGE("MessageExpunge"),
        FLAG_CHANGE("FlagChange"),
        MAILBOX_NAME("MailboxName"),
        SUBSCRIPTION_CHANGE("SubscriptionChange"),
        MAILBOX_METADATA_CHANGE("MailboxMetadataChange"),
        SERVER_METADATA_CHANGE("ServerMetadataChange");

        /// Those that concern messages.
        static final Set<Event> OF_MESSAGES = EnumSet.of(MESSAGE_NEW, MESSAGE_EXPUNGE, FLAG_CHANGE);

        private final String word;

        Event(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /// @param delayed numbers of messages change only when a command lets them
    /// @param flags changes of flags are told
    /// @param items what is told of new messages
    record OfSelected(boolean delayed, boolean flags, List<FetchItem> items) {}

    record Group(SearchSources.Filter filter, Set<Event> events) {
        boolean wants(Event event) {
            return events.contains(event);
        }
    }

    boolean wants(Event event) {
        return groups.stream().anyMatch(group -> group.wants(event));
    }
}
