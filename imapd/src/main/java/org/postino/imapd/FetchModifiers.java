// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.util.Arrays;
import org.postino.mailstore.Mailbox;

/// The modifiers in parentheses behind the items of a FETCH (RFC 4466, 2.5).
///
/// @param changedSince only messages with a greater mod-sequence; -1 for all (RFC 7162, 3.1.4.1)
/// @param vanished tell also what went since (RFC 7162, 3.2.6)
record FetchModifiers(long changedSince, boolean vanished) {
    static final FetchModifiers NONE = new FetchModifiers(-1, false);

    /// @param uid it is a UID FETCH
    static FetchModifiers parse(ImapSession session, ImapLexer args, boolean uid)
            throws ImapSyntaxException {
        if (!args.next()) {
            return NONE;
        }
        long changedSince = -1;
        boolean vanished = false;
        args.open();
        do {
            switch (args.keyword()) {
                case "CHANGEDSINCE" -> changedSince = args.sp().number64();
                case "VANISHED" -> vanished = true;
                default -> throw new ImapSyntaxException("Unknown FETCH modifier");
            }
        } while (args.next());
        args.close();
        if (vanished && (!uid || changedSince < 0 || !session.enabled().has(Extension.QRESYNC))) {
            throw new ImapSyntaxException(
                    "VANISHED needs UID FETCH, CHANGEDSINCE and QRESYNC enabled");
        }
        return new FetchModifiers(changedSince, vanished);
    }

    /// The messages that are wanted of those that were named.
    int[] select(Mailbox mailbox, int[] sequences) {
        return changedSince < 0
                ? sequences
                : Arrays.stream(sequences)
                        .filter(sequence -> mailbox.message(sequence).modseq() > changedSince)
                        .toArray();
    }

    boolean asksForModSeq() {
        return changedSince >= 0;
    }
}
