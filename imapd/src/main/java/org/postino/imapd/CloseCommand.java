// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;

/// CLOSE (RFC 3501, 6.4.2) expunges in silence, UNSELECT (RFC 3691) does not.
final class CloseCommand {
    private CloseCommand() {}

    static Tagged close(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        args.end();
        var selected = session.selected();
        if (!selected.mailbox().readOnly()) {
            session.counts().expunged += selected.deleted(null).size();
            selected.mailbox().expungeDeleted();
        }
        session.deselect();
        return Tagged.ok("Close completed.");
    }

    static Tagged unselect(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        args.end();
        session.deselect();
        return Tagged.ok("Unselect completed.");
    }
}
