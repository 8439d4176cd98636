// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Brings what is known of a Maildir up to what the disk says.
///
/// Unchanged modification times of `cur` and `new`, an unchanged UID list and an unchanged index generation mean an
/// unchanged mailbox. A directory that was changed in the clock tick in which it was listed may change again without showing
/// it: `new` is then listed again at once, `cur` (where our own programs announce themselves by the index) after two seconds.
final class MaildirScan {
    private static final long TICK = 50_000_000;
    private static final long DOUBT = 2_000;

    private final MaildirFolder folder;
    private final MaildirDirectory directory;
    private final UidList uidList;
    private final Keywords keywords;
    private final MoreKeywords more;
    private final MaildirIndex index;
    private final MaildirNewUids newUids;

    /// Lines of the UID list whose files we have not met yet.
    private final Map<String, UidList.Entry> listed = new HashMap<>();

    /// Bases that once had a UID and are gone; if one comes back it gets a new UID.
    private final Set<String> dead = new HashSet<>();

    private boolean loaded;
    private long curStamp = -1;
    private long freshStamp = -1;
    private boolean freshRacy;
    private long doubtSince;
    private UidList.Stamp keywordStamp = UidList.Stamp.MISSING;

    MaildirScan(MaildirFolder folder) {
        this.folder = folder;
        this.directory = folder.directory;
        this.uidList = folder.uidList;
        this.keywords = folder.keywords;
        this.more = folder.more;
        this.index = folder.index;
        this.newUids = new MaildirNewUids(folder.directory.root, folder.uidList);
    }

    /// Forces the next run to list the directories.
    void distrust() {
        curStamp = -1;
        freshStamp = -1;
    }

    /// Whether nothing has to be done. Takes no lock.
    boolean isUnchanged(boolean claim) throws IOException {
        return loaded
                && directory.modified(directory.cur) == curStamp
                && directory.modified(directory.fresh) == freshStamp
                && !freshRacy
                && !isDoubtful()
                && uidList.isCurrent()
                && UidList.Stamp.of(keywords.file()).equals(keywordStamp)
                && index.isCurrent()
                && !(claim && folder.hasFresh());
    }

    private boolean isDoubtful() {
        return doubtSince != 0
                && (!index.isUsable() || System.currentTimeMillis() - doubtSince > DOUBT);
    }

    /// Reads and reconciles everything. Under guard and index lock.
    Folder.Refreshed<MaildirMessage> run(Snapshot<MaildirMessage> before, boolean claim)
            throws IOException {
        if (isUnchanged(claim)) {
            return new Folder.Refreshed<>(before, Set.of());
        }
        if (!loaded && claim) {
            directory.cleanTmp();
        }
        keywords.read();
        UidList.Stamp names = UidList.Stamp.of(keywords.file());
        Snapshot<MaildirMessage> base = readUidList(before);
        if (more.read(uidList.uidValidity()) || !names.equals(keywordStamp)) {
            base = renamed(base);
        }
        keywordStamp = names;
        if (!index.isCurrent()) {
            base = adoptIndex(base);
        }
        return new Round(base, claim).run();
    }

    /// The messages with their keywords under the names they have now.
    private Snapshot<MaildirMessage> renamed(Snapshot<MaildirMessage> before) {
        var shared = new MaildirIndex.Shared(keywords, more);
        var messages = MaildirFolder.copyOf(before);
        messages.replaceAll(m -> {
            int letters = MaildirName.keywordBits(m.suffix());
            Flags flags = shared.flags(m.uid(), m.flags().bits(), letters);
            return flags.equals(m.flags()) ? m : m.at(m.suffix(), m.inNew(), flags, m.modseq());
        });
        return new Snapshot<>(
                before.uidValidity(),
                before.uidNext(),
                before.highestModSeq(),
                messages,
                folder.naming.names());
    }

    /// Remembers lines of the UID list whose files the next run will meet.
    void expect(Collection<UidList.Entry> entries) {
        for (UidList.Entry e : entries) {
            listed.put(e.base(), e);
        }
    }

