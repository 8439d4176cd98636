// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Maildir++: INBOX is the root, every other mailbox a directory `.A.B` beside `cur`, `new` and `tmp`.
final class MaildirLayout implements Layout {
    private static final int LONGEST = 240;

    private final MaildirUnique unique;
    private final Path root;
    private final UidValidity validity;

    MaildirLayout(MailStores stores, Path root) {
        this.unique = stores.unique();
        this.root = root;
        this.validity = new UidValidity(root, stores.clock());
    }

    @Override
    public char separator() {
        return '.';
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Subscriptions subscriptions() {
        return new Subscriptions(root.resolve("subscriptions"), '.');
    }

    @Override
    public void make() throws IOException {
        new MaildirDirectory(root).create();
    }

    @Override
    public Path path(String name) throws MailStoreException {
        if (Layout.isInbox(name)) {
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
        Set<String> names = names().keySet();
        var all = new TreeMap<String, Boolean>();
        for (String name : names) {
            all.put(name, true);
            for (int at = name.lastIndexOf('.'); at > 0; at = name.lastIndexOf('.', at - 1)) {
                all.putIfAbsent(name.substring(0, at), names.contains(name.substring(0, at)));
            }
        }
        var list = new ArrayList<MailboxInfo>();
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
                if (!Layout.isInbox(name)) {
                    names.put(name, entry);
                }
            }
        }
        return names;
    }

    @Override
    public boolean exists(String name) throws IOException {
        return Files.isDirectory(path(name));
    }

    @Override
    public void create(String name) throws IOException {
        Path directory = path(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
        if (Files.isDirectory(directory)) {
            throw new MailStoreException(
                    MailStoreException.Problem.EXISTS, "Mailbox already exists");
        }
        new MaildirDirectory(directory).create();
        Files.createFile(directory.resolve("maildirfolder"), Private.NEW_FILE);
    }

    @Override
    public void delete(String name) throws IOException {
        Path aside = root.resolve("tmp").resolve("deleted." + unique.next());
        MaildirDirectory.rename(path(name), aside);
        MaildirDirectory.deleteTree(aside);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Path source = path(from);
        Path target = path(to);
        var below = names().subMap(from + ".", from + (char) ('.' + 1));
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
            MaildirDirectory.rename(child.getValue(), path(to + rest));
        }
    }

    @Override
    public Folder folder(String name, Path path) {
        return new MaildirFolder(path, unique, validity::next);
    }
}
