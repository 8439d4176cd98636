// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.util.List;
import org.postino.mailstore.Flags;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.StoreMode;

/// `copy`, `move`, `expunge` and `flags`: changes of the messages that a query finds.
final class MessageChanges {
    /// The messages that are changed at once: few enough to tell how far it is.
    private static final int BATCH = 1000;

    private MessageChanges() {}

    private interface Change {
        void make(Mailbox mailbox, List<Long> uids) throws IOException;
    }

    private static void batches(Visit visit, Mailbox mailbox, List<Long> uids, Change change)
            throws IOException {
        for (int from = 0; from < uids.size(); from += BATCH) {
            change.make(mailbox, uids.subList(from, Math.min(from + BATCH, uids.size())));
            visit.results().progress().step(mailbox.name(), from, uids.size());
        }
    }

    static PostmailCommand.Work copy(Options options) throws PostmailFailure {
        return transfer(options, false);
    }

    static PostmailCommand.Work move(Options options) throws PostmailFailure {
        return transfer(options, true);
    }

    private static PostmailCommand.Work transfer(Options options, boolean move)
            throws PostmailFailure {
        List<String> operands = options.operands(2);
        String to = operands.getFirst();
        MailQuery query = MailQueryParser.parse(operands.subList(1, operands.size()));
        return visit -> {
            MailStore store = visit.store();
            if (!store.exists(to)) {
                visit.failed(PostmailFailure.NOT_FOUND, "there is no mailbox " + to);
                return;
            }
            new Finder(visit, query, !move)
                    .each((from, uids) -> {
                        if (!move) {
                            batches(visit, from, uids, (m, some) -> store.copy(m, some, to));
                        } else if (!store.isOf(from, to)) {
                            batches(visit, from, uids, (m, some) -> store.move(m, some, to));
                        }
                    });
        };
    }

    /// Each branch of the query must name mailboxes and messages: too much is removed easily.
    static PostmailCommand.Work expunge(Options options) throws PostmailFailure {
        MailQuery query = MailQueryParser.parse(options.operands(1));
        if (!query.namesMailboxes()) {
            throw PostmailFailure.usage("each branch of the query must have MAILBOX");
        }
        if (!query.namesMessages()) {
            throw PostmailFailure.usage(
                    "each branch of the query must say which messages; ALL for all of them");
        }
        return visit ->
                new Finder(visit, query, false)
                        .each((mailbox, uids) -> batches(visit, mailbox, uids, Mailbox::expunge));
    }

    static PostmailCommand.Work addFlags(Options options) throws PostmailFailure {
        return flags(options, StoreMode.ADD);
    }

    static PostmailCommand.Work removeFlags(Options options) throws PostmailFailure {
        return flags(options, StoreMode.REMOVE);
    }

    static PostmailCommand.Work replaceFlags(Options options) throws PostmailFailure {
        return flags(options, StoreMode.REPLACE);
    }

    private static PostmailCommand.Work flags(Options options, StoreMode mode)
            throws PostmailFailure {
        List<String> operands = options.operands(2);
        String text = operands.getFirst();
        Flags flags =
                Flags.parse(List.of(text.strip().split(" +", -1)))
                        .orElseThrow(
                                () -> PostmailFailure.usage("there are no such flags: " + text));
        MailQuery query = MailQueryParser.parse(operands.subList(1, operands.size()));
        return visit ->
                new Finder(visit, query, false)
                        .each((mailbox, uids) ->
                                batches(
                                        visit,
                                        mailbox,
                                        uids,
                                        (m, some) -> m.store(some, mode, flags, Long.MAX_VALUE)));
    }
}
