// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.HashSet;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// CANCELUPDATE (RFC 5267, 4.3.5).
final class CancelUpdateCommand {
    private CancelUpdateCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var tags = new HashSet<String>();
        args.sp();
        do {
            tags.add(args.string());
        } while (args.next());
        args.end();
        return session.selected().contexts().cancel(tags)
                ? Tagged.ok("Updates cancelled.")
                : Tagged.no("Unknown tag.");
    }
}
