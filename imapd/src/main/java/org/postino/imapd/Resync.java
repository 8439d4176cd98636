// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.postino.imap.Extension;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.SequenceSet;
import org.postino.imap.UidOnly;

/// The state of a client's cache, as it says with SELECT (RFC 7162, 3.2.5).
///
/// @param modSeq the highest that the client has seen
/// @param known the UIDs in its cache; null for all
record Resync(long uidValidity, long modSeq, @Nullable SequenceSet known) {

    /// `(uidvalidity modseq [known-uids] [(known-sequences known-uids)])`. The last is for servers that do not know what went; it is
    /// read, and not needed.
    static Resync parse(ImapLexer args) throws ImapSyntaxException {
        args.open();
        long uidValidity = args.nonZero();
        args.sp();
        long modSeq = args.number64();
        SequenceSet known = null;
        if (args.next() && args.peek() != '(') {
            known = known(args);
            args.blanks();
        }
        if (args.peek() == '(') {
            if (args.has(Extension.UIDONLY)) {
                throw UidOnly.wrong();
            }
            known(args.open());
            known(args.sp());
            args.close();
        }
        args.close();
        return new Resync(uidValidity, modSeq, known);
    }

    /// A set without `*`, which a cache does not need.
    private static SequenceSet known(ImapLexer args) throws ImapSyntaxException {
        var set = args.sequenceSet();
        for (var range : set.ranges()) {
            if (range.first() == SequenceSet.LAST || range.last() == SequenceSet.LAST) {
                throw new ImapSyntaxException("Invalid known set");
            }
        }
        return set;
    }

    /// Tells what has changed since, in the mailbox that was selected just now.
    void tell(ImapSession session) throws IOException, ImapSyntaxException {
        var selected = session.selected();
        var mailbox = selected.mailbox();
        if (uidValidity != mailbox.uidValidity()) {
            return;
        }
        ModSeqs.tellVanished(session, modSeq, known);
        int[] candidates = known == null ? null : selected.sequences(known, true);
        int count = candidates == null ? mailbox.size() : candidates.length;
        for (int i = 0; i < count; i++) {
            int sequence = candidates == null ? i + 1 : candidates[i];
            if (mailbox.message(sequence).modseq() > modSeq) {
                session.send(selected.flags(sequence, true));
            }
        }
    }
}
