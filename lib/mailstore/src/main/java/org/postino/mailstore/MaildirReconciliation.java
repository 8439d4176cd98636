// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One listing of a Maildir's directories, and what it makes of the known messages. Under the guard and the index lock; runs once.
///
/// `new` is listed first and a session that may claim messages moves them to `cur`, so that a file on its way between the two is met
/// in `cur` at the latest. Known messages whose file is nowhere are dead; files without a known message get the UID of their line,
/// or, under the lock of the UID list, which is read again there, a new one. Publishes the state if all went well.
final class MaildirReconciliation {
    private final MaildirFiles files;
    private final MaildirState state;
    private final MaildirKeywords naming;
    private final MaildirDirectory directory;
    private final UidList uidList;
    private final Snapshot<MaildirMessage> base;
    private final boolean claim;
    private final long modseq;
    private final MaildirFlags shared;
    private final Set<String> claimed = new HashSet<>();
    private Map<String, String> fresh = Map.of();
    private @Nullable Map<String, String> cur;
    private final List<Long> vanished = new ArrayList<>();
    private boolean changed;

    /// @param base the messages known so far
    /// @param claim the session may call new messages recent
    MaildirReconciliation(
            MaildirFiles files,
            MaildirState state,
            MaildirKeywords naming,
            Snapshot<MaildirMessage> base,
            boolean claim) {
        this.files = files;
        this.state = state;
        this.naming = naming;
        this.directory = files.directory();
        this.uidList = files.uidList();
        this.shared = files.shared();
        this.base = base;
        this.claim = claim;
        this.modseq = base.nextModSeq(files.clock());
    }

    /// Lists, compares, and publishes.
    ///
    /// @return UIDs that the session may call recent
    Set<Long> run() throws IOException {
        boolean curChanged =
                state.mustListCur(directory.modified(directory.cur), files.index().isUsable());
        listNew();
        if (cur == null && (curChanged || vanishedFromNew())) {
            listCur();
        }
        var left = new LinkedHashMap<String, MaildirMessage>();
        var kept = keepKnown(left);
        addUnknown(kept, left);
        var next =
                new Snapshot<>(
                        uidList.uidValidity(),
                        Math.max(uidList.nextUid(), base.uidNext()),
                        changed || base.highestModSeq() == 0 ? modseq : base.highestModSeq(),
                        changed ? kept : base.messages(),
                        naming.names());
        if (!vanished.isEmpty()) {
            files.vanished(state, base, modseq, vanished);
        }
        state.reconciled();
        state.publish(next);
        return uidsOf(kept, claimed);
    }

    private static Set<Long> uidsOf(List<MaildirMessage> messages, Set<String> bases) {
        var uids = new HashSet<Long>();
        for (int i = messages.size() - 1; i >= 0 && uids.size() < bases.size(); i--) {
            if (bases.contains(messages.get(i).base())) {
                uids.add(messages.get(i).uid());
            }
        }
        return uids;
    }

    /// Lists `new`, and moves what is there into `cur` if the session may claim it.
    private void listNew() throws IOException {
        var listing = directory.list(directory.fresh);
        var moved = new HashMap<String, String>();
        for (int i = 0; claim && !listing.files().isEmpty() && i < 10; i++) {
            for (var file : listing.files().entrySet()) {
                String suffix = file.getValue().isEmpty() ? ":2," : file.getValue();
                if (move(file.getKey(), file.getValue(), suffix)) {
                    moved.put(file.getKey(), suffix);
                }
            }
            listing = directory.list(directory.fresh);
        }
        fresh = listing.files();
        state.newListed(listing.modified());
        if (!moved.isEmpty()) {
            claimed.addAll(moved.keySet());
            listCur();
        }
    }