    /// Takes up changed lines of the UID list; a new UIDVALIDITY forgets everything.
    private Snapshot<MaildirMessage> readUidList(Snapshot<MaildirMessage> before)
            throws IOException {
        UidList.Read read = uidList.read();
        if (uidList.uidValidity() == 0) {
            try (var _ = folder.lockUidList()) {
                read = uidList.read();
                if (uidList.uidValidity() == 0) {
                    uidList.rewrite(List.of());
                }
            }
        }
        boolean same = loaded && before.uidValidity() == uidList.uidValidity();
        if (!same) {
            if (!read.whole()) {
                uidList.forget();
                read = uidList.read();
            }
            listed.clear();
            dead.clear();
            index.close();
            loaded = false;
            distrust();
        }
        expect(read.entries());
        if (same) {
            return before;
        }
        return new Snapshot<>(
                uidList.uidValidity(), uidList.nextUid(), 0, List.of(), folder.naming.names());
    }

    /// Believes the index where it fits the UID list; its stamps tell whether the directories must be listed.
    private Snapshot<MaildirMessage> adoptIndex(Snapshot<MaildirMessage> base) throws IOException {
        var bases = new HashMap<Long, String>();
        for (MaildirMessage m : base.messages()) {
            bases.put(m.uid(), m.base());
        }
        for (UidList.Entry e : listed.values()) {
            bases.put(e.uid(), e.base());
        }
        MaildirIndex.Loaded found = index.load(bases, keywords, more);
        if (found == null || found.uidValidity() != uidList.uidValidity()) {
            index.close();
            distrust();
            return base;
        }
        if (loaded) {
            var alive = new HashSet<Long>();
            found.messages().forEach(m -> alive.add(m.uid()));
            buried(base, missing(base, alive));
        }
        for (MaildirMessage m : found.messages()) {
            listed.remove(m.base());
        }
        boolean sameList =
                found.stamps().uidList().size() == uidList.stamp().size()
                        && found.stamps().uidList().modified() == uidList.stamp().modified();
        if (sameList) {
            buryListed();
        }
        curStamp = sameList ? found.stamps().cur() : -1;
        freshStamp = sameList ? found.stamps().fresh() : -1;
        freshRacy = isRacy(found.stamps().fresh());
        doubtSince = found.stamps().doubtSince();
        loaded = true;
        return new Snapshot<>(
                base.uidValidity(),
                Math.max(found.uidNext(), uidList.nextUid()),
                found.highestModSeq(),
                found.messages(),
                folder.naming.names());
    }

    private static Set<Long> missing(Snapshot<MaildirMessage> base, Set<Long> alive) {
        var gone = new HashSet<Long>();
        for (MaildirMessage m : base.messages()) {
            if (!alive.contains(m.uid())) {
                gone.add(m.uid());
            }
        }
        return gone;
    }

    private void buryListed() {
        dead.addAll(listed.keySet());
        listed.clear();
    }

    /// Remembers that these messages of a snapshot are gone.
    void buried(Snapshot<MaildirMessage> from, Collection<Long> uids) {
        for (long uid : uids) {
            int at = from.indexOf(uid);
            if (at >= 0) {
                dead.add(from.messages().get(at).base());
            }
        }
    }

    private static boolean isRacy(long stamp) {
        return System.currentTimeMillis() * 1_000_000 - stamp < TICK;
    }

    /// Notes the state after a change of our own and writes it to the index. Under the index lock.
    void changedByUs(Snapshot<MaildirMessage> now) throws IOException {
        curStamp = directory.modified(directory.cur);
        doubtSince = System.currentTimeMillis();
        long fresh = directory.modified(directory.fresh);
        if (fresh != freshStamp) {
            freshRacy = true;
            freshStamp = fresh;
        }
        keywordStamp = UidList.Stamp.of(keywords.file());
        save(now);
    }

