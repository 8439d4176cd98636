// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.util.List;

/// `search`: mailbox and UID of each message that a query finds.
record MessageSearch(MailQuery query) implements PostmailCommand.Work {
    static MessageSearch of(Options options) throws PostmailFailure {
        return new MessageSearch(MailQueryParser.parse(options.operands(1)));
    }

    @Override
    public List<Column> columns() {
        return List.of(Column.text("mailbox").untitled(), Column.number("uid").untitled());
    }

    @Override
    public void run(Visit visit) throws IOException {
        new Finder(visit, query, true)
                .each((mailbox, uids) -> {
                    for (long uid : uids) {
                        visit.row(Field.of(mailbox.name()), Field.of(uid));
                    }
                });
    }
}
