// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The index of a Maildir as it stands in the file, compared with the list of UIDs and the directories.
final class MaildirIndexCheck {
    private final MaildirCheck.Evidence evidence;
    private final MaildirFlags shared;
    private final @Nullable ByteBuffer bytes;
    private final MaildirIndexLayout.@Nullable Header header;
    private final Map<Long, String> bases = new HashMap<>();

    private MaildirIndexCheck(
            @Nullable ByteBuffer bytes, MaildirCheck.Evidence evidence, MaildirFlags shared) {
        this.evidence = evidence;
        this.shared = shared;
        this.bytes = bytes;
        this.header = bytes == null ? null : header(bytes);
        evidence.lines().forEach(line -> bases.put(line.uid(), line.base()));
    }

    private static MaildirIndexLayout.@Nullable Header header(ByteBuffer bytes) {
        boolean readable =
                bytes.limit() >= MaildirIndexLayout.HEADER && MaildirIndexLayout.isIndex(bytes);
        return readable ? MaildirIndexLayout.header(bytes) : null;
    }

    static MaildirIndexCheck read(Path file, MaildirCheck.Evidence evidence, MaildirFlags shared)
            throws IOException {
        var options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        ByteBuffer bytes = null;
        try (var channel = FileChannel.open(file, options);
                var in = Channels.newInputStream(channel)) {
            bytes = ByteBuffer.wrap(in.readAllBytes());
        } catch (NoSuchFileException e) {
            // it is made when it is needed
        }
        return new MaildirIndexCheck(bytes, evidence, shared);
    }

    /// The length of the log of expunged messages that the index knows; 0 if it knows none.
    long expunged() {
        return header == null ? 0 : header.stamps().expunged();
    }

    long uidValidity() {
        return header == null ? 0 : header.uidValidity();
    }

    long uidNext() {
        return header == null ? 1 : header.uidNext();
    }

    /// True if the records are those that the header was written for.
    boolean isWhole() {
        return header != null && !header.dirty() && problemOfRecords(header).isEmpty();
    }

    Finding finding() {
        if (bytes == null || bytes.limit() == 0) {
            return new Finding(MaildirIndex.NAME, Finding.State.ABSENT, "");
        }
        if (header == null) {
            return damaged("it is no index, or one of another version");
        }
        if (header.dirty()) {
            return damaged("a change was not finished");
        }
        String problem = problemOfRecords(header);
        if (!problem.isEmpty()) {
            return damaged(problem);
        }
        if (header.uidValidity() != evidence.list().uidValidity()) {
            return damaged(
                    "its UIDVALIDITY is "
                            + header.uidValidity()
                            + ", not that of the list of UIDs");
        }
        return compared(header);
    }

    private static Finding damaged(String detail) {
        return new Finding(MaildirIndex.NAME, Finding.State.DAMAGED, detail);
    }

    private int room() {
        return bytes == null
                ? 0
                : Math.max(0, bytes.limit() - MaildirIndexLayout.HEADER)
                        / MaildirIndexLayout.RECORD;
    }

    private static int place(int record) {
        return MaildirIndexLayout.HEADER + record * MaildirIndexLayout.RECORD;
    }

    private String problemOfRecords(MaildirIndexLayout.Header told) {
        if (bytes == null || told.count() < 0 || told.count() > room()) {
            return "it has fewer records than " + told.count();
        }
        long sum = 0;
        long last = 0;
        for (int i = 0; i < told.count(); i++) {
            sum ^= MaildirIndexLayout.mix(bytes, place(i));
            long uid = MaildirIndexLayout.uid(bytes, place(i));
            if (uid <= last) {
                return "record " + (i + 1) + " has a UID that is not greater than the one before";
            }
            last = uid;
        }
        return sum == told.sum() ? "" : "the sum of its records is another";
    }

    /// The state of an index that is whole: whether it says what the directories say.
    private Finding compared(MaildirIndexLayout.Header told) {
        int unlisted = 0;
        int different = 0;
        for (int i = 0; bytes != null && i < told.count(); i++) {
            String base = bases.get(MaildirIndexLayout.uid(bytes, place(i)));
            unlisted += base == null ? 1 : 0;
            different += base == null || isAsItsFile(bytes, place(i), base) ? 0 : 1;
        }
        if (unlisted > 0) {
            return damaged(unlisted + " records have UIDs that the list does not have");
        }
        var stamps = told.stamps();
        boolean sure =
                stamps.cur() == evidence.cur()
                        && stamps.fresh() == evidence.fromNew()
                        && stamps.doubtSince() == 0;
        if (different > 0 && sure) {
            return damaged(different + " records are not as their files are");
        }
        String detail =
                "uidnext="
                        + told.uidNext()
                        + " highestmodseq="
                        + told.highestModSeq()
                        + " records="
                        + told.count()
                        + " generation="
                        + told.generation();
        return different > 0 || !sure
                ? new Finding(
                        MaildirIndex.NAME, Finding.State.STALE, detail + " different=" + different)
                : new Finding(MaildirIndex.NAME, Finding.State.OK, detail);
    }

    private boolean isAsItsFile(ByteBuffer all, int at, String base) {
        if (MaildirIndexLayout.isOdd(all, at)) {
            return false;
        }
        MaildirMessage m = MaildirIndexLayout.message(all, at, base, shared);
        return m.inNew()
                ? evidence.fresh().containsKey(base)
                : m.suffix().equals(evidence.suffixes().get(base));
    }

    List<IndexRecord> records() {
        var records = new ArrayList<IndexRecord>();
        long count = header == null ? 0 : Math.max(0, Math.min(header.count(), room()));
        for (int i = 0; bytes != null && i < count; i++) {
            int at = place(i);
            String base = bases.getOrDefault(MaildirIndexLayout.uid(bytes, at), "");
            MaildirMessage m = MaildirIndexLayout.message(bytes, at, base, shared);
            int letters = MaildirName.keywordBits(m.suffix());
            String flags = MaildirName.suffix(m.flags().bits(), letters).substring(3);
            String state =
                    flags
                            + (m.inNew() ? "n" : "")
                            + (MaildirIndexLayout.isOdd(bytes, at) ? "o" : "")
                            + (m.unclaimed() ? "u" : "");
            records.add(new IndexRecord(m.uid(), m.modseq(), state, m.date(), m.virtual(), base));
        }
        return records;
    }
}
