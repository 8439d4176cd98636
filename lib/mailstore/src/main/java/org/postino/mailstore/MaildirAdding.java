// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private final Flags flags;
    private final long modseq;

    MaildirAdding(MaildirScan scan, Flags flags) {
        this.files = scan.files();
        this.state = scan.state();
        this.scan = scan;
        this.naming = scan.naming();
        this.directory = files.directory();
        this.flags = flags;
        this.modseq = state.snapshot().nextModSeq(files.clock());
    }

    /// Puts a written message in its place.
    Appended addWritten(MaildirWriter writer) throws IOException {
        naming.giveLetters(flags);
        String suffix = naming.suffix(flags);
        boolean inNew = flags.isEmpty();
        String base = writer.base();
        Path target = inNew ? directory.fresh.resolve(base) : directory.cur.resolve(base + suffix);
        List<UidList.Entry> unseen;
        long uid;
        Flags kept;
        try (var _ = files.lockUidList()) {
            unseen = files.uidList().read().entries();
            uid = files.uidList().assign(List.of(base)).getFirst().uid();
            kept = naming.keep(new TreeMap<>(Map.of(uid, flags))).getOrDefault(uid, flags);
            writer.place(target);
            writer.force();
        }
        var message =
                new MaildirMessage(
                        uid,
                        base,
                        inNew ? "" : suffix,
                        inNew,
                        !inNew,
                        kept,
                        modseq,
                        writer.date(),
                        writer.sizes().virtual());
        added(List.of(message), unseen);
        return new Appended(files.uidList().uidValidity(), uid);
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

    /// A copy that waits in `tmp` for its place.
    private record Link(MaildirMessage original, Path temporary, String base) {}

    /// Adds hard links to messages of another folder, all or none; dates and sizes come along.
    Copied addLinks(MaildirDirectory source, List<MaildirMessage> originals) throws IOException {
        var links = new ArrayList<Link>();
        var placed = new ArrayList<Path>();
        boolean done = false;
        try {
            for (MaildirMessage m : originals) {
                Link link = link(source, m);
                if (link != null) {
                    links.add(link);
                }
            }
            Copied result = place(links, placed);
            done = true;
            return result;
        } finally {
            for (Link link : links) {
                Files.deleteIfExists(link.temporary);
            }
            if (!done) {
                for (Path path : placed) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    private @Nullable Link link(MaildirDirectory source, MaildirMessage m) throws IOException {
        String unique = files.unique().next();
        Path temporary = directory.tmp.resolve(unique);
        Path from = source.path(m);
        for (int attempt = 0; ; attempt++) {
            try {
                copy(from, temporary);
                break;
            } catch (NoSuchFileException e) {
                Path again = source.find(m.base());
                if (attempt > 3 || again == null) {
                    return null;
                }
                from = again;
            }
        }
        String base = unique + ",S=" + Files.size(temporary);
        if (m.virtual() >= 0) {
            base += ",W=" + m.virtual();
        }
        return new Link(m, temporary, base);
    }

    private static void copy(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (UnsupportedOperationException e) {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private Copied place(List<Link> links, List<Path> placed) throws IOException {
        var from = new ArrayList<Long>();
        var to = new ArrayList<Long>();
        Flags all = Flags.NONE;
        for (Link link : links) {
            all = all.plus(link.original.flags());
        }
        naming.giveLetters(all);
        var added = new ArrayList<MaildirMessage>();
        List<UidList.Entry> unseen;
        try (var _ = files.lockUidList()) {
            unseen = files.uidList().read().entries();
            var entries = files.uidList().assign(links.stream().map(Link::base).toList());
            var carried = new TreeMap<Long, Flags>();
            for (int i = 0; i < links.size(); i++) {
                carried.put(entries.get(i).uid(), links.get(i).original.flags());
            }
            SortedMap<Long, Flags> kept = naming.keep(carried);
            for (int i = 0; i < links.size(); i++) {
                Link link = links.get(i);
                MaildirMessage m = link.original;
                String suffix = naming.suffix(m.flags());
                Path target = directory.cur.resolve(link.base + suffix);
                MaildirDirectory.rename(link.temporary, target);
                placed.add(target);
                long uid = entries.get(i).uid();
                from.add(m.uid());
                to.add(uid);
                added.add(
                        new MaildirMessage(
                                uid,
                                link.base,
                                suffix,
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
}
