// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Adds messages to a Maildir under its locks, with UIDs given at once.
final class MaildirAdding {
    private final MaildirFolder folder;
    private final MaildirDirectory directory;
    private final Flags flags;

    MaildirAdding(MaildirFolder folder, Flags flags) {
        this.folder = folder;
        this.directory = folder.directory;
        this.flags = flags;
    }

    /// Puts a written message in its place.
    Appended addWritten(MaildirWriter writer) throws IOException {
        folder.naming.giveLetters(flags);
        String suffix = folder.naming.suffix(flags);
        boolean inNew = flags.isEmpty();
        String base = writer.base();
        Path target = inNew ? directory.fresh.resolve(base) : directory.cur.resolve(base + suffix);
        List<UidList.Entry> unseen;
        long uid;
        Flags kept;
        try (var _ = folder.lockUidList()) {
            unseen = folder.uidList.read().entries();
            uid = folder.uidList.assign(List.of(base)).getFirst().uid();
            kept = folder.naming.keep(new TreeMap<>(Map.of(uid, flags))).getOrDefault(uid, flags);
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
                        folder.current().highestModSeq() + 1,
                        writer.date(),
                        writer.sizes().physical(),
                        writer.sizes().virtual());
        folder.added(List.of(message), unseen);
        return new Appended(folder.uidList.uidValidity(), uid);
    }

    /// A copy that waits in `tmp` for its place.
    private record Link(MaildirMessage original, Path temporary, String base) {}

    /// Adds hard links to messages of another folder, all or none; dates and sizes come along.
    Copied addLinks(MaildirFolder source, List<MaildirMessage> originals) throws IOException {
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

    private @Nullable Link link(MaildirFolder source, MaildirMessage m) throws IOException {
        String unique = folder.unique.next();
        Path temporary = directory.tmp.resolve(unique);
        Path from = source.directory.path(m);
        for (int attempt = 0; ; attempt++) {
            try {
                copy(from, temporary);
                break;
            } catch (NoSuchFileException e) {
                Path again = source.directory.find(m.base());
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
            Files.copy(from, to, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private Copied place(List<Link> links, List<Path> placed) throws IOException {
        var from = new ArrayList<Long>();
        var to = new ArrayList<Long>();
        Flags all = Flags.NONE;
        for (Link link : links) {
            all = all.plus(link.original.flags());
        }
        folder.naming.giveLetters(all);
        var added = new ArrayList<MaildirMessage>();
        List<UidList.Entry> unseen;
        try (var _ = folder.lockUidList()) {
            unseen = folder.uidList.read().entries();
            var entries = folder.uidList.assign(links.stream().map(Link::base).toList());
            var carried = new TreeMap<Long, Flags>();
            for (int i = 0; i < links.size(); i++) {
                carried.put(entries.get(i).uid(), links.get(i).original.flags());
            }
            SortedMap<Long, Flags> kept = folder.naming.keep(carried);
            for (int i = 0; i < links.size(); i++) {
                Link link = links.get(i);
                MaildirMessage m = link.original;
                String suffix = folder.naming.suffix(m.flags());
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
                                folder.current().highestModSeq() + 1,
                                m.date(),
                                m.physical(),
                                m.virtual()));
            }
        }
        folder.added(added, unseen);
        return new Copied(folder.uidList.uidValidity(), from, to);
    }
}
