// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Brings [MaildirState] up to what the disk says, and the index up to the state.
///
/// A run asks, from cheap to dear: have the times of `cur` and `new`, the UID list, the keywords and the generation of the index
/// changed (seven calls of stat; without a change, that was all); what did other programs add to the UID list; does the index
/// know the directories as they are now; and only then, what is in the directories ([MaildirReconciliation]). Their order is fixed: the UID list
/// is read before a directory, since a line without a file may be a file that came later, but a file without a line has no UID yet.
/// The state is published before the index is written, which is a cache.
final class MaildirScan {
    private final MaildirFiles files;
    private final MaildirState state;
    private final MaildirKeywords naming;
    private final MaildirDirectory directory;
    private final UidList uidList;
    private final Keywords keywords;
    private final MoreKeywords more;
    private final MaildirIndex index;

    MaildirScan(MaildirFiles files, MaildirState state) {
        this.files = files;
        this.state = state;
        this.naming = new MaildirKeywords(files, state);
        this.directory = files.directory();
        this.uidList = files.uidList();
        this.keywords = files.keywords();
        this.more = files.more();
        this.index = files.index();
    }

    MaildirFiles files() {
        return files;
    }

    MaildirState state() {
        return state;
    }

    MaildirKeywords naming() {
        return naming;
    }

    /// True if nothing has to be done. Takes no lock.
    boolean isUnchanged(boolean claim) throws IOException {
        return state.isLoaded()
                && state.isTrusted(
                        directory.modified(directory.cur),
                        directory.modified(directory.fresh),
                        index.isUsable())
                && uidList.isCurrent()
                && UidList.Stamp.of(keywords.file()).equals(state.names())
                && index.isCurrent()
                && !(claim && state.hasFresh());
    }

    /// Looks at the directories whatever their times say, since a file was not where it should be; under the index lock.
    void again() throws IOException {
        state.distrust();
        run(false);
    }

    /// Reads and reconciles everything. Under guard and index lock. After a failure the next run begins anew, as lines were met and
    /// directories were noted whose messages are not known.
    ///
    /// @return UIDs that the caller may call recent
    Set<Long> run(boolean claim) throws IOException {
        if (isUnchanged(claim)) {
            return Set.of();
        }
        Set<Long> claimed;
        boolean done = false;
        try {
            claimed = reconcile(claim);
            done = true;
        } finally {
            if (!done) {
                state.forget();
            }
        }
        save();
        return claimed;
    }

    private Set<Long> reconcile(boolean claim) throws IOException {
        if (!state.isLoaded() && claim) {
            directory.cleanTmp();
        }
        keywords.read();
        UidList.Stamp names = UidList.Stamp.of(keywords.file());
        Snapshot<MaildirMessage> base = readUidList(state.snapshot());
        if (more.read(uidList.uidValidity()) || !names.equals(state.names())) {
            base = renamed(base);
        }
        state.named(names);
        if (!index.isCurrent()) {
            base = adoptIndex(base);
        }
        return new MaildirReconciliation(files, state, naming, base, claim).run();
    }

    /// The messages with their keywords under the names they have now.
    private Snapshot<MaildirMessage> renamed(Snapshot<MaildirMessage> before) {
        var shared = files.shared();
        long modseq = before.nextModSeq(files.clock());
        var messages = new ArrayList<>(before.messages());
        messages.replaceAll(m -> {
            int letters = MaildirName.keywordBits(m.suffix());
            Flags flags = shared.of(m.uid(), m.flags().bits(), letters);
            return flags.equals(m.flags()) ? m : m.at(m.suffix(), m.inNew(), flags, modseq);
        });
        boolean same = messages.equals(before.messages());
        return new Snapshot<>(
                before.uidValidity(),
                before.uidNext(),
                same ? before.highestModSeq() : modseq,
                same ? before.messages() : messages,
                naming.names());
    }

    /// Takes up changed lines of the UID list; a new UIDVALIDITY forgets everything.
    private Snapshot<MaildirMessage> readUidList(Snapshot<MaildirMessage> before)
            throws IOException {
        UidList.Read read = uidList.read();
        if (uidList.uidValidity() == 0) {
            try (var _ = files.lockUidList()) {
                read = uidList.read();
                if (uidList.uidValidity() == 0) {
                    uidList.rewrite(List.of());
                }
            }
        }
        boolean same = state.isLoaded() && before.uidValidity() == uidList.uidValidity();
        if (!same) {
            if (!read.whole()) {
                uidList.forget();
                read = uidList.read();
            }
            state.forget();
            index.close();
        }
        state.expect(read.entries());
        if (same) {
            return before;
        }
        return new Snapshot<>(
                uidList.uidValidity(), uidList.nextUid(), 0, List.of(), naming.names());
    }

    /// Believes the index where it fits the UID list; its stamps tell whether the directories must be listed.
    private Snapshot<MaildirMessage> adoptIndex(Snapshot<MaildirMessage> base) throws IOException {
        var bases = new HashMap<Long, String>();
        for (MaildirMessage m : base.messages()) {
            bases.put(m.uid(), m.base());
        }
        for (UidList.Entry e : state.listed()) {
            bases.put(e.uid(), e.base());
        }
        MaildirIndex.Loaded found = index.load(bases, files.shared());
        if (found == null || found.uidValidity() != uidList.uidValidity()) {
            index.close();
            state.distrust();
            return base;
        }
        if (state.isLoaded()) {
            buryMissing(base, found.messages());
        }
        for (MaildirMessage m : found.messages()) {
            state.meet(m.base());
        }
        state.adopt(found.stamps(), found.stamps().uidList().equals(uidList.stamp().mark()));
        return new Snapshot<>(
                base.uidValidity(),
                Math.max(found.uidNext(), uidList.nextUid()),
                found.highestModSeq(),
                found.messages(),
                naming.names());
    }

    /// Notes messages that another process of ours found gone.
    private void buryMissing(Snapshot<MaildirMessage> base, List<MaildirMessage> found) {
        var alive = new HashSet<Long>();
        for (MaildirMessage m : found) {
            alive.add(m.uid());
        }
        for (MaildirMessage m : base.messages()) {
            if (!alive.contains(m.uid())) {
                state.bury(m.base());
            }
        }
    }

    /// Publishes what a change of our own has made of the messages, and writes it to the index. Under the index lock.
    void changedByUs(Snapshot<MaildirMessage> now) throws IOException {
        state.publish(now.with(now.highestModSeq(), naming.names()));
        state.changedByUs(directory.modified(directory.cur), directory.modified(directory.fresh));
        state.named(UidList.Stamp.of(keywords.file()));
        save();
    }

    /// Writes the published state to the index. Under the index lock.
    void save() throws IOException {
        index.save(state.snapshot(), state.stamps(uidList.stamp()));
    }
}
