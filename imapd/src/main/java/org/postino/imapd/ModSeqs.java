// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.imap.Extension;
import org.postino.imap.SequenceSet;
import org.postino.mailstore.UidRange;

/// Mod-sequences in the session (RFC 7162): who asks for one is told of all, and what went is told by UID.
final class ModSeqs {
    private static final long LARGEST_UID = 0xffff_ffffL;

    private ModSeqs() {}

    /// Notes that the client has used a command that enables CONDSTORE (RFC 7162, 3.1).
    static void used(ImapSession session) throws IOException {
        if (session.enabled().add(Extension.CONDSTORE)) {
            announce(session);
        }
    }

    /// Tells the highest mod-sequence of a mailbox that was selected before CONDSTORE was enabled.
    static void announce(ImapSession session) throws IOException {
        if (session.state() == ImapCommand.State.SELECTED) {
            long highest = session.selected().mailbox().highestModSeq();
            session.send(new Untagged.Ok(ResponseCode.highestModSeq(highest), "Highest."));
        }
    }

    /// HIGHESTMODSEQ for the tagged response of a command that expunged, if the client resynchronizes (RFC 7162, 3.2.5.1).
    static @Nullable ResponseCode afterExpunge(ImapSession session) throws IOException {
        if (!session.enabled().has(Extension.QRESYNC)) {
            return null;
        }
        var selected = session.selected();
        selected.sync(true);
        return ResponseCode.highestModSeq(selected.mailbox().highestModSeq());
    }

    /// Tells what went after a mod-sequence (RFC 7162, 3.2.10.1).
    ///
    /// @param among the UIDs that the client asks about; null for all
    static void tellVanished(ImapSession session, long since, @Nullable SequenceSet among)
            throws IOException {
        var vanished = session.selected().mailbox().vanished(since);
        var asked = among == null ? vanished : among(vanished, among.resolve(LARGEST_UID));
        if (!asked.isEmpty()) {
            session.send(new Untagged.Vanished(asked, true));
        }
    }

    /// The part of ranges that others cover; both ascending.
    static List<UidRange> among(List<UidRange> ranges, List<SequenceSet.Range> cover) {
        var both = new ArrayList<UidRange>();
        int i = 0;
        int j = 0;
        while (i < ranges.size() && j < cover.size()) {
            UidRange range = ranges.get(i);
            var covered = cover.get(j);
            long first = Math.max(range.first(), covered.first());
            long last = Math.min(range.last(), covered.last());
            if (first <= last) {
                both.add(new UidRange(first, last));
            }
            if (range.last() < covered.last()) {
                i++;
            } else {
                j++;
            }
        }
        return both;
    }
}
