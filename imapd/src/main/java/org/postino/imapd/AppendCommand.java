// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.mailstore.NoSuchMailboxException;

/// APPEND (RFC 3501, 6.3.11) of one message, or of several together, all or none (RFC 3502).
final class AppendCommand {
    private AppendCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var name = args.sp().mailbox();
        args.sp();
        try (var adding = session.store().adding(name)) {
            var reader = new AppendReader(session, args, adding);
            do {
                reader.message();
            } while (args.next());
            args.end();
            return Tagged.ok(ResponseCode.appendUid(adding.commit()), "Append completed.");
        } catch (NoSuchMailboxException _) {
            return Tagged.NO_MAILBOX;
        } catch (AppendRefusedException e) {
            return e.answer();
        }
    }
}
