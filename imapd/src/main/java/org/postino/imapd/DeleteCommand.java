// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.List;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// DELETE (RFC 3501, 6.3.4). A session that deletes its selected mailbox ends, as with Dovecot: its client would go on in it.
final class DeleteCommand {
    private DeleteCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var name = args.sp().mailbox();
        args.end();
        boolean own =
                session.state() == ImapCommand.State.SELECTED
                        && session.store().isOf(session.selected().mailbox(), name);
        session.store().delete(name);
        session.awaited().own(List.of(name));
        OldName.announce(session, args.names(), name, List.of("\\NonExistent"));
        if (own) {
            session.deselect();
            session.endAfterwards("Selected mailbox was deleted, have to disconnect.");
        }
        return Tagged.ok("Delete completed.");
    }
}
