// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;

/// RENAME (RFC 3501, 6.3.5). A session whose selected mailbox gets another name keeps it under that.
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
        return Tagged.ok("Rename completed.");
    }
}
