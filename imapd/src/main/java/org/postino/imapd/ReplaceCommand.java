// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.List;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.mailstore.Adding;
import org.postino.mailstore.NoSuchMailboxException;

/// REPLACE and UID REPLACE (RFC 8508): a new message in the place of another; the old one goes when the new one is on the disk.
final class ReplaceCommand {
    private static final Tagged NO_MESSAGE =
            Tagged.no(ResponseCode.NONEXISTENT, "There is no such message.");

    private ReplaceCommand() {}

    static Tagged run(ImapSession session, ImapLexer args, boolean uid)
            throws IOException, ImapSyntaxException {
        long number = args.sp().nonZero();
        var name = args.sp().mailbox();
        args.sp();
        var mailbox = session.selected().mailbox();
        if (!uid && number > mailbox.size()) {
            throw new ImapSyntaxException("Invalid messageset");
        }
        if (mailbox.readOnly()) {
            return Tagged.no(ResponseCode.READ_ONLY, "Mailbox is read-only.");
        }
        long old = uid ? number : mailbox.uid((int) number);
        if (mailbox.sequence(old) == 0) {
            return NO_MESSAGE;
        }
        try (var adding = session.store().adding(name)) {
            new AppendReader(session, args, adding).message();
            args.end();
            return replace(session, adding, old);
        } catch (NoSuchMailboxException _) {
            return Tagged.NO_MAILBOX;
        } catch (AppendRefusedException e) {
            return e.answer();
        }
    }

    /// APPENDUID goes before the EXPUNGE response, which the dispatcher sends.
    private static Tagged replace(ImapSession session, Adding adding, long old) throws IOException {
        var mailbox = session.selected().mailbox();
        // throws if another session was faster: of two who replace a message one must lose
        mailbox.read(old).close();
        session.send(new Untagged.Ok(ResponseCode.appendUid(adding.commit()), "Replaced."));
        mailbox.expunge(List.of(old));
        session.counts().expunged++;
        return Tagged.ok("Replace completed.");
    }
}
