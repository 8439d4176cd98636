// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.mailstore.Copied;
import org.postino.mailstore.NoSuchMailboxException;

/// COPY (RFC 3501, 6.4.7), MOVE (RFC 6851) and their UID forms; UIDs are told as RFC 4315 says.
final class CopyCommand {
    private CopyCommand() {}

    static Tagged copy(ImapSession session, ImapLexer args, boolean uid)
            throws IOException, ImapSyntaxException {
        return run(session, args, uid, false);
    }

    static Tagged move(ImapSession session, ImapLexer args, boolean uid)
            throws IOException, ImapSyntaxException {
        return run(session, args, uid, true);
    }

    private static Tagged run(ImapSession session, ImapLexer args, boolean uid, boolean move)
            throws IOException, ImapSyntaxException {
        var set = args.sp().sequenceSet();
        var destination = args.sp().mailbox();
        args.end();
        var selected = session.selected();
        var sequences = selected.sequences(set, uid);
        if (move && selected.mailbox().readOnly()) {
            return Tagged.no(ResponseCode.READ_ONLY, "Mailbox is read-only.");
        }
        if (!session.store().exists(destination)) {
            return Tagged.NO_MAILBOX;
        }
        if (sequences.length == 0) {
            return Tagged.ok("No messages found.");
        }
        var uids = selected.uids(sequences);
        try {
            return move
                    ? moved(session, session.store().move(selected.mailbox(), uids, destination))
                    : copied(session.store().copy(selected.mailbox(), uids, destination));
        } catch (NoSuchMailboxException _) {
            return Tagged.NO_MAILBOX;
        }
    }

    private static Tagged copied(Copied copied) {
        return copied.from().isEmpty()
                ? Tagged.ok("No messages found.")
                : Tagged.ok(code(copied), "Copy completed.");
    }

    /// COPYUID goes before the EXPUNGE responses, which the dispatcher sends.
    private static Tagged moved(ImapSession session, Copied copied) throws IOException {
        if (!copied.from().isEmpty()) {
            session.send(new Untagged.Ok(code(copied), "Moved UIDs."));
            session.counts().expunged += copied.from().size();
        }
        return Tagged.ok(
                copied.from().isEmpty() ? null : ModSeqs.afterExpunge(session), "Move completed.");
    }

    private static ResponseCode code(Copied copied) {
        return ResponseCode.copyUid(copied.uidValidity(), copied.from(), copied.to());
    }
}
