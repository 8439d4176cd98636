// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import org.postino.login.Login;
import org.postino.mailstore.MailStoreException;

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
        if (!query.charsetKnown()) {
            return Tagged.no(ResponseCode.badCharset(Search.charsets()), "Unknown charset.");
        }
        var mailbox = session.selected().mailbox();
        var search = new Search(mailbox, session.clock().instant());
        long[] found = new long[64];
        int n = 0;
        boolean someUnreadable = false;
        for (int i = 1; i <= mailbox.size(); i++) {
            boolean matches = false;
            try {
                matches = matches(search, query.key(), i);
            } catch (MailStoreException e) {
                throw e;
            } catch (IOException e) {
                // a file that nobody can read keeps no other message back
                session.log().fault(session.user(), "search of UID " + mailbox.uid(i), e);
                someUnreadable = true;
            }
            if (matches) {
                if (n == found.length) {
                    found = Arrays.copyOf(found, 2 * n);
                }
                found[n++] = uid ? mailbox.uid(i) : i;
            }
        }
        session.send(
                query.extended()
                        ? extended(session.tag(), uid, query.returns(), found, n)
                        : new Untagged.SearchResult(found, n));
        return someUnreadable
                ? Tagged.no(ResponseCode.SERVERBUG, Login.INTERNAL)
                : Tagged.ok("Search completed.");
    }

    /// A message that another session expunged matches nothing that must be read.
    private static boolean matches(Search search, SearchKey key, int sequence) throws IOException {
        try {
            return search.matches(key, sequence);
        } catch (MailStoreException e) {
            if (e.problem() == MailStoreException.Problem.EXPUNGED) {
                return false;
            }
            throw e;
        }
    }

    private static Untagged extended(
            String tag, boolean uid, Set<SearchParser.Return> returns, long[] found, int n) {
        return new Untagged.Esearch(
                tag,
                uid,
                n > 0 && returns.contains(SearchParser.Return.MIN) ? found[0] : null,
                n > 0 && returns.contains(SearchParser.Return.MAX) ? found[n - 1] : null,
                n > 0 && returns.contains(SearchParser.Return.ALL)
                        ? SequenceSet.print(found, n)
                        : null,
                returns.contains(SearchParser.Return.COUNT) ? (long) n : null);
    }
}
