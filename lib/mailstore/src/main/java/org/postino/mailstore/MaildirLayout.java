// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Maildir++: INBOX is the root, every other mailbox a directory `.A.B` beside `cur`, `new` and `tmp`; below INBOX `.INBOX.A`.
final class MaildirLayout implements Layout {
    private static final int LONGEST = 240;

    private final Clock clock;
    private final MaildirUnique unique;
    private final MailLocation.Maildir location;
    private final Path root;
    private final UidValidity validity;
    private final Compression compression;

    MaildirLayout(MailStores stores, MailLocation.Maildir location) {
        this.clock = stores.clock();
        this.unique = stores.unique();
        this.compression = stores.compression();
        this.location = location;
        this.root = location.root();
        this.validity = new UidValidity(location.control(), clock);
    }

    @Override
    public char separator() {
        return '.';
    }

    @Override
    public boolean mailboxesAreFiles() {
        return false;
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public List<Path> watched() {
        return Stream.of(root, location.control()).distinct().toList();
    }

    @Override
    public Subscriptions subscriptions() {
        return new Subscriptions(location.control().resolve("subscriptions"), '.', clock);
    }

    @Override
    public Annotations annotations() {
        return new Annotations(root.resolve("postino.metadata"), clock);
    }

    @Override
    public void make() throws IOException {
        new MaildirDirectory(location.inbox(), clock).create();
        Private.directories(root);
        Private.directories(location.control());
    }

    /// The directory in which a mailbox has files of one kind: the mailbox itself, or one of the same name below another root, where INBOX is
    /// `.INBOX`.
    private Path beside(Path mailbox, Path otherRoot) {
        return beside(location, mailbox, otherRoot);
    }

    static Path beside(MailLocation.Maildir location, Path mailbox, Path otherRoot) {
        if (otherRoot.equals(location.root())) {
            return mailbox;
        }
        String name =
                mailbox.equals(location.inbox())
                        ? "." + INBOX
                        : String.valueOf(mailbox.getFileName());
        return otherRoot.resolve(name);
    }

    /// The directories of a mailbox that are not the mailbox itself.
    private Set<Path> others(Path mailbox) {
        var others = new LinkedHashSet<Path>();
        others.add(beside(mailbox, location.control()));
        others.add(beside(mailbox, location.index()));
        others.remove(mailbox);
        return others;
    }

    @Override
    public Path beside(Path there) {
        return beside(there, location.index());
    }

    private Path prepared(Path mailbox) throws IOException {
        for (Path other : others(mailbox)) {
            Private.directories(other);
        }
        return mailbox;
    }

    @Override
    public Path path(String name) throws MailStoreException {
        if (Layout.isInbox(name)) {
            return location.inbox();
        }
        String encoded = ModifiedUtf7.encode(name);
        boolean bad =
                name.isEmpty()
                        || name.startsWith(".")
                        || name.endsWith(".")
                        || name.contains("..")
                        || name.indexOf('/') >= 0
                        || name.chars().anyMatch(c -> c < 0x20 || c == 0x7f)
                        || encoded.length() > LONGEST;
        if (bad) {
            throw invalid(name);
        }
        return root.resolve("." + encoded);
    }

    private static MailStoreException invalid(String name) {
        return new MailStoreException(
                MailStoreException.Problem.INVALID_NAME, "Invalid mailbox name: " + name);
    }

    @Override
    public List<MailboxInfo> list() throws IOException {
        Set<String> names = names().keySet();
        var all = new TreeMap<String, Boolean>();
        for (String name : names) {
            all.put(name, true);
            for (int at = name.lastIndexOf('.'); at > 0; at = name.lastIndexOf('.', at - 1)) {
                all.putIfAbsent(name.substring(0, at), names.contains(name.substring(0, at)));
            }
        }
        all.remove(INBOX);
        var list = new ArrayList<MailboxInfo>();
        for (var entry : all.entrySet()) {
            String below = all.ceilingKey(entry.getKey() + ".");
            boolean children = below != null && below.startsWith(entry.getKey() + ".");
            list.add(new MailboxInfo(entry.getKey(), entry.getValue(), children));
        }
        return list;
    }

    /// The directories of all mailboxes but INBOX.
    private SortedMap<String, Path> names() throws IOException {
        var found = new ArrayList<ForeignNames.Found<Path>>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, ".*")) {
            for (Path entry : entries) {
                String file = String.valueOf(entry.getFileName());
                if (file.startsWith("..") || file.length() < 2 || !Files.isDirectory(entry)) {
                    continue;
                }
                String name = Layout.canonical(ForeignNames.text(entry, 1), '.');
                if (!name.equals(INBOX)) {
                    boolean regular = file.equals("." + ModifiedUtf7.encode(name));
                    found.add(new ForeignNames.Found<>(name, entry, regular));
                }
            }
        } catch (NoSuchFileException e) {
            return new TreeMap<>();
        }
        found.sort(Comparator.comparing(ForeignNames.Found::there));
        return ForeignNames.distinct(found);
    }

    @Override
    public Optional<Path> find(String name) throws IOException {
        Optional<Path> found = look(name);
        return found.isPresent() ? Optional.of(prepared(found.get())) : found;
    }

    private Optional<Path> look(String name) throws IOException {
        try {
            Path regular = path(name);
            if (Files.isDirectory(regular)) {
                return Optional.of(regular);
            }
        } catch (MailStoreException e) {
            // no name that we would give, but perhaps one that is there
            return Optional.ofNullable(names().get(name));
        }
        return Layout.isInbox(name) ? Optional.empty() : Optional.ofNullable(names().get(name));
    }

    @Override
    public void create(String name) throws IOException {
        String mailbox = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        Path directory = path(mailbox);
        if (Layout.isInbox(mailbox) || find(mailbox).isPresent()) {
            throw new MailStoreException(
                    MailStoreException.Problem.EXISTS, "Mailbox already exists");
        }
        new MaildirDirectory(directory, clock).create();
        Files.createFile(directory.resolve("maildirfolder"), Private.NEW_FILE);
    }

    @Override
    public void delete(Path there) throws IOException {
        Path tmp = root.resolve("tmp");
        Private.directories(tmp);
        Path aside = tmp.resolve("deleted." + unique.next());
        MaildirDirectory.rename(there, aside);
        for (Path other : others(there)) {
            MaildirDirectory.deleteTree(other);
        }
        MaildirDirectory.deleteTree(aside);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        var names = names();
        var moving = new LinkedHashMap<Path, Path>();
        Path source = names.get(from);
        if (source != null) {
            moving.put(source, path(to));
        }
        for (var child : names.subMap(from + ".", from + (char) ('.' + 1)).entrySet()) {
            String encoded = ModifiedUtf7.encode(to + child.getKey().substring(from.length()));
            if (encoded.length() > LONGEST) {
                throw invalid(to);
            }
            moving.put(child.getValue(), root.resolve("." + encoded));
        }
        if (moving.isEmpty()) {
            throw new NoSuchMailboxException(from);
        }
        boolean taken = Layout.isInbox(to) || names.containsKey(to);
        for (Path target : moving.values()) {
            taken |= Files.exists(target);
        }
        if (taken) {
            throw new MailStoreException(
                    MailStoreException.Problem.EXISTS, "Target mailbox already exists");
        }
        for (var move : moving.entrySet()) {
            move(move.getKey(), move.getValue());
        }
    }

    /// Moves a mailbox. Its lists of UIDs and keywords go first: without them its messages would get new UIDs.
    private void move(Path from, Path to) throws IOException {
        moveBeside(from, to, location.control());
        if (!location.index().equals(location.control())) {
            moveBeside(from, to, location.index());
        }
        MaildirDirectory.rename(from, to);
    }

    private void moveBeside(Path from, Path to, Path otherRoot) throws IOException {
        Path there = beside(from, otherRoot);
        if (!there.equals(from) && Files.isDirectory(there)) {
            Path target = beside(to, otherRoot);
            MaildirDirectory.deleteTree(target); // of a mailbox that another program removed
            MaildirDirectory.rename(there, target);
        }
    }

    @Override
    public Folder folder(String name, Path path) {
        return new MaildirFolder(() -> files(path));
    }

    /// The files of a mailbox at this path.
    MaildirFiles files(Path path) {
        return MaildirFiles.of(
                path,
                beside(path, location.control()),
                beside(path, location.index()),
                unique,
                validity::next,
                compression,
                clock);
    }
}
