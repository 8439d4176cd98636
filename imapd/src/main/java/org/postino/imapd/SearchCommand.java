// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;

/// SEARCH and UID SEARCH (RFC 3501, 6.4.4), with RETURN (RFC 4731).
final class SearchCommand {
    private SearchCommand() {}

    static Tagged run(ImapSession session, ImapLexer args, boolean uid)
            throws IOException, ImapSyntaxException {
        var query = SearchParser.query(args.sp());
        var criteria = query.criteria();
        var answer = new SearchAnswer(false, uid, criteria.modSeq(), query.returns());
        if (!criteria.charsetKnown()) {
            return answer.end(session, Search.unknownCharset());
        }
        if (criteria.modSeq()) {
            ModSeqs.used(session);
        }
        var attempts = Attempts.of(session, "search");
        int[] found = Search.of(session).find(criteria.key(), attempts);
        answer.send(session, found);
        return answer.end(session, attempts.end("Search completed."));
    }
}
