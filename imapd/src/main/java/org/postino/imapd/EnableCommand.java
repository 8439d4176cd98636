// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import org.postino.imap.Extension;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// ENABLE (RFC 5161): the answer names what this command has enabled.
final class EnableCommand {
    private EnableCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var names = new ArrayList<String>();
        args.sp();
        do {
            names.add(args.atom());
        } while (args.next());
        args.end();
        boolean before = session.enabled().has(Extension.CONDSTORE);
        session.send(new Untagged.Enabled(session.enabled().add(names)));
        session.out().speak(session.enabled().dialect());
        if (!before && session.enabled().has(Extension.CONDSTORE)) {
            ModSeqs.announce(session);
        }
        return Tagged.ok("Enabled.");
    }
}
