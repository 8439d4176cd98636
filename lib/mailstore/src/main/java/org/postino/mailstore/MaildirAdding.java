// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Adds messages to a Maildir under its locks, with UIDs given at once.
final class MaildirAdding {
    private final MaildirFiles files;
    private final MaildirState state;
    private final MaildirScan scan;
    private final MaildirKeywords naming;
    private final MaildirDirectory directory;
    private final long modseq;

    MaildirAdding(MaildirScan scan) {
        this.files = scan.files();
        this.state = scan.state();
        this.scan = scan;
        this.naming = scan.naming();
        this.directory = files.directory();
        this.modseq = state.snapshot().nextModSeq(files.clock());
    }

    /// A message in `tmp`.
    record Written(MaildirWriter writer, Flags flags, @Nullable Instant internalDate) {}

    /// Puts written messages in their places, all or none.
    ///
    /// @param uids that they get; empty for the next ones
    List<Appended> addWritten(List<Written> written, List<Long> uids) throws IOException {
        Flags all = Flags.NONE;
        for (Written one : written) {
            all = all.plus(one.flags);
        }
        naming.giveLetters(all);
        var added = new ArrayList<MaildirMessage>();
        List<UidList.Entry> unseen;
        try (var _ = files.lockUidList()) {
            unseen = files.uidList().read().entries();
            var bases = written.stream().map(w -> w.writer.base()).toList();
            var entries = files.uidList().assign(bases, uids);
            var carried = new TreeMap<Long, Flags>();
            for (int i = 0; i < written.size(); i++) {
                carried.put(entries.get(i).uid(), written.get(i).flags);
            }
            SortedMap<Long, Flags> kept = naming.keep(carried);
            for (int i = 0; i < written.size(); i++) {
                long uid = entries.get(i).uid();
                Flags flags = written.get(i).flags;
                added.add(place(written.get(i), uid, kept.getOrDefault(uid, flags)));
            }
            for (Written one : written) {
                one.writer.force();
            }
        } catch (IOException | RuntimeException e) {
            for (Written one : written) {
                one.writer.withdraw();
            }
            throw e;
        }
        added(added, unseen);
        return added.stream()
                .map(m -> new Appended(files.uidList().uidValidity(), m.uid()))
                .toList();
    }

    private MaildirMessage place(Written one, long uid, Flags kept) throws IOException {
        String suffix = naming.suffix(one.flags);
        boolean inNew = one.flags.isEmpty();
        String base = one.writer.base();
        one.writer.place(
                inNew ? directory.fresh.resolve(base) : directory.cur.resolve(base + suffix));
        return new MaildirMessage(
                uid,
                base,
                inNew ? "" : suffix,
                inNew,
                !inNew,
                kept,
                modseq,
                one.writer.date(),
                one.writer.sizes().virtual());
    }

    /// Takes up messages just added, the UID list no longer locked.
    ///
    /// @param unseen lines of other programs that were met in the UID list; if there are any, the directory is listed
    private void added(List<MaildirMessage> more, List<UidList.Entry> unseen) throws IOException {
        if (!unseen.isEmpty()) {
            state.expect(unseen);
            more.forEach(m -> state.expect(List.of(new UidList.Entry(m.uid(), "", m.base()))));
            scan.again();
            Snapshot<MaildirMessage> found = state.snapshot();
            var marked = state.copy();
            for (MaildirMessage m : more) {
                int at = found.indexOf(m.uid());
                if (at >= 0) {
                    marked.set(at, marked.get(at).withUnclaimed(m.unclaimed()));
                }
            }
            state.publish(found.with(marked, found.highestModSeq()));
            scan.save();
            return;
        }
        var messages = state.copy();
        messages.addAll(more);
        Snapshot<MaildirMessage> before = state.snapshot();
        scan.changedByUs(
                new Snapshot<>(
                        before.uidValidity(),
                        files.uidList().nextUid(),
                        modseq,
                        messages,
                        before.keywords()));
    }

