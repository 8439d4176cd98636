// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.List;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// EXPUNGE (RFC 3501, 6.4.3) and UID EXPUNGE (RFC 4315, 2.1). The dispatcher tells the numbers.
final class ExpungeCommand {
    private ExpungeCommand() {}

    static Tagged all(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        args.end();
        // what others have marked since counts too
        session.selected().sync(true);
        return expunge(session, session.selected().deleted(null));
    }

    static Tagged some(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        var set = args.sp().sequenceSet();
        args.end();
        session.selected().sync(true);
        return expunge(session, session.selected().deleted(set));
    }

    private static Tagged expunge(ImapSession session, List<Long> uids) throws IOException {
        var mailbox = session.selected().mailbox();
        if (mailbox.readOnly()) {
            return Tagged.no(ResponseCode.READ_ONLY, "Mailbox is read-only.");
        }
        if (!uids.isEmpty()) {
            mailbox.expunge(uids);
            session.counts().expunged += uids.size();
        }
        return Tagged.ok(
                uids.isEmpty() ? null : ModSeqs.afterExpunge(session), "Expunge completed.");
    }
}
