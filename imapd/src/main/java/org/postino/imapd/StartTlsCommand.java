// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// STARTTLS (RFC 3501, 6.2.1): the dispatcher upgrades the connection when the answer is sent.
final class StartTlsCommand {
    private StartTlsCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        args.end();
        if (session.connection().secured()) {
            return Tagged.bad("TLS is already active.");
        }
        if (!session.settings().login().offersTls()) {
            return Tagged.bad("TLS support isn't enabled.");
        }
        session.upgradeNext();
        return Tagged.ok("Begin TLS negotiation now.");
    }
}
