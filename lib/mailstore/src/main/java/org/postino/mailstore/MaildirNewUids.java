// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Gives UIDs to files of a Maildir that have none, in the order in which they were delivered.
final class MaildirNewUids {
    private final UidList uidList;

    MaildirNewUids(UidList uidList) {
        this.uidList = uidList;
    }

    /// The messages with their new UIDs, which stand in the list now. Under its lock, after reading it.
    ///
    /// @param state says whose UIDs were used up: a file that comes back gets a new UID. It forgets the dead when their lines go
    List<MaildirMessage> give(Collection<MaildirMessage> unknown, MaildirState state)
            throws IOException {
        var ordered = new ArrayList<>(unknown);
        ordered.sort(
                Comparator.<MaildirMessage>comparingLong(m -> MaildirName.seconds(m.base()))
                        .thenComparingLong(m -> MaildirName.micros(m.base()))
                        .thenComparing(MaildirMessage::base));
        var bases = new ArrayList<String>(ordered.size());
        for (MaildirMessage m : ordered) {
            bases.add(m.base());
        }
        boolean many = state.deadCount() > 100 && state.deadCount() > uidList.lines() / 4;
        if (many || bases.stream().anyMatch(state::isDead)) {
            rewriteWithout(new HashSet<>(bases), state);
        }
        var entries = uidList.assign(bases);
        var added = new ArrayList<MaildirMessage>(ordered.size());
        for (int i = 0; i < entries.size(); i++) {
            added.add(ordered.get(i).withUid(entries.get(i).uid()));
        }
        return added;
    }

    /// Drops the lines of dead files, and of files that came back.
    private void rewriteWithout(Set<String> returned, MaildirState state) throws IOException {
        var reader = uidList.reader();
        var lines = new ArrayList<UidList.Entry>();
        for (UidList.Entry e : reader.read().entries()) {
            if (!state.isDead(e.base()) && !returned.contains(e.base())) {
                lines.add(e);
            }
        }
        uidList.rewrite(lines);
        state.forgetDead();
    }
}
