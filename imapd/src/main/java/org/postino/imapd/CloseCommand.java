// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.postino.imap.Extension;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// CLOSE (RFC 3501, 6.4.2) expunges in silence, UNSELECT (RFC 3691) does not.
final class CloseCommand {
    private CloseCommand() {}

    static Tagged close(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        args.end();
        var code = session.selected().mailbox().readOnly() ? null : expunge(session);
        session.deselect();
        return Tagged.ok(code, "Close completed.");
    }

    /// Expunges; a client that resynchronizes is told the mod-sequence of it (RFC 7162, 3.2.5.1), and no number.
    private static @Nullable ResponseCode expunge(ImapSession session) throws IOException {
        var selected = session.selected();
        int deleted = selected.deleted(null).size();
        session.counts().expunged += deleted;
        selected.mailbox().expungeDeleted();
        if (deleted == 0 || !session.enabled().has(Extension.QRESYNC)) {
            return null;
        }
        selected.mailbox().sync();
        return ResponseCode.highestModSeq(selected.mailbox().highestModSeq());
    }

    static Tagged unselect(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        args.end();
        session.deselect();
        return Tagged.ok("Unselect completed.");
    }
}
