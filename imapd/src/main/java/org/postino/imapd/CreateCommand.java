// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;

/// CREATE (RFC 3501, 6.3.3).
final class CreateCommand {
    private CreateCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var name = args.sp().mailbox();
        args.end();
        session.store().create(name);
        return Tagged.ok("Create completed.");
    }
}