    /// A copy in its place.
    private record Link(MaildirMessage original, String base, String suffix) {}

    /// Adds hard links to messages of another folder, all or none; dates and sizes come along.
    Copied addLinks(MaildirDirectory source, List<MaildirMessage> originals) throws IOException {
        Flags all = Flags.NONE;
        for (MaildirMessage m : originals) {
            all = all.plus(m.flags());
        }
        naming.giveLetters(all);
        var links = new ArrayList<Link>(originals.size());
        boolean done = false;
        try {
            Copied result = place(source, originals, links);
            done = true;
            return result;
        } finally {
            if (!done) {
                for (Link link : links) {
                    Files.deleteIfExists(path(link));
                }
            }
        }
    }

    private Path path(Link link) {
        return directory.cur.resolve(link.base + link.suffix);
    }

    /// Links, and gives UIDs to what was linked; until then other programs that meet the files wait for the lock.
    private Copied place(MaildirDirectory source, List<MaildirMessage> originals, List<Link> links)
            throws IOException {
        var from = new ArrayList<Long>(originals.size());
        var to = new ArrayList<Long>(originals.size());
        var added = new ArrayList<MaildirMessage>(originals.size());
        List<UidList.Entry> unseen;
        try (var _ = files.lockUidList()) {
            unseen = files.uidList().read().entries();
            for (MaildirMessage m : originals) {
                link(source, m, links);
            }
            var entries = files.uidList().assign(links.stream().map(Link::base).toList());
            var carried = new TreeMap<Long, Flags>();
            for (int i = 0; i < links.size(); i++) {
                carried.put(entries.get(i).uid(), links.get(i).original.flags());
            }
            SortedMap<Long, Flags> kept = naming.keep(carried);
            for (int i = 0; i < links.size(); i++) {
                Link link = links.get(i);
                MaildirMessage m = link.original;
                long uid = entries.get(i).uid();
                from.add(m.uid());
                to.add(uid);
                added.add(
                        new MaildirMessage(
                                uid,
                                link.base,
                                link.suffix,
                                false,
                                true,
                                kept.getOrDefault(uid, m.flags()),
                                modseq,
                                m.date(),
                                m.virtual()));
            }
        }
        added(added, unseen);
        return new Copied(files.uidList().uidValidity(), from, to);
    }

    /// Links one message; one that is gone is passed over.
    private void link(MaildirDirectory source, MaildirMessage m, List<Link> links)
            throws IOException {
        Path from = source.path(m);
        for (int attempt = 0; attempt <= 4; attempt++) {
            try {
                var link = new Link(m, base(m, from), naming.suffix(m.flags()));
                copy(from, path(link));
                links.add(link);
                return;
            } catch (NoSuchFileException e) {
                Path again = source.find(m.base());
                if (again == null) {
                    return;
                }
                from = again;
            }
        }
    }

    /// A base for the copy of a message, with the sizes that are known. Those in its name are believed if one of them has proved true.
    private String base(MaildirMessage m, Path file) throws IOException {
        boolean proved = m.virtual() >= 0 && MaildirName.size(m.base(), 'W') == m.virtual();
        long named = proved ? MaildirName.size(m.base(), 'S') : -1;
        String base =
                files.unique().next() + ",S=" + (named >= 0 ? named : textSize(m.base(), file));
        return m.virtual() >= 0 ? base + ",W=" + m.virtual() : base;
    }

    /// The size that the name tells if the file is compressed, else that of the file.
    private static long textSize(String base, Path file) throws IOException {
        long named = MaildirName.size(base, 'S');
        long size = Files.size(file);
        if (named < 0 || named == size) {
            return size;
        }
        try (var in = Files.newInputStream(file)) {
            return Compression.isMistaken(in.readNBytes(Compression.MAGIC)) ? named : size;
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (UnsupportedOperationException e) {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }
}
