// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// SEARCH and UID SEARCH (RFC 3501, 6.4.4), with RETURN (RFC 4731).
final class SearchCommand {
    private SearchCommand() {}

    static Tagged run(ImapSession session, ImapLexer args, boolean uid)
            throws IOException, ImapSyntaxException {
        var query = SearchQuery.parse(args.sp());
        var criteria = query.criteria();
        var answer = new SearchAnswer(false, uid, criteria.modSeq(), query.returns());
        if (!criteria.charsetKnown()) {
            return answer.end(session, LongCommand.unknownCharset());
        }
        if (criteria.modSeq()) {
            ModSeqs.used(session);
        }
        answer.requireNewTag(session);
        var attempts = LongCommand.attempts(session, "search");
        var search = LongCommand.search(session);
        int[] found = search.find(criteria.key(), attempts);
        answer.send(session, found);
        answer.keepUpdated(session, search, criteria, null, found);
        return answer.end(session, LongCommand.end(attempts, "Search completed."));
    }
}
