// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.postino.imap.Attempts;
import org.postino.imap.Progress;
import org.postino.imap.Search;
import org.postino.imap.SearchKey;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.Mailbox;

/// Finds the messages of a query, mailbox by mailbox.
record Finder(Visit visit, MailQuery query, boolean readOnly) {
    /// The number of times that a search shall tell where it would tell a client once.
    private static final long HURRY = 50;

    /// Work on the messages found in one mailbox.
    interface Work {
        /// Does it.
        ///
        /// @param uids ascending; at least one
        void run(Mailbox mailbox, List<Long> uids) throws IOException;
    }

    /// Does work in each mailbox of the user's store that has such messages.
    void each(Work work) throws IOException {
        each(visit.store(), work);
    }

    /// Does work in each mailbox of a store. What fails in one is told, and the next is looked into.
    void each(MailStore store, Work work) throws IOException {
        for (String name : Visit.mailboxes(store)) {
            SearchKey key = query.within(mask -> Visit.isMask(store, mask, name));
            if (key.equals(MailQuery.NONE)) {
                continue;
            }
            try (Mailbox mailbox = store.open(name, readOnly)) {
                List<Long> uids = find(store, mailbox, key);
                if (!uids.isEmpty()) {
                    store.together(() -> {
                        work.run(mailbox, uids);
                        return true;
                    });
                }
            } catch (IOException e) {
                visit.failed(name, e);
            }
        }
    }

    private List<Long> find(MailStore store, Mailbox mailbox, SearchKey key) throws IOException {
        var attempts =
                new Attempts(
                        (uid, fault) -> visit.failed(mailbox.name() + " uid " + uid, fault),
                        progress("searching " + mailbox.name(), mailbox.size()));
        var search = new Search(mailbox, Instant.now());
        return store.together(() -> {
            var uids = new ArrayList<Long>();
            for (int sequence : search.find(key, attempts)) {
                uids.add(mailbox.uid(sequence));
            }
            return uids;
        });
    }

    /// Tells how far a search is, more often than a client would want to hear.
    private Progress progress(String what, int all) {
        return new Progress(
                done -> visit.results().progress().step(what, done, all),
                () -> HURRY * System.nanoTime());
    }
}
