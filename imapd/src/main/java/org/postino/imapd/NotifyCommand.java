// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// NOTIFY (RFC 5465).
final class NotifyCommand {
    private NotifyCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        args.sp();
        if (args.acceptWord("NONE")) {
            args.end();
            session.awaited().set(NotifyQuery.NOTHING);
            return Tagged.ok("NOTIFY completed.");
        }
        if (!args.acceptWord("SET")) {
            throw new ImapSyntaxException("Expected SET or NONE");
        }
        var query = NotifyParser.parse(args);
        if (query == null) {
            return Tagged.no(ResponseCode.badEvent(), "Unsupported events.");
        }
        return session.awaited().set(query)
                ? Tagged.ok("NOTIFY completed.")
                : Tagged.no(ResponseCode.NOTIFICATIONOVERFLOW, "Too many mailboxes.");
    }
}