    void save(Snapshot<MaildirMessage> now) throws IOException {
        index.save(now, new MaildirIndex.Stamps(curStamp, freshStamp, doubtSince, uidList.stamp()));
    }

    /// One reconciliation.
    private final class Round {
        private final Snapshot<MaildirMessage> base;
        private final boolean claim;
        private final long modseq;
        private final MaildirIndex.Shared shared = new MaildirIndex.Shared(keywords, more);
        private final Set<String> claimed = new HashSet<>();
        private Map<String, String> fresh = Map.of();
        private @Nullable Map<String, String> cur;
        private boolean changed;

        Round(Snapshot<MaildirMessage> base, boolean claim) {
            this.base = base;
            this.claim = claim;
            this.modseq =
                    base.highestModSeq() == 0
                            ? System.currentTimeMillis()
                            : base.highestModSeq() + 1;
        }

        Folder.Refreshed<MaildirMessage> run() throws IOException {
            boolean curChanged =
                    !loaded || isDoubtful() || directory.modified(directory.cur) != curStamp;
            listNew();
            if (curChanged || vanishedFromNew()) {
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
                            folder.naming.names());
            loaded = true;
            save(next);
            return new Folder.Refreshed<>(next, uidsOf(kept, claimed));
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
            freshStamp = listing.modified();
            freshRacy = isRacy(freshStamp);
            if (!moved.isEmpty()) {
                claimed.addAll(moved.keySet());
                listCur();
            }
        }

        private boolean move(String fileBase, String from, String to) throws IOException {
            try {
                MaildirDirectory.rename(
                        directory.fresh.resolve(fileBase + from),
                        directory.cur.resolve(fileBase + to));
                return true;
            } catch (NoSuchFileException e) {
                return false;
            }
        }

        private void listCur() throws IOException {
            var listing = directory.list(directory.cur);
            cur = listing.files();
            curStamp = listing.modified();
            doubtSince = isRacy(curStamp) ? System.currentTimeMillis() : 0;
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
                UidList.Entry again = listed.get(m.base());
                if (again != null && again.uid() != m.uid()) {
                    changed = true;
                    continue;
                }
                listed.remove(m.base());
                MaildirMessage now = look(m);
                if (now == null) {
                    dead.add(m.base());
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
            return shared.flags(uid, MaildirName.flagBits(suffix), MaildirName.keywordBits(suffix));
        }

        private MaildirMessage unknown(String fileBase, String suffix, boolean inNew) {
            long unknown = MaildirMessage.UNKNOWN;
            return new MaildirMessage(
                    0,
                    fileBase,
                    suffix,
                    inNew,
                    false,
                    flags(0, suffix),
                    modseq,
                    unknown,
                    unknown,
                    unknown);
        }

        /// Gives unknown files the UIDs the list has for them, and new UIDs to the rest.
        private void addUnknown(List<MaildirMessage> kept, Map<String, MaildirMessage> left)
                throws IOException {
            if (left.isEmpty()) {
                if (cur != null) {
                    buryListed();
                }
                return;
            }
            changed = true;
            var added = new ArrayList<MaildirMessage>(left.size());
            takeListed(left, added);
            if (!left.isEmpty()) {
                try (var _ = folder.lockUidList()) {
                    expect(uidList.read().entries());
                    takeListed(left, added);
                    added.addAll(newUids.give(left.values(), dead));
                }
            }
            if (cur != null) {
                buryListed();
            }
            kept.addAll(added);
            kept.sort(Comparator.comparingLong(MaildirMessage::uid));
        }

        private void takeListed(Map<String, MaildirMessage> left, List<MaildirMessage> added) {
            left.values()
                    .removeIf(m -> {
                        UidList.Entry e = listed.remove(m.base());
                        if (e == null) {
                            return false;
                        }
                        Flags flags = flags(e.uid(), m.suffix());
                        added.add(m.withUid(e.uid()).at(m.suffix(), m.inNew(), flags, m.modseq()));
                        return true;
                    });
        }
    }
}
