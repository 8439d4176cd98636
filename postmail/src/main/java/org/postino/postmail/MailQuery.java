// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.util.List;
import org.postino.imap.SearchKey;

/// A query over mailboxes: IMAP's conditions, and the mailbox in which a message must be.
sealed interface MailQuery {
    /// Messages in the mailboxes that a mask names.
    record Box(String mask) implements MailQuery {}

    /// A condition of IMAP.
    record Leaf(SearchKey key) implements MailQuery {}

    record And(List<MailQuery> all) implements MailQuery {}

    record Or(MailQuery one, MailQuery other) implements MailQuery {}

    record Not(MailQuery query) implements MailQuery {}

    SearchKey EVERY = new SearchKey.All();

    SearchKey NONE = new SearchKey.Not(EVERY);

    /// Tells of which mailboxes a mask is the name.
    interface Masks {
        boolean match(String mask);
    }

    /// The conditions of this query within one mailbox; [#NONE] if no message of it is meant.
    default SearchKey within(Masks masks) {
        return switch (this) {
            case Box(var mask) -> masks.match(mask) ? EVERY : NONE;
            case Leaf(var key) -> key;
            case Not(var query) -> not(query.within(masks));
            case Or(var one, var other) -> or(one.within(masks), other.within(masks));
            case And(var all) -> {
                var keys =
                        all.stream()
                                .map(q -> q.within(masks))
                                .filter(k -> !k.equals(EVERY))
                                .toList();
                yield keys.contains(NONE) ? NONE : keys.isEmpty() ? EVERY : new SearchKey.And(keys);
            }
        };
    }

    private static SearchKey not(SearchKey key) {
        return key.equals(EVERY) ? NONE : key.equals(NONE) ? EVERY : new SearchKey.Not(key);
    }

    private static SearchKey or(SearchKey one, SearchKey other) {
        if (one.equals(EVERY) || other.equals(NONE)) {
            return one;
        }
        return other.equals(EVERY) || one.equals(NONE) ? other : new SearchKey.Or(one, other);
    }

    /// True if each branch names the mailbox.
    default boolean namesMailboxes() {
        return switch (this) {
            case Box _ -> true;
            case Leaf _, Not _ -> false;
            case Or(var one, var other) -> one.namesMailboxes() && other.namesMailboxes();
            case And(var all) -> all.stream().anyMatch(MailQuery::namesMailboxes);
        };
    }

    /// True if each branch has a condition on messages.
    default boolean namesMessages() {
        return switch (this) {
            case Box _ -> false;
            case Leaf _ -> true;
            case Not(var query) -> query.namesMessages();
            case Or(var one, var other) -> one.namesMessages() && other.namesMessages();
            case And(var all) -> all.stream().anyMatch(MailQuery::namesMessages);
        };
    }
}
