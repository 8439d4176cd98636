// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.List;
import org.postino.imap.Extension;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// RENAME (RFC 9051, 6.3.6), with the old name in a LIST response for who speaks IMAP4rev2. A session whose selected mailbox gets another name keeps it under that.
final class RenameCommand {
    private RenameCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var from = args.sp().mailbox();
        var to = args.sp().mailbox();
        args.end();
        session.store().rename(from, to);
        if (session.state() == ImapCommand.State.SELECTED) {
            session.store().follow(session.selected().mailbox(), from, to);
        }
        session.awaited().own(List.of(from, to));
        OldName.announce(session, args.names(), to, List.of());
        if (session.enabled().has(Extension.IMAP4REV2) && !from.equals("INBOX")) {
            char separator = session.store().separator();
            session.send(new Untagged.ListLine(false, List.of(), separator, to, false, from));
        }
        return Tagged.ok("Rename completed.");
    }
}
