// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The mail of one user that goes by itself: what has been in a mailbox for too long, then the oldest of what is too much. The time counts from
/// the moment at which a message came into the mailbox; a message of which nothing tells that, as in an mbox, does not go for its age.
/// A Maildir is locked for a few messages at a time, so that nobody waits for long.
final class Expiry {
    private static final int AT_ONCE = 200;

    private final FolderStore store;
    private final MailboxRules rules;
    private final Clock clock;

    Expiry(FolderStore store, MailboxRules rules, Clock clock) {
        this.store = store;
        this.rules = rules;
        this.clock = clock;
    }

    /// Removes it, mailbox by mailbox.
    List<Expired> run() throws IOException {
        var all = new ArrayList<Expired>();
        for (String name : mailboxes()) {
            MailboxRules.Limits limits = rules.limits(name, store.separator());
            if (limits.any() && store.isThere(name)) {
                Expired gone = in(name, limits);
                if (gone.old() + gone.surplus() > 0) {
                    all.add(gone);
                }
            }
        }
        return all;
    }

    /// The mailboxes that may be meant; without a pattern no directory is listed for them.
    private Set<String> mailboxes() throws IOException {
        var names = new LinkedHashSet<String>();
        boolean patterns = false;
        for (String rule : rules.expiring()) {
            patterns |= MailboxRules.isPattern(rule);
            names.add(MailboxRules.inStore(rule, store.separator()));
        }
        if (patterns) {
            for (MailboxInfo info : store.list()) {
                if (info.selectable()) {
                    names.add(info.name());
                }
            }
        }
        return names;
    }

    private Expired in(String name, MailboxRules.Limits limits) throws IOException {
        try (FolderUse use = store.use(name)) {
            List<? extends StoredMessage> messages = use.look().messages();
            var going = new ArrayList<Long>();
            if (!limits.age().isZero()) {
                Instant oldest = clock.instant().minus(limits.age());
                for (StoredMessage m : messages) {
                    if (m.saved() >= 0 && m.saved() <= oldest.getEpochSecond()) {
                        going.add(m.uid());
                    }
                }
            }
            int old = going.size();
            if (limits.count() > 0) {
                addSurplus(messages, messages.size() - old - limits.count(), going);
            }
            remove(name, use, going);
            return new Expired(name, old, going.size() - old);
        }
    }

    /// The messages with the lowest UIDs came first.
    private static void addSurplus(
            List<? extends StoredMessage> messages, long surplus, List<Long> going) {
        var old = Set.copyOf(going);
        long left = surplus;
        for (int i = 0; i < messages.size() && left > 0; i++) {
            if (!old.contains(messages.get(i).uid())) {
                going.add(messages.get(i).uid());
                left--;
            }
        }
    }

    private void remove(String name, FolderUse use, List<Long> uids) throws IOException {
        int step = store.mailboxesAreFiles() ? Math.max(1, uids.size()) : AT_ONCE;
        for (int from = 0; from < uids.size(); from += step) {
            store.expunge(name, use, uids.subList(from, Math.min(from + step, uids.size())));
        }
    }
}
