// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.postino.mailstore.MailboxInfo;

/// `mailbox list`: names, those of mailboxes or those that are subscribed.
///
/// @param masks none for all
record MailboxList(boolean subscribed, List<String> masks) implements PostmailCommand.Work {
    static MailboxList of(Options options) {
        return new MailboxList(options.has('s'), options.operands());
    }

    @Override
    public List<Column> columns() {
        return List.of(Column.text("mailbox").untitled());
    }

    @Override
    public void run(Visit visit) throws IOException {
        for (String name : names(visit)) {
            if (masks.isEmpty() || visit.isMasked(masks, name)) {
                visit.row(Field.of(name));
            }
        }
    }

    private Iterable<String> names(Visit visit) throws IOException {
        return subscribed
                ? new TreeSet<>(visit.store().subscriptions())
                : visit.store().list().stream().map(MailboxInfo::name).toList();
    }
}
