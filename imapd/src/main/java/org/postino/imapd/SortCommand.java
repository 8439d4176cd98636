// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.SearchParser;
import org.postino.imap.SortCriterion;
import org.postino.imap.SortTable;

/// SORT and UID SORT (RFC 5256), with RETURN (RFC 5267, 3).
final class SortCommand {
    private SortCommand() {}

    static Tagged run(ImapSession session, ImapLexer args, boolean uid)
            throws IOException, ImapSyntaxException {
        args.sp();
        ReturnOptions returns = null;
        if (args.acceptWord("RETURN")) {
            returns = ReturnOptions.parse(args);
            args.sp();
        }
        var order = SortCriterion.list(args);
        var criteria = SearchParser.criteriaIn(args.sp().astring(), args.sp());
        var answer = new SearchAnswer(true, uid, criteria.modSeq(), returns);
        if (!criteria.charsetKnown()) {
            return answer.end(session, LongCommand.unknownCharset());
        }
        if (criteria.modSeq()) {
            ModSeqs.used(session);
        }
        var mailbox = session.selected().mailbox();
        answer.requireNewTag(session);
        var attempts = LongCommand.attempts(session, "sort");
        var search = LongCommand.search(session);
        int[] found = search.find(criteria.key(), attempts);
        int[] sorted = SortTable.sort(mailbox, found, order, attempts);
        answer.send(session, sorted);
        answer.keepUpdated(session, search, criteria, order, sorted);
        return answer.end(session, LongCommand.end(attempts, "Sort completed."));
    }
}
