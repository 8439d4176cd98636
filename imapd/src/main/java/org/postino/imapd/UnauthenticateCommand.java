// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// UNAUTHENTICATE (RFC 8437): the connection is as it was before log-in, but for TLS. Nothing is expunged; compression ends with
/// the answer.
final class UnauthenticateCommand {
    private UnauthenticateCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        args.end();
        session.leave();
        return Tagged.ok(
                ResponseCode.capability(session.capabilities()), "Log in as whom you like.");
    }
}
