// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.List;
import org.postino.imap.Extension;
import org.postino.imap.MailboxNames;

/// LIST of a mailbox that a client has called by another name than its own: with OLDNAME (RFC 9051, 6.3.9.7).
final class OldName {
    private OldName() {}

    /// Tells a client of IMAP4rev2 the name of such a mailbox.
    ///
    /// @param attributes of the mailbox
    static void announce(
            ImapSession session, MailboxNames names, String name, List<String> attributes)
            throws IOException {
        if (names.given(name) != null && session.enabled().has(Extension.IMAP4REV2)) {
            session.send(line(session, names, name, attributes));
        }
    }

    /// LIST of a mailbox, with the name that the client has given it if that is another.
    static Untagged line(
            ImapSession session, MailboxNames names, String name, List<String> attributes) {
        char separator = session.store().separator();
        return new Untagged.ListLine(false, attributes, separator, name, false, names.given(name));
    }
}
