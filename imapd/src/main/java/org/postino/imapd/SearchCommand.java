// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.login.Login;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.Mailbox;

/// SEARCH and UID SEARCH (RFC 3501, 6.4.4), with RETURN (RFC 4731).
final class SearchCommand {
    private static final Set<SearchParser.Return> FIRST_OR_LAST =
            EnumSet.of(SearchParser.Return.MIN, SearchParser.Return.MAX);

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
        if (query.modSeq()) {
            ModSeqs.used(session);
        }
        var mailbox = session.selected().mailbox();
        var search = new Search(mailbox, session.clock().instant());
        int[] found = new int[64];
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
                found[n++] = i;
            }
        }
        Long modSeq = query.modSeq() && n > 0 ? modSeq(mailbox, query, found, n) : null;
        long[] numbers = new long[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = uid ? mailbox.uid(found[i]) : found[i];
        }
        session.send(
                query.extended()
                        ? extended(session.tag(), uid, query.returns(), numbers, modSeq)
                        : new Untagged.SearchResult(numbers, modSeq));
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

    /// The highest mod-sequence of what is told: all messages found, or only the first, the last or both (RFC 7162, 3.1.10).
    ///
    /// @param n of `found`, at least 1
    private static long modSeq(Mailbox mailbox, SearchParser.Query query, int[] found, int n) {
        if (!query.extended() || !FIRST_OR_LAST.containsAll(query.returns())) {
            return Arrays.stream(found, 0, n)
                    .mapToLong(sequence -> mailbox.message(sequence).modseq())
                    .max()
                    .orElse(0);
        }
        long first = mailbox.message(found[0]).modseq();
        long last = mailbox.message(found[n - 1]).modseq();
        if (!query.returns().contains(SearchParser.Return.MAX)) {
            return first;
        }
        return query.returns().contains(SearchParser.Return.MIN) ? Math.max(first, last) : last;
    }

    private static Untagged extended(
            String tag,
            boolean uid,
            Set<SearchParser.Return> returns,
            long[] found,
            @Nullable Long modSeq) {
        int n = found.length;
        return new Untagged.Esearch(
                tag,
                uid,
                n > 0 && returns.contains(SearchParser.Return.MIN) ? found[0] : null,
                n > 0 && returns.contains(SearchParser.Return.MAX) ? found[n - 1] : null,
                n > 0 && returns.contains(SearchParser.Return.ALL)
                        ? SequenceSet.print(found, n)
                        : null,
                returns.contains(SearchParser.Return.COUNT) ? (long) n : null,
                modSeq);
    }
}
