// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The names of mailboxes in a command of a client that speaks UTF-8 (RFC 9051, 5.1): one that is not in the normal form C is taken for
/// the mailbox of the same name in that form, and the client is told so. A mailbox that another program has given a name in another form
/// is found under that.
final class MailboxNames {
    private final Existence existence;
    private final Map<String, String> given = HashMap.newHashMap(1);

    /// Tells whether there is a mailbox of a name.
    @FunctionalInterface
    interface Existence {
        boolean test(String name) throws IOException;
    }

    MailboxNames(Existence existence) {
        this.existence = existence;
    }

    static boolean isNormal(String name) {
        return Normalizer.isNormalized(name, Normalizer.Form.NFC);
    }

    static String normal(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    /// The name of the mailbox that a client means.
    String kept(String name) throws IOException {
        if (isNormal(name) || existence.test(name)) {
            return name;
        }
        var normal = normal(name);
        given.put(normal, name);
        return normal;
    }

    /// Tells a client of IMAP4rev2 the name of a mailbox that it has named otherwise (RFC 9051, 6.3.9.7).
    ///
    /// @param attributes of the mailbox
    void announce(ImapSession session, String name, List<String> attributes) throws IOException {
        if (given.containsKey(name) && session.enabled().has(Extension.IMAP4REV2)) {
            session.send(line(session, name, attributes));
        }
    }

    /// LIST of a mailbox, with the name that the client has given it if that is another.
    Untagged line(ImapSession session, String name, List<String> attributes) {
        char separator = session.store().separator();
        return new Untagged.ListLine(false, attributes, separator, name, false, given.get(name));
    }
}
