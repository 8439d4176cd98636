// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A store of mbox files: INBOX is a file of its own, every other mailbox a file below the root; directories only have children.
final class MboxStore implements MailStore {
    private static final String INBOX = "INBOX";
    private static final int LONGEST = 200;
    private static final int DEEPEST = 20;

    private final MailStores stores;
    private final Path root;
    private final Path inbox;
    private final StoreOwner owner;
    private final OptionalInt spool;
    private final UidValidity validity;
    private final Subscriptions subscriptions;

    private MboxStore(MailStores stores, Path root, Path inbox, StoreOwner owner) {
        this.stores = stores;
        this.root = root;
        this.inbox = inbox;
        this.owner = owner;
        this.validity = new UidValidity(root.resolve(".imap"), stores.clock());
        this.subscriptions = new Subscriptions(root.resolve(".subscriptions"), '/');
        this.spool = stores.spool().group(inbox);
    }

    static MailStore open(MailStores stores, Path root, Path inbox, StoreOwner owner)
            throws IOException {
        owner.call(() -> {
            Private.directories(root.resolve(".imap"));
            return true;
        });
        return new MboxStore(stores, root, inbox, owner);
    }

    @Override
    public char separator() {
        return '/';
    }

    private static boolean isInbox(String name) {
        return name.equalsIgnoreCase(INBOX);
    }

    private Path file(String name) throws MailStoreException {
        if (isInbox(name)) {
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
            bad |= part.startsWith(".") || part.endsWith(".lock") || isInbox(part);
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
        owner.call(() -> {
            walk(root, "", 0, found);
            return true;
        });
        var list = new ArrayList<MailboxInfo>();
        list.add(new MailboxInfo(INBOX, true, false));
        list.addAll(found.values());
        return list;
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
                } else if (Files.isRegularFile(entry) && !isInbox(name)) {
                    found.put(name, new MailboxInfo(name, true, false));
                }
            }
        }
    }

    @Override
    public boolean exists(String name) throws IOException {
        if (isInbox(name)) {
            return true;
        }
        Path file;
        try {
            file = file(name);
        } catch (MailStoreException e) {
            return false;
        }
        return owner.call(() -> Files.isRegularFile(file));
    }

    private Path existing(String name) throws IOException {
        if (!exists(name)) {
            throw new NoSuchMailboxException(name);
        }
        return file(name);
    }

    @Override
    public void create(String name) throws IOException {
        boolean directory = name.endsWith("/");
        Path file = file(directory ? name.substring(0, name.length() - 1) : name);
        owner.call(() -> {
            if (Files.exists(file) || isInbox(name)) {
                throw new MailStoreException(
                        MailStoreException.Problem.EXISTS, "Mailbox already exists");
            }
            parents(directory ? file.resolve("x") : file);
            if (!directory) {
                Files.createFile(file, Private.NEW_FILE);
            }
            return true;
        });
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
        if (isInbox(name)) {
            throw new MailStoreException(
                    MailStoreException.Problem.CANNOT, "INBOX can't be deleted.");
        }
        Path file = existing(name);
        owner.call(() -> {
            Files.deleteIfExists(file);
            deleteState(state(file));
            return true;
        });
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
        Path target = file(to);
        if (isInbox(from)) {
            create(to);
            moveAll(to);
            return;
        }
        if (to.startsWith(from + "/")) {
            throw new MailStoreException(
                    MailStoreException.Problem.INVALID_NAME, "Can't rename mailbox under itself");
        }
        Path source = file(from);
        owner.call(() -> {
            if (!Files.exists(source)) {
                throw new NoSuchMailboxException(from);
            }
            if (Files.exists(target) || isInbox(to)) {
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
            return true;
        });
    }

    private void moveAll(String to) throws IOException {
        try (Mailbox box = open(INBOX, false)) {
            var uids = new ArrayList<Long>();
            for (int i = 1; i <= box.size(); i++) {
                uids.add(box.uid(i));
            }
            if (!uids.isEmpty()) {
                move(box, uids, to);
            }
        }
    }

    @Override
    public Set<String> subscriptions() throws IOException {
        return owner.call(subscriptions::read);
    }

    @Override
    public void subscribe(String name) throws IOException {
        file(name);
        changeSubscription(name, true);
    }

    @Override
    public void unsubscribe(String name) throws IOException {
        changeSubscription(name, false);
    }

    private void changeSubscription(String name, boolean subscribed) throws IOException {
        owner.call(() -> {
            subscriptions.change(isInbox(name) ? INBOX : name, subscribed);
            return true;
        });
    }

    private FolderUse use(String name) throws IOException {
        Path file = existing(name);
        Folder folder = stores.acquire(owner, file, () -> folder(file, isInbox(name)));
        return new FolderUse(stores, owner, file, folder);
    }

    private Folder folder(Path file, boolean isInbox) {
        OptionalInt group = isInbox ? spool : OptionalInt.empty();
        var place =
                group.isPresent()
                        ? MboxPlace.inSpool(
                                file,
                                owner.uid(),
                                owner.withGroup(group.getAsInt()),
                                stores.locking())
                        : MboxPlace.own(file, isInbox, stores.locking());
        return new MboxFolder(place, state(file), validity::next);
    }

    @Override
    public MailboxStatus status(String name) throws IOException {
        try (FolderUse use = use(name)) {
            return use.status();
        }
    }

    @Override
    public Mailbox open(String name, boolean readOnly) throws IOException {
        return use(name).open(isInbox(name) ? INBOX : name, readOnly);
    }

    @Override
    public Appended append(
            String name, Flags flags, @Nullable Instant internalDate, InputStream content)
            throws IOException {
        try (FolderUse use = use(name)) {
            return use.append(flags, internalDate, content);
        }
    }

    @Override
    public Copied copy(Mailbox from, Collection<Long> uids, String destination) throws IOException {
        try (FolderUse use = use(destination)) {
            Copied result = owner.call(() -> use.folder().copyFrom(from.folder(), uids));
            stores.announcer().changed(use.folder());
            return result;
        }
    }

    @Override
    public Copied move(Mailbox from, Collection<Long> uids, String destination) throws IOException {
        Copied result = copy(from, uids, destination);
        from.expunge(result.from());
        return result;
    }

    @Override
    public Optional<SessionLock> lockSession() throws IOException {
        return SessionLock.take(root, owner);
    }

    @Override
    public void close() throws IOException {}
}
