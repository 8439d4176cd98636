// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A Maildir++ store: INBOX is the root, every other mailbox a directory `.A.B` beside `cur`, `new` and `tmp`.
final class MaildirStore implements MailStore {
    private static final String INBOX = "INBOX";
    private static final int LONGEST = 240;

    private final MailStores stores;
    private final Path root;
    private final StoreOwner owner;
    private final UidValidity validity;
    private final Subscriptions subscriptions;

    private MaildirStore(MailStores stores, Path root, StoreOwner owner) {
        this.stores = stores;
        this.root = root;
        this.owner = owner;
        this.validity = new UidValidity(root, stores.clock());
        this.subscriptions = new Subscriptions(root.resolve("subscriptions"), '.');
    }

    static MaildirStore open(MailStores stores, Path root, StoreOwner owner) throws IOException {
        var store = new MaildirStore(stores, root, owner);
        owner.call(() -> {
            new MaildirDirectory(root).create();
            return true;
        });
        return store;
    }

    @Override
    public char separator() {
        return '.';
    }

    private static boolean isInbox(String name) {
        return name.equalsIgnoreCase(INBOX);
    }

    /// The directory of a mailbox name.
    private Path directory(String name) throws MailStoreException {
        if (isInbox(name)) {
            return root;
        }
        String encoded = ModifiedUtf7.encode(name);
        boolean bad =
                name.isEmpty()
                        || name.startsWith(".")
                        || name.endsWith(".")
                        || name.contains("..")
                        || name.indexOf('/') >= 0
                        || name.chars().anyMatch(c -> c < 0x20 || c == 0x7f)
                        || name.toUpperCase(Locale.ROOT).startsWith(INBOX + ".")
                        || encoded.length() > LONGEST;
        if (bad) {
            throw new MailStoreException(
                    MailStoreException.Problem.INVALID_NAME, "Invalid mailbox name: " + name);
        }
        return root.resolve("." + encoded);
    }

    @Override
    public List<MailboxInfo> list() throws IOException {
        Set<String> names = owner.call(this::names).keySet();
        var all = new TreeMap<String, Boolean>();
        for (String name : names) {
            all.put(name, true);
            for (int at = name.lastIndexOf('.'); at > 0; at = name.lastIndexOf('.', at - 1)) {
                all.putIfAbsent(name.substring(0, at), names.contains(name.substring(0, at)));
            }
        }
        var list = new ArrayList<MailboxInfo>();
        list.add(new MailboxInfo(INBOX, true, false));
        for (var entry : all.entrySet()) {
            String below = all.higherKey(entry.getKey() + ".");
            boolean children = below != null && below.startsWith(entry.getKey() + ".");
            list.add(new MailboxInfo(entry.getKey(), entry.getValue(), children));
        }
        return list;
    }

    private SortedMap<String, Path> names() throws IOException {
        var names = new TreeMap<String, Path>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, ".*")) {
            for (Path entry : entries) {
                String file = String.valueOf(entry.getFileName());
                if (file.startsWith("..") || file.length() < 2 || !Files.isDirectory(entry)) {
                    continue;
                }
                String encoded = file.substring(1);
                String name = ModifiedUtf7.decode(encoded).orElse(encoded);
                if (!isInbox(name)) {
                    names.put(name, entry);
                }
            }
        }
        return names;
    }

    @Override
    public boolean exists(String name) throws IOException {
        Path directory;
        try {
            directory = directory(name);
        } catch (MailStoreException e) {
            return false;
        }
        return owner.call(() -> Files.isDirectory(directory));
    }

    private Path existing(String name) throws IOException {
        if (!exists(name)) {
            throw new NoSuchMailboxException(name);
        }
        return directory(name);
    }

    @Override
    public void create(String name) throws IOException {
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        Path directory = directory(plain);
        owner.call(() -> {
            if (Files.isDirectory(directory)) {
                throw new MailStoreException(
                        MailStoreException.Problem.EXISTS, "Mailbox already exists");
            }
            new MaildirDirectory(directory).create();
            Files.createFile(directory.resolve("maildirfolder"), Private.NEW_FILE);
            return true;
        });
    }

    @Override
    public void delete(String name) throws IOException {
        if (isInbox(name)) {
            throw new MailStoreException(
                    MailStoreException.Problem.CANNOT, "INBOX can't be deleted.");
        }
        Path directory = existing(name);
        owner.call(() -> {
            Path aside = root.resolve("tmp").resolve("deleted." + stores.unique().next());
            MaildirDirectory.rename(directory, aside);
            MaildirDirectory.deleteTree(aside);
            return true;
        });
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Path target = directory(to);
        if (isInbox(from)) {
            create(to);
            moveAll(to);
            return;
        }
        if (to.startsWith(from + ".")) {
            throw new MailStoreException(
                    MailStoreException.Problem.INVALID_NAME, "Can't rename mailbox under itself");
        }
        Path source = directory(from);
        owner.call(() -> {
            var all = names();
            var below = all.subMap(from + ".", from + (char) ('.' + 1));
            boolean there = Files.isDirectory(source);
            if (!there && below.isEmpty()) {
                throw new NoSuchMailboxException(from);
            }
            if (Files.exists(target)) {
                throw new MailStoreException(
                        MailStoreException.Problem.EXISTS, "Target mailbox already exists");
            }
            if (there) {
                MaildirDirectory.rename(source, target);
            }
            for (var child : below.entrySet()) {
                String rest = child.getKey().substring(from.length());
                MaildirDirectory.rename(child.getValue(), directory(to + rest));
            }
            return true;
        });
    }

    /// What RENAME of INBOX means: its messages move.
    private void moveAll(String to) throws IOException {
        try (Mailbox inbox = open(INBOX, false)) {
            var uids = new ArrayList<Long>();
            for (int i = 1; i <= inbox.size(); i++) {
                uids.add(inbox.uid(i));
            }
            if (!uids.isEmpty()) {
                move(inbox, uids, to);
            }
        }
    }

    @Override
    public Set<String> subscriptions() throws IOException {
        return owner.call(subscriptions::read);
    }

    @Override
    public void subscribe(String name) throws IOException {
        directory(name);
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
        Path directory = existing(name);
        Folder folder =
                stores.acquire(
                        owner,
                        directory,
                        () -> new MaildirFolder(directory, stores.unique(), validity::next));
        return new FolderUse(stores, owner, directory, folder);
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
