// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.postino.mailstore.Flags;
import org.postino.mailstore.MailLocation;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.StoreMode;

/// `backup`: makes a Maildir elsewhere what the user's mail is, with UIDVALIDITY, UIDs, flags, dates and subscriptions. Only what differs is
/// copied. What the other place has and the user has not is removed there; it is touched as the user.
record Backup(String location) implements PostmailCommand.Work {
    /// The messages that are added together.
    private static final int BATCH = 100;

    static Backup of(Options options) throws PostmailFailure {
        return new Backup(options.operands(1, 1).getFirst());
    }

    @Override
    public void run(Visit visit) throws IOException, PostmailFailure {
        var parsed = MailLocation.parse(location, visit.home(), visit.user());
        if (parsed.isEmpty() || !(parsed.get() instanceof MailLocation.Maildir)) {
            throw PostmailFailure.usage(location + ": a backup is a Maildir");
        }
        MailStore from = visit.store();
        try (MailStore to = visit.stores().open(parsed.get(), visit.owner())) {
            List<String> names = Visit.mailboxes(from);
            for (String name : Visit.mailboxes(to).reversed()) {
                if (!names.contains(name)) {
                    to.delete(name);
                }
            }
            for (String name : names) {
                try {
                    mailbox(visit, to, name);
                } catch (IOException e) {
                    visit.failed(name, e);
                }
            }
            subscriptions(from, to);
        }
    }

    private static void subscriptions(MailStore from, MailStore to) throws IOException {
        var wanted = from.subscriptions();
        for (String name : new TreeSet<>(to.subscriptions())) {
            if (!wanted.contains(name)) {
                to.unsubscribe(name);
            }
        }
        for (String name : wanted) {
            if (!to.subscriptions().contains(name)) {
                to.subscribe(name);
            }
        }
    }

    private static void mailbox(Visit visit, MailStore to, String name) throws IOException {
        if (!to.exists(name)) {
            to.create(name);
        }
        try (Mailbox source = visit.store().open(name, true)) {
            try (Mailbox copy = to.open(name, false)) {
                if (!isBeginningOf(source, copy)) {
                    copy.expunge(uids(copy));
                    copy.restart(source.uidValidity());
                }
            }
            try (Mailbox copy = to.open(name, false)) {
                visit.store()
                        .together(() -> {
                            change(source, copy);
                            add(visit, source, copy, to);
                            return true;
                        });
            }
        }
    }

    /// True if the copy can become the source by what may be done to a mailbox: messages are added behind the others, and go.
    private static boolean isBeginningOf(Mailbox source, Mailbox copy) {
        boolean is = source.uidValidity() == copy.uidValidity();
        for (int i = 1; is && i <= source.size() && source.uid(i) < copy.uidNext(); i++) {
            is = copy.sequence(source.uid(i)) > 0;
        }
        return is;
    }

    private static List<Long> uids(Mailbox mailbox) {
        var uids = new ArrayList<Long>();
        for (int i = 1; i <= mailbox.size(); i++) {
            uids.add(mailbox.uid(i));
        }
        return uids;
    }

    /// Removes what is gone, and changes flags.
    private static void change(Mailbox source, Mailbox copy) throws IOException {
        var gone = new ArrayList<Long>();
        Map<Flags, List<Long>> changed = new LinkedHashMap<>();
        for (long uid : uids(copy)) {
            int there = source.sequence(uid);
            if (there == 0) {
                gone.add(uid);
            } else if (!source.flags(there).equals(copy.flags(copy.sequence(uid)))) {
                changed.computeIfAbsent(source.flags(there), _ -> new ArrayList<>()).add(uid);
            }
        }
        if (!gone.isEmpty()) {
            copy.expunge(gone);
        }
        for (var change : changed.entrySet()) {
            copy.store(change.getValue(), StoreMode.REPLACE, change.getKey(), Long.MAX_VALUE);
        }
    }

    private static void add(Visit visit, Mailbox source, Mailbox copy, MailStore to)
            throws IOException {
        int from = source.sequenceFrom(copy.uidNext());
        for (int i = from; i <= source.size(); i += BATCH) {
            visit.results().progress().step("copying " + source.name(), i, source.size());
            var uids = new ArrayList<Long>();
            for (int k = i; k < Math.min(i + BATCH, source.size() + 1); k++) {
                uids.add(source.uid(k));
            }
            Transfer.add(source, uids, to, copy.name(), true);
        }
    }
}
