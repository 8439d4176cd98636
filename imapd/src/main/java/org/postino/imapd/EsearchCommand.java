// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.postino.imap.Attempts;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.SearchParser;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.Mailbox;

/// ESEARCH, a search in several mailboxes (RFC 7377); found messages are told by UID, a response for each mailbox that has some.
final class EsearchCommand {
    private static final ReturnOptions ALL = ReturnOptions.USUAL;

    /// A mailbox that is not there any more, or that the user may not read, is as one that never was.
    private static final Set<MailStoreException.Problem> GONE =
            EnumSet.of(
                    MailStoreException.Problem.NO_SUCH_MAILBOX,
                    MailStoreException.Problem.MAILBOX_GONE,
                    MailStoreException.Problem.NO_PERMISSION);

    private final ImapSession session;
    private final ReturnOptions returns;
    private final SearchParser.Criteria criteria;
    private final Attempts attempts;

    private EsearchCommand(
            ImapSession session, ReturnOptions returns, SearchParser.Criteria criteria) {
        this.session = session;
        this.returns = returns;
        this.criteria = criteria;
        this.attempts = LongCommand.attemptsInSeveral(session, "search");
    }

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var sources = SearchSources.SELECTED;
        args.sp();
        if (args.acceptWord("IN")) {
            sources = SearchSources.parse(args.sp());
            args.sp();
        }
        var query = SearchQuery.parse(args);
        var returns = query.returns() == null ? ALL : query.returns();
        var criteria = query.criteria();
        if (sources.selected() && session.state() != ImapCommand.State.SELECTED) {
            throw new ImapSyntaxException("No mailbox selected");
        }
        if (!sources.isSelectedAlone() && (returns.saves() || criteria.ofSelected())) {
            throw new ImapSyntaxException("Only the selected mailbox has numbers and $");
        }
        if (returns.updated()) {
            throw new ImapSyntaxException("UPDATE is for SEARCH and SORT");
        }
        if (!criteria.charsetKnown()) {
            return LongCommand.unknownCharset();
        }
        if (criteria.modSeq()) {
            ModSeqs.used(session);
        }
        return new EsearchCommand(session, returns, criteria).search(sources);
    }

    private Tagged search(SearchSources sources) throws IOException {
        if (sources.selected()) {
            inSelected();
        }
        for (var name : sources.names(session.store())) {
            if (!isSelected(name)) {
                in(name);
            } else if (!sources.selected()) {
                inSelected();
            }
        }
        return LongCommand.end(attempts, "Search completed.");
    }

    private boolean isSelected(String name) throws IOException {
        return session.state() == ImapCommand.State.SELECTED
                && session.store().isOf(session.selected().mailbox(), name);
    }

    private void inSelected() throws IOException {
        var selected = session.selected();
        int[] found = LongCommand.search(session).find(criteria.key(), attempts);
        if (returns.saves()) {
            selected.save(returns.chosen(found));
        }
        tell(session.store().nameOf(selected.mailbox()), selected.mailbox(), found);
    }

    private void in(String name) throws IOException {
        try (var mailbox = session.store().open(name, true)) {
            var search = LongCommand.search(session, mailbox);
            tell(name, mailbox, search.find(criteria.key(), attempts));
        } catch (MailStoreException e) {
            if (!GONE.contains(e.problem())) {
                throw e;
            }
        }
    }

    private void tell(String name, Mailbox mailbox, int[] found) throws IOException {
        if (found.length == 0 || returns.isSilent()) {
            return;
        }
        long[] uids = new long[found.length];
        for (int i = 0; i < found.length; i++) {
            uids[i] = mailbox.uid(found[i]);
        }
        var results = returns.results(uids);
        if (criteria.modSeq()) {
            long highest = SearchAnswer.highest(mailbox, returns.chosen(found));
            results.add(new Untagged.Esearch.Result("MODSEQ", Long.toString(highest)));
        }
        var source = new Untagged.Esearch.Source(name, mailbox.uidValidity());
        session.send(new Untagged.Esearch(session.tag(), source, true, results));
    }
}
