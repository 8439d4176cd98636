// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// One STORE over many messages of a Maildir: names of files change, and keywords that have no letter are noted.
///
/// Runs under the index lock, once.
final class MaildirStoring {
    private final MaildirFiles files;
    private final MaildirState state;
    private final MaildirScan scan;
    private final MaildirKeywords naming;
    private final StoreMode mode;
    private final Flags flags;
    private final long unchangedSince;
    private final long modseq;
    private final MaildirFlags shared;
    private final List<Long> stored = new ArrayList<>();
    private final List<Long> modified = new ArrayList<>();
    private final List<Long> gone = new ArrayList<>();
    private List<MaildirMessage> messages;
    private boolean changed;

    /// @param unchangedSince messages whose modseq is greater are left alone
    MaildirStoring(MaildirScan scan, StoreMode mode, Flags flags, long unchangedSince) {
        this.files = scan.files();
        this.state = scan.state();
        this.scan = scan;
        this.naming = scan.naming();
        this.mode = mode;
        this.flags = flags;
        this.unchangedSince = unchangedSince;
        this.modseq = state.snapshot().nextModSeq(files.clock());
        this.shared = files.shared();
        this.messages = state.copy();
    }

    Stored run(Collection<Long> uids) throws IOException {
        var ascending = new TreeSet<>(uids);
        storeMore(ascending);
        try {
            for (long uid : ascending) {
                one(uid);
            }
        } finally {
            finish();
        }
        return new Stored(stored, modified, gone);
    }

    /// Notes the keywords without letters, before anything else is changed.
    private void storeMore(Collection<Long> uids) throws IOException {
        var changes = new TreeMap<Long, List<String>>();
        for (long uid : uids) {
            int at = state.snapshot().indexOf(uid);
            if (at < 0 || messages.get(at).modseq() > unchangedSince) {
                continue;
            }
            List<String> rest = naming.stored(messages.get(at), mode, flags).rest();
            if (!rest.equals(files.more().of(uid))) {
                changes.put(uid, rest);
            }
        }
        if (!changes.isEmpty()) {
            files.more().put(changes, state.snapshot().messages());
        }
    }

    private void one(long uid) throws IOException {
        for (int attempt = 0; attempt < 4; attempt++) {
            int at = state.snapshot().indexOf(uid);
            if (at < 0) {
                gone.add(uid);
                return;
            }
            MaildirMessage m = messages.get(at);
            if (m.modseq() > unchangedSince) {
                modified.add(uid);
                return;
            }
            try {
                rename(at, m);
                stored.add(uid);
                return;
            } catch (NoSuchFileException e) {
                finish();
                scan.again();
                messages = state.copy();
            }
        }
        gone.add(uid);
    }

    private void rename(int at, MaildirMessage m) throws IOException {
        int bits = mode.apply(m.flags(), flags).bits();
        int letters = naming.stored(m, mode, flags).letters();
        String suffix = MaildirName.changed(m.suffix(), bits, letters);
        Flags now = shared.of(m.uid(), bits, letters);
        boolean named = suffix.equals(m.suffix()) || (m.inNew() && now.isEmpty());
        if (named && now.equals(m.flags())) {
            return;
        }
        MaildirDirectory directory = files.directory();
        MaildirDirectory.rename(directory.path(m), directory.cur.resolve(m.base() + suffix));
        messages.set(at, m.at(suffix, false, now, modseq).withUnclaimed(m.isFresh()));
        changed = true;
    }

    private void finish() throws IOException {
        if (changed) {
            scan.changedByUs(state.snapshot().with(messages, modseq));
            messages = state.copy();
            changed = false;
        }
    }
}
