// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;

/// DELETE (RFC 3501, 6.3.4). The selected mailbox may be deleted; the session then has none.
final class DeleteCommand {
    private DeleteCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var name = args.sp().mailbox();
        args.end();
        boolean own =
                session.state() == ImapCommand.State.SELECTED
                        && session.selected().mailbox().name().equals(name);
        session.store().delete(name);
        if (own) {
            session.deselect();
        }
        return Tagged.ok("Delete completed.");
    }
}
