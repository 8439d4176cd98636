// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;

/// SEARCH and UID SEARCH (RFC 3501, 6.4.4), with RETURN (RFC 4731).
final class SearchCommand {
    private SearchCommand() {}

    static Tagged bySequence(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        return run(session, args, false);
    }

    static Tagged byUid(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        return run(session, args, true);
    }

    private static Tagged run(ImapSession session, ImapLexer args, boolean uid)
            throws IOException, ImapSyntaxException {
        var query = SearchParser.query(args);
        var criteria = query.criteria();
        if (!criteria.charsetKnown()) {
            return Search.unknownCharset();
        }
        if (criteria.modSeq()) {
            ModSeqs.used(session);
        }
        var attempts = Attempts.of(session, "search");
        var search = new Search(session.selected().mailbox(), session.clock().instant());
        int[] found = search.find(criteria.key(), attempts);
        new SearchAnswer(false, uid, criteria.modSeq(), query.returns()).send(session, found);
        return attempts.end("Search completed.");
    }
}
