// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Looks at the files beside a Maildir, as its owner. The lock of the index keeps our other processes from changing them meanwhile.
final class MaildirCheck {
    private final MaildirFiles files;

    MaildirCheck(MaildirFiles files) {
        this.files = files;
    }

    /// All that the files are compared with.
    ///
    /// @param lines of the list of UIDs that can be read
    /// @param suffixes of the files in `cur`, by base
    /// @param fresh bases of the files in `new`
    record Evidence(
            UidList list,
            List<UidList.Entry> lines,
            Map<String, String> suffixes,
            Map<String, String> fresh,
            long cur,
            long fromNew) {
        boolean has(String base) {
            return suffixes.containsKey(base) || fresh.containsKey(base);
        }
    }

    private Evidence evidence() throws IOException {
        var list = files.uidList().reader();
        List<UidList.Entry> lines = list.read().entries();
        var fresh = files.directory().list(files.directory().fresh);
        var cur = files.directory().list(files.directory().cur);
        return new Evidence(
                list, lines, cur.files(), fresh.files(), cur.modified(), fresh.modified());
    }

    List<Finding> look() throws IOException {
        try (var _ = files.lockIndex()) {
            return lookLocked();
        }
    }

    private List<Finding> lookLocked() throws IOException {
        Evidence evidence = evidence();
        var index = MaildirIndexCheck.read(files.index().file(), evidence, files.shared());
        return List.of(
                uidList(evidence),
                index.finding(),
                expunged(index),
                new MaildirCacheCheck(files.cache().file(), evidence).look());
    }

    List<IndexRecord> records() throws IOException {
        try (var _ = files.lockIndex()) {
            return MaildirIndexCheck.read(files.index().file(), evidence(), files.shared())
                    .records();
        }
    }

    private Finding uidList(Evidence evidence) {
        UidList list = evidence.list();
        if (list.stamp().size() < 0) {
            return new Finding(UidList.NAME, Finding.State.ABSENT, "");
        }
        if (list.uidValidity() == 0) {
            return damaged("the first line is none of version 1 or 3");
        }
        int bad = list.lines() - evidence.lines().size();
        if (bad > 0) {
            return damaged(bad + " lines without a UID that is greater than those before");
        }
        if (list.isUnfinished()) {
            return damaged("the last line is not whole");
        }
        var bases = new HashSet<String>();
        int gone = 0;
        for (UidList.Entry line : evidence.lines()) {
            gone += evidence.has(line.base()) ? 0 : 1;
            if (!bases.add(line.base())) {
                return damaged("two lines have the file " + line.base());
            }
        }
        int missing = evidence.suffixes().size() + evidence.fresh().size();
        missing -= evidence.lines().size() - gone;
        String detail =
                "uidvalidity="
                        + list.uidValidity()
                        + " uidnext="
                        + list.nextUid()
                        + " lines="
                        + list.lines()
                        + " gone="
                        + gone
                        + " without="
                        + missing;
        var state = missing > 0 ? Finding.State.STALE : Finding.State.OK;
        return new Finding(UidList.NAME, state, detail);
    }

    private static Finding damaged(String detail) {
        return new Finding(UidList.NAME, Finding.State.DAMAGED, detail);
    }

    private Finding expunged(MaildirIndexCheck index) throws IOException {
        long length = index.expunged();
        if (Files.notExists(files.expungeLog().file())) {
            return new Finding(ExpungeLog.NAME, Finding.State.ABSENT, "");
        }
        if (length == 0) {
            return new Finding(ExpungeLog.NAME, Finding.State.STALE, "the index does not know it");
        }
        var count = files.expungeLog().count(length, index.uidValidity());
        return count.isPresent()
                ? new Finding(ExpungeLog.NAME, Finding.State.OK, "records=" + count.getAsInt())
                : new Finding(
                        ExpungeLog.NAME,
                        Finding.State.DAMAGED,
                        "it is not the one that the index knows");
    }

    /// Removes what is damaged and a cache, and writes the readable lines of a damaged list of UIDs anew.
    void mend() throws IOException {
        try (var _ = files.lockIndex()) {
            var damaged = new HashMap<String, Finding>();
            for (Finding finding : lookLocked()) {
                if (finding.state() == Finding.State.DAMAGED) {
                    damaged.put(finding.file(), finding);
                }
            }
            if (damaged.containsKey(UidList.NAME)) {
                restore();
            }
            var caches = new ArrayList<>(List.of(files.expungeLog().file(), files.cache().file()));
            if (!damaged.containsKey(UidList.NAME)) {
                caches.add(files.index().file());
            }
            for (var file : caches) {
                if (damaged.containsKey(String.valueOf(file.getFileName()))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /// UIDVALIDITY is that of the list, else that of the index if it can be believed.
    private void restore() throws IOException {
        Evidence evidence = evidence();
        long validity = evidence.list().uidValidity();
        long next = evidence.list().nextUid();
        var index = MaildirIndexCheck.read(files.index().file(), evidence, files.shared());
        if (validity == 0 && index.isWhole()) {
            validity = index.uidValidity();
            next = index.uidNext();
        }
        try (var _ = files.lockUidList()) {
            files.uidList().reader().restore(validity, next);
        }
        Files.deleteIfExists(files.index().file());
    }
}
