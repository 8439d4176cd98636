// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// ID (RFC 2971). What the client says of itself is checked for form and not used.
final class IdCommand {
    private static final int MAX_PAIRS = 30;

    private IdCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        args.sp();
        if (!args.nil()) {
            pairs(args);
        }
        args.end();
        session.send(new Untagged.Id("Postino"));
        return Tagged.ok("ID completed.");
    }

    private static void pairs(ImapLexer args) throws IOException, ImapSyntaxException {
        args.open();
        if (args.accept(')')) {
            return;
        }
        int count = 0;
        do {
            args.string();
            args.sp();
            if (!args.nil()) {
                args.string();
            }
            if (++count > MAX_PAIRS) {
                throw new ImapSyntaxException("Too many fields");
            }
        } while (args.next());
        args.close();
    }
}
