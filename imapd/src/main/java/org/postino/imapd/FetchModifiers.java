// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postino.imap.Extension;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.mailstore.Mailbox;

/// The modifiers in parentheses behind the items of a FETCH (RFC 4466, 2.5).
///
/// @param changedSince only messages with a greater mod-sequence; -1 for all (RFC 7162, 3.1.4.1)
/// @param vanished tell also what went since (RFC 7162, 3.2.6)
/// @param partial the places of the messages that are wanted of all others; null for all (RFC 9394, 3.3)
record FetchModifiers(long changedSince, boolean vanished, @Nullable PartialRange partial) {
    static final FetchModifiers NONE = new FetchModifiers(-1, false, null);

    /// @param uid it is a UID FETCH
    static FetchModifiers parse(ImapSession session, ImapLexer args, boolean uid)
            throws ImapSyntaxException {
        if (!args.next()) {
            return NONE;
        }
        long changedSince = -1;
        boolean vanished = false;
        PartialRange partial = null;
        args.open();
        do {
            switch (args.keyword()) {
                case "CHANGEDSINCE" -> changedSince = args.sp().number64();
                case "VANISHED" -> vanished = true;
                case "PARTIAL" -> partial = PartialRange.parse(args.sp());
                default -> throw new ImapSyntaxException("Unknown FETCH modifier");
            }
        } while (args.next());
        args.close();
        if (vanished && (!uid || changedSince < 0 || !session.enabled().has(Extension.QRESYNC))) {
            throw new ImapSyntaxException(
                    "VANISHED needs UID FETCH, CHANGEDSINCE and QRESYNC enabled");
        }
        return new FetchModifiers(changedSince, vanished, partial);
    }

    /// The messages that are wanted of those that were named.
    int[] select(Mailbox mailbox, int[] sequences) {
        int[] changed = changedSince < 0 ? sequences : changed(mailbox, sequences);
        int n = changed.length;
        return partial == null
                ? changed
                : Arrays.copyOfRange(changed, partial.from(n), partial.to(n));
    }

    private int[] changed(Mailbox mailbox, int[] sequences) {
        return Arrays.stream(sequences)
                .filter(sequence -> mailbox.message(sequence).modseq() > changedSince)
                .toArray();
    }

    boolean asksForModSeq() {
        return changedSince >= 0;
    }
}
