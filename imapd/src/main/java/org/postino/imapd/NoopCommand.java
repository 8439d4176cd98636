// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// NOOP and CHECK (RFC 3501, 6.1.2 and 6.4.1): the dispatcher tells what has changed.
final class NoopCommand {
    private NoopCommand() {}

    static Tagged noop(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        args.end();
        return Tagged.ok("NOOP completed.");
    }

    static Tagged check(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        args.end();
        return Tagged.ok("Check completed.");
    }
}
