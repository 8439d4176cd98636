// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.List;
import org.postino.imap.Extension;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.Mailbox;

/// SELECT and EXAMINE (RFC 3501, 6.3.1 and 6.3.2).
final class SelectCommand {
    private SelectCommand() {}

    static Tagged select(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        return run(session, args, false);
    }

    static Tagged examine(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        return run(session, args, true);
    }

    private static Tagged run(ImapSession session, ImapLexer args, boolean readOnly)
            throws IOException, ImapSyntaxException {
        String name;
        try {
            name = args.sp().mailbox();
        } catch (MailStoreException e) {
            closePrevious(session);
            throw e;
        }
        var params = SelectParams.parse(session, args);
        args.end();
        closePrevious(session);
        if (params.condStore() || params.resync() != null) {
            ModSeqs.used(session);
        }
        var selected = session.select(session.store().open(name, readOnly));
        announce(session, selected, OldName.line(session, args.names(), name, List.of()));
        if (params.resync() != null) {
            params.resync().tell(session);
        }
        boolean writable = !selected.mailbox().readOnly();
        return Tagged.ok(
                writable ? ResponseCode.READ_WRITE : ResponseCode.READ_ONLY,
                readOnly ? "Examine completed." : "Select completed.");
    }

    /// Also a SELECT that fails leaves nothing selected.
    private static void closePrevious(ImapSession session) throws IOException {
        if (session.state() == ImapCommand.State.SELECTED) {
            session.deselect();
            session.send(new Untagged.Ok(ResponseCode.CLOSED, "Previous mailbox closed."));
        }
    }

    private static void announce(ImapSession session, Selected selected, Untagged list)
            throws IOException {
        var mailbox = selected.mailbox();
        selected.announceFlags();
        session.send(new Untagged.Exists(mailbox.size()));
        if (session.enabled().has(Extension.IMAP4REV2)) {
            session.send(list);
        } else {
            recentAndUnseen(session, mailbox);
        }
        session.send(
                new Untagged.Ok(ResponseCode.uidValidity(mailbox.uidValidity()), "UIDs valid"));
        session.send(
                new Untagged.Ok(ResponseCode.uidNext(mailbox.uidNext()), "Predicted next UID"));
        session.send(
                new Untagged.Ok(ResponseCode.highestModSeq(mailbox.highestModSeq()), "Highest."));
        session.send(new Untagged.Ok(ResponseCode.mailboxId(mailbox.identity()), "Identifier."));
    }

    /// The responses that IMAP4rev2 has no more.
    private static void recentAndUnseen(ImapSession session, Mailbox mailbox) throws IOException {
        session.send(new Untagged.Recent(mailbox.recent()));
        int unseen = session.enabled().has(Extension.UIDONLY) ? 0 : mailbox.firstUnseen();
        if (unseen > 0) {
            session.send(new Untagged.Ok(ResponseCode.unseen(unseen), "First unseen."));
        }
    }
}
