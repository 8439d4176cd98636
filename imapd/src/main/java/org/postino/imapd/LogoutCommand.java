// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// LOGOUT (RFC 3501, 6.1.3).
final class LogoutCommand {
    private LogoutCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        args.end();
        session.logout();
        session.send(new Untagged.Bye("Logging out"));
        return Tagged.ok("Logout completed.");
    }
}
