// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// CAPABILITY (RFC 3501, 6.1.1).
final class CapabilityCommand {
    private CapabilityCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        args.end();
        session.send(new Untagged.Capability(session.capabilities()));
        return Tagged.ok("Capability completed.");
    }
}
