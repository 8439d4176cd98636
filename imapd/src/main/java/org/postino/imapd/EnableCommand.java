// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.List;

/// ENABLE (RFC 5161): nothing that we announce needs to be enabled, so the answer is always empty.
final class EnableCommand {
    private EnableCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        args.sp();
        do {
            args.atom();
        } while (args.next());
        args.end();
        session.send(new Untagged.Enabled(List.of()));
        return Tagged.ok("Enabled.");
    }
}
