// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import org.jspecify.annotations.Nullable;
import org.postino.imap.Extension;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// The parameters in parentheses behind the name of a mailbox that is selected (RFC 4466, 2.4).
///
/// @param condStore mod-sequences are asked for (RFC 7162, 3.1.8)
/// @param resync null if the client does not resynchronize
record SelectParams(boolean condStore, @Nullable Resync resync) {
    static SelectParams parse(ImapSession session, ImapLexer args) throws ImapSyntaxException {
        boolean condStore = false;
        Resync resync = null;
        if (!args.next()) {
            return new SelectParams(false, null);
        }
        args.open();
        do {
            switch (args.keyword()) {
                case "CONDSTORE" -> condStore = true;
                case "QRESYNC" -> {
                    if (!session.enabled().has(Extension.QRESYNC)) {
                        throw new ImapSyntaxException("QRESYNC not enabled");
                    }
                    resync = Resync.parse(args.sp());
                }
                default -> throw new ImapSyntaxException("Unknown parameter");
            }
        } while (args.next());
        args.close();
        return new SelectParams(condStore, resync);
    }
}
