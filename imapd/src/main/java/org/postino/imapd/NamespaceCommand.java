// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// NAMESPACE (RFC 2342): one, the user's own.
final class NamespaceCommand {
    private NamespaceCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        args.end();
        char separator = session.store().separator();
        var prefix = NamespaceStore.prefix(session.settings().namespacePrefix(), separator);
        session.send(new Untagged.Namespace(prefix, separator));
        return Tagged.ok("Namespace completed.");
    }
}