    private boolean move(String fileBase, String from, String to) throws IOException {
        try {
            MaildirDirectory.rename(
                    directory.fresh.resolve(fileBase + from), directory.cur.resolve(fileBase + to));
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void listCur() throws IOException {
        var listing = directory.list(directory.cur);
        cur = listing.files();
        state.curListed(listing.modified());
    }

    private boolean vanishedFromNew() {
        for (MaildirMessage m : base.messages()) {
            if (m.inNew() && !fresh.containsKey(m.base())) {
                return true;
            }
        }
        return false;
    }

    /// Known messages that are still there, with their present flags; unknown files are left in `left`.
    private List<MaildirMessage> keepKnown(Map<String, MaildirMessage> left) {
        var kept = new ArrayList<MaildirMessage>(base.messages().size() + 8);
        var known = new HashSet<String>();
        for (MaildirMessage m : base.messages()) {
            UidList.Entry again = state.listed(m.base());
            if (again != null && again.uid() != m.uid()) {
                vanished.add(m.uid());
                changed = true;
                continue;
            }
            state.meet(m.base());
            MaildirMessage now = look(m);
            if (now == null) {
                state.bury(m.base());
                vanished.add(m.uid());
                changed = true;
                continue;
            }
            if (claim && now.unclaimed()) {
                claimed.add(now.base());
                now = now.withUnclaimed(false);
            }
            changed |= !now.equals(m);
            kept.add(now);
            known.add(m.base());
        }
        collect(fresh, true, known, left);
        if (cur != null) {
            collect(cur, false, known, left);
        }
        return kept;
    }

    private void collect(
            Map<String, String> files,
            boolean inNew,
            Set<String> known,
            Map<String, MaildirMessage> left) {
        for (var file : files.entrySet()) {
            if (!known.contains(file.getKey())) {
                left.put(file.getKey(), unknown(file.getKey(), file.getValue(), inNew));
            }
        }
    }

    private @Nullable MaildirMessage look(MaildirMessage m) {
        String suffix = cur == null ? null : cur.get(m.base());
        if (suffix != null) {
            return updated(m, suffix, false);
        }
        suffix = fresh.get(m.base());
        if (suffix != null) {
            return updated(m, suffix, true);
        }
        return cur == null && !m.inNew() ? m : null;
    }

    private MaildirMessage updated(MaildirMessage m, String suffix, boolean inNew) {
        if (m.inNew() == inNew && m.suffix().equals(suffix)) {
            return m;
        }
        Flags flags = flags(m.uid(), suffix);
        return m.at(suffix, inNew, flags, flags.equals(m.flags()) ? m.modseq() : modseq);
    }

    private Flags flags(long uid, String suffix) {
        return shared.of(uid, MaildirName.flagBits(suffix), MaildirName.keywordBits(suffix));
    }

    private MaildirMessage unknown(String fileBase, String suffix, boolean inNew) {
        long unknown = MaildirMessage.UNKNOWN;
        return new MaildirMessage(
                0, fileBase, suffix, inNew, false, flags(0, suffix), modseq, unknown, unknown);
    }

    /// Gives unknown files the UIDs the list has for them, and new UIDs to the rest.
    private void addUnknown(List<MaildirMessage> kept, Map<String, MaildirMessage> left)
            throws IOException {
        if (left.isEmpty()) {
            if (cur != null) {
                state.buryListed();
            }
            return;
        }
        changed = true;
        var added = new ArrayList<MaildirMessage>(left.size());
        takeListed(left, added);
        if (!left.isEmpty()) {
            try (var _ = files.lockUidList()) {
                state.expect(uidList.read().entries());
                takeListed(left, added);
                var newUids = new MaildirNewUids(uidList);
                added.addAll(newUids.give(left.values(), state));
            }
        }
        if (cur != null) {
            state.buryListed();
        }
        kept.addAll(added);
        kept.sort(Comparator.comparingLong(MaildirMessage::uid));
    }

    private void takeListed(Map<String, MaildirMessage> left, List<MaildirMessage> added) {
        left.values()
                .removeIf(m -> {
                    UidList.Entry e = state.meet(m.base());
                    if (e == null) {
                        return false;
                    }
                    Flags flags = flags(e.uid(), m.suffix());
                    added.add(m.withUid(e.uid()).at(m.suffix(), m.inNew(), flags, m.modseq()));
                    return true;
                });
    }
}
