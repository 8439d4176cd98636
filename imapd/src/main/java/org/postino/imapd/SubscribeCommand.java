// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.List;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// SUBSCRIBE and UNSUBSCRIBE (RFC 3501, 6.3.6 and 6.3.7).
final class SubscribeCommand {
    private SubscribeCommand() {}

    static Tagged subscribe(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        var name = args.sp().mailbox();
        args.end();
        if (!session.store().exists(name)) {
            return Tagged.no(ResponseCode.NONEXISTENT, "Mailbox doesn't exist.");
        }
        session.store().subscribe(name);
        session.awaited().own(List.of(name));
        return Tagged.ok("Subscribe completed.");
    }

    static Tagged unsubscribe(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        var name = args.sp().mailbox();
        args.end();
        session.store().unsubscribe(name);
        session.awaited().own(List.of(name));
        return Tagged.ok("Unsubscribe completed.");
    }
}
