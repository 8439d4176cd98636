// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/// Mbox files: INBOX is a file of its own, every other mailbox a file below the root; directories only have children.
final class MboxLayout implements Layout {
    private static final int LONGEST = 200;
    private static final int DEEPEST = 20;

    private final Path root;
    private final Path inbox;
    private final StoreOwner owner;
    private final MboxLocking locking;
    private final OptionalInt spool;
    private final UidValidity validity;

    MboxLayout(MailStores stores, Path root, Path inbox, StoreOwner owner) {
        this.root = root;
        this.inbox = inbox;
        this.owner = owner;
        this.locking = stores.locking();
        this.spool = stores.spool().group(inbox);
        this.validity = new UidValidity(root.resolve(".imap"), stores.clock());
    }

    @Override
    public char separator() {
        return '/';
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Subscriptions subscriptions() {
        return new Subscriptions(root.resolve(".subscriptions"), '/');
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
            bad |= part.startsWith(".") || part.endsWith(".lock") || Layout.isInbox(part);
            path = path.resolve(ModifiedUtf7.encode(part));
        }
        if (bad) {
            throw new MailStoreException(
                    MailStoreException.Problem.INVALID_NAME, "Invalid mailbox name: " + name);
        }
        return path;
    }

    /// Where our own files for a mailbox are.
    private Path state(Path file) {
        if (file.equals(inbox)) {
            return root.resolve(".imap").resolve(INBOX);
        }
        return file.resolveSibling(".imap").resolve(String.valueOf(file.getFileName()));
    }

    @Override
    public List<MailboxInfo> list() throws IOException {
        var found = new TreeMap<String, MailboxInfo>();
        walk(root, "", 0, found);
        return List.copyOf(found.values());
    }

    private void walk(Path directory, String prefix, int depth, Map<String, MailboxInfo> found)
            throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String file = String.valueOf(entry.getFileName());
                if (file.startsWith(".") || file.endsWith(".lock") || entry.equals(inbox)) {
                    continue;
                }
                String name = prefix + ModifiedUtf7.decode(file).orElse(file);
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    int before = found.size();
                    if (depth < DEEPEST) {
                        walk(entry, name + "/", depth + 1, found);
                    }
                    found.put(name, new MailboxInfo(name, false, found.size() > before));
                } else if (Files.isRegularFile(entry) && !Layout.isInbox(name)) {
                    found.put(name, new MailboxInfo(name, true, false));
                }
            }
        }
    }

    @Override
    public boolean exists(String name) throws IOException {
        return Layout.isInbox(name) || Files.isRegularFile(path(name));
    }

    @Override
    public void create(String name) throws IOException {
        boolean directory = name.endsWith("/");
        Path file = path(directory ? name.substring(0, name.length() - 1) : name);
        if (Files.exists(file) || Layout.isInbox(name)) {
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
    public void delete(String name) throws IOException {
        Path file = path(name);
        Files.deleteIfExists(file);
        deleteState(state(file));
    }

    private static void deleteState(Path state) throws IOException {
        if (!Files.isDirectory(state)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(state)) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.deleteIfExists(file);
                }
            }
        }
        Files.deleteIfExists(state);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Path source = path(from);
        Path target = path(to);
        if (!Files.exists(source)) {
            throw new NoSuchMailboxException(from);
        }
        if (Files.exists(target) || Layout.isInbox(to)) {
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
            deleteState(moved);
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
                                path, owner.uid(), owner.withGroup(group.getAsInt()), locking)
                        : MboxPlace.own(path, isInbox, locking);
        return new MboxFolder(place, state(path), validity::next);
    }
}
