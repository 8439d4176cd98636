// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/// Mbox files: INBOX is a file of its own, every other mailbox a file below the root; directories only have children.
final class MboxLayout implements Layout {
    private static final int LONGEST = 200;

    /// The number of directories that are watched below the root.
    private static final int WATCHED = 100;

    private static final int DEEPEST = 20;

    private final Path root;
    private final Path inbox;
    private final StoreOwner owner;
    private final MboxLocking locking;
    private final Clock clock;
    private final OptionalInt spool;
    private final UidValidity validity;

    MboxLayout(MailStores stores, Path root, Path inbox, StoreOwner owner) {
        this.root = root;
        this.inbox = inbox;
        this.owner = owner;
        this.clock = stores.clock();
        this.locking = stores.locking();
        this.spool = stores.spool().group(inbox);
        this.validity = new UidValidity(root.resolve(".imap"), clock);
    }

    @Override
    public char separator() {
        return '/';
    }

    @Override
    public boolean mailboxesAreFiles() {
        return true;
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public List<Path> watched() throws IOException {
        var directories = new ArrayList<Path>();
        directories.add(root);
        names().values().stream()
                .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                .limit(WATCHED)
                .forEach(directories::add);
        return directories;
    }

    @Override
    public Subscriptions subscriptions() {
        return new Subscriptions(root.resolve(".subscriptions"), '/', clock);
    }

    @Override
    public Annotations annotations() {
        return new Annotations(root.resolve(".postino.metadata"), clock);
    }

    @Override
    public void make() throws IOException {
        Private.directories(root.resolve(".imap"));
    }

    @Override
    public Path path(String name) throws MailStoreException {
        if (Layout.isInbox(name)) {
            return inbox;
        }
        boolean bad =
                name.isEmpty()
                        || name.startsWith("/")
                        || name.endsWith("/")
                        || name.contains("//")
                        || name.chars().anyMatch(c -> c < 0x20 || c == 0x7f)
                        || ModifiedUtf7.encode(name).length() > LONGEST;
        Path path = root;
        for (String part : bad ? new String[0] : name.split("/", -1)) {
            bad |= part.startsWith(".") || part.endsWith(".lock");
            path = path.resolve(ModifiedUtf7.encode(part));
        }
        if (bad) {
            throw new MailStoreException(
                    MailStoreException.Problem.INVALID_NAME, "Invalid mailbox name: " + name);
        }
        return path;
    }

    @Override
    public Path beside(Path there) {
        return state(there);
    }

    /// The directory of our own files for a mailbox.
    private Path state(Path file) {
        if (file.equals(inbox)) {
            return root.resolve(".imap").resolve(INBOX);
        }
        return file.resolveSibling(".imap").resolve(root.relativize(file).getFileName());
    }

    @Override
    public List<MailboxInfo> list() throws IOException {
        var names = names();
        var list = new ArrayList<MailboxInfo>();
        for (var entry : names.entrySet()) {
            String below = names.ceilingKey(entry.getKey() + "/");
            boolean children = below != null && below.startsWith(entry.getKey() + "/");
            boolean mailbox = Files.isRegularFile(entry.getValue());
            list.add(new MailboxInfo(entry.getKey(), mailbox, children, mailbox));
        }
        return list;
    }

    /// The files and directories below the root, but no INBOX.
    private NavigableMap<String, Path> names() throws IOException {
        var names = new TreeMap<String, Path>();
        walk(root, "", 0, names);
        return names;
    }

    private void walk(Path directory, String prefix, int depth, Map<String, Path> names)
            throws IOException {
        var here = new ArrayList<ForeignNames.Found<Path>>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String file = String.valueOf(entry.getFileName());
                boolean mailbox = Files.isRegularFile(entry);
                if (file.startsWith(".")
                        || file.endsWith(".lock")
                        || entry.equals(inbox)
                        || !(mailbox || Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
                    continue;
                }
                String name = Layout.canonical(prefix + ForeignNames.text(entry, 0), '/');
                if (!(mailbox && name.equals(INBOX))) {
                    String level = name.substring(prefix.length());
                    boolean regular = file.equals(ModifiedUtf7.encode(level));
                    here.add(new ForeignNames.Found<>(name, entry, regular));
                }
            }
        } catch (NoSuchFileException e) {
            return;
        }
        here.sort(Comparator.comparing(ForeignNames.Found::there));
        for (var found : ForeignNames.distinct(here).entrySet()) {
            if (Files.isRegularFile(found.getValue())) {
                names.put(found.getKey(), found.getValue());
                continue;
            }
            if (!found.getKey().equals(INBOX)) {
                names.put(found.getKey(), found.getValue());
            }
            if (depth < DEEPEST) {
                walk(found.getValue(), found.getKey() + "/", depth + 1, names);
            }
        }
    }

    @Override
    public Optional<Path> find(String name) throws IOException {
        if (Layout.isInbox(name)) {
            return Optional.of(inbox);
        }
        try {
            Path regular = path(name);
            if (Files.isRegularFile(regular)) {
                return Optional.of(regular);
            }
        } catch (MailStoreException e) {
            // no name that we would give, but perhaps one that is there
            return named(name);
        }
        return named(name);
    }

    private Optional<Path> named(String name) throws IOException {
        return Optional.ofNullable(names().get(name)).filter(Files::isRegularFile);
    }

    @Override
    public void create(String name) throws IOException {
        boolean directory = name.endsWith("/");
        String mailbox = directory ? name.substring(0, name.length() - 1) : name;
        Path file = path(mailbox);
        if (Layout.isInbox(mailbox) || Files.exists(file) || find(mailbox).isPresent()) {
            throw new MailStoreException(
                    MailStoreException.Problem.EXISTS, "Mailbox already exists");
        }
        parents(directory ? file.resolve("x") : file);
        if (!directory) {
            Files.createFile(file, Private.NEW_FILE);
        }
    }

    /// Makes the directories above a file; a mailbox in their place cannot have children.
    private void parents(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent == null) {
            return;
        }
        for (Path up = parent; up != null && up.startsWith(root); up = up.getParent()) {
            if (Files.isRegularFile(up)) {
                throw new MailStoreException(
                        MailStoreException.Problem.CANNOT, "Parent mailbox can't have children");
            }
        }
        Private.directories(parent);
    }

    @Override
    public void delete(Path there) throws IOException {
        Files.deleteIfExists(there);
        MaildirDirectory.deleteTree(state(there));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Path source = names().get(from);
        Path target = path(to);
        if (source == null) {
            throw new NoSuchMailboxException(from);
        }
        if (Layout.isInbox(to) || Files.exists(target) || find(to).isPresent()) {
            throw new MailStoreException(
                    MailStoreException.Problem.EXISTS, "Target mailbox already exists");
        }
        parents(target);
        MaildirDirectory.rename(source, target);
        Path state = state(source);
        if (Files.isDirectory(state)) {
            Path moved = state(target);
            Path above = moved.getParent();
            if (above != null) {
                Private.directories(above);
            }
            MaildirDirectory.deleteTree(moved);
            MaildirDirectory.rename(state, moved);
        }
    }

    @Override
    public Folder folder(String name, Path path) {
        boolean isInbox = Layout.isInbox(name);
        OptionalInt group = isInbox ? spool : OptionalInt.empty();
        var place =
                group.isPresent()
                        ? MboxPlace.inSpool(
                                path,
                                owner.uid(),
                                owner.withGroup(group.getAsInt()),
                                locking,
                                clock)
                        : MboxPlace.own(path, isInbox, locking, clock);
        return new MboxFolder(place, state(path), validity::next, clock);
    }
}
