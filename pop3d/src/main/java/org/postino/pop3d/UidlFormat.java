// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.util.Map;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.SavedUidl;
import org.postino.server.FatalException;
import org.postino.suite.Pop3dParams;
import org.postino.util.VariableText;

/// `pop3_uidl_format`. Changing it makes every client fetch everything again.
final class UidlFormat {
    private static final Map<Character, String> VARIABLES =
            Map.of('u', "uid", 'v', "uidvalidity", 'f', "filename", 'g', "guid");

    private final VariableText text;

    private UidlFormat(VariableText text) {
        this.text = text;
    }

    /// Reads the parameter.
    ///
    /// @throws FatalException it has another variable, or none that differs from message to message
    static UidlFormat of(String format) {
        try {
            var text = VariableText.parse(format, VARIABLES);
            if (!text.has('u') && !text.has('f') && !text.has('g')) {
                throw new IllegalArgumentException("it has none of %u, %f, %g");
            }
            return new UidlFormat(text);
        } catch (IllegalArgumentException e) {
            throw new FatalException(
                    "parameter " + Pop3dParams.POP3_UIDL_FORMAT.name() + ": " + e.getMessage());
        }
    }

    /// True if the messages of this mailbox have what the format names: those of an mbox have no file.
    boolean fits(Mailbox mailbox) {
        boolean files = text.has('f') || text.has('g');
        return !files || mailbox.size() == 0 || !mailbox.fileName(mailbox.uid(1)).isEmpty();
    }

    /// Makes the unique id of a message.
    ///
    /// @param fileName without flags
    String print(long uid, long uidValidity, String fileName, SavedUidl saved) {
        return text.print(letter ->
                switch (letter) {
                    case 'u' -> Long.toString(uid);
                    case 'v' -> Long.toString(uidValidity);
                    case 'g' -> saved.guid().isEmpty() ? fileName : saved.guid();
                    default -> fileName;
                });
    }
}
