// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A store of folders, wherever its layout puts them. Everything on the disk is done as the owner.
final class FolderStore implements MailStore {
    private final MailStores stores;
    private final StoreOwner owner;
    private final Layout layout;
    private final Subscriptions subscriptions;
    private final Annotations annotations;
    private final AutoMailboxes auto;

    private FolderStore(MailStores stores, StoreOwner owner, Layout layout) {
        this.stores = stores;
        this.owner = owner;
        this.layout = layout;
        this.subscriptions = layout.subscriptions();
        this.annotations = layout.annotations();
        this.auto = new AutoMailboxes(layout, subscriptions, stores.rules());
    }

    static FolderStore open(MailStores stores, StoreOwner owner, Layout layout) throws IOException {
        var store = new FolderStore(stores, owner, layout);
        store.act(layout::make);
        return store;
    }

    /// Something to do on the disk.
    @FunctionalInterface
    private interface Act {
        void run() throws IOException;
    }

    private void act(Act act) throws IOException {
        owner.call(() -> {
            act.run();
            return true;
        });
    }

    @Override
    public <T> T together(StoreOwner.Work<T> work) throws IOException {
        return owner.together(work);
    }

    @Override
    public <T> T asOwner(StoreOwner.Work<T> work) throws IOException {
        return owner.call(work);
    }

    @Override
    public Path beside(String name) throws IOException {
        Path mailbox = existing(name);
        return owner.call(() -> {
            Path beside = layout.beside(mailbox);
            Private.directories(beside);
            return beside;
        });
    }

    @Override
    public char separator() {
        return layout.separator();
    }

    @Override
    public List<MailboxInfo> list() throws IOException {
        var others = auto.listed(owner.call(layout::list));
        String below = Layout.INBOX + separator();
        boolean children = others.stream().anyMatch(m -> m.name().startsWith(below));
        var list = new ArrayList<MailboxInfo>();
        list.add(new MailboxInfo(Layout.INBOX, true, children));
        list.addAll(others);
        return list;
    }

    @Override
    public boolean exists(String name) throws IOException {
        return auto.contains(canonical(name)) || find(name).isPresent();
    }

    /// True if a mailbox is on the disk.
    boolean isThere(String name) throws IOException {
        return find(name).isPresent();
    }

    boolean mailboxesAreFiles() {
        return layout.mailboxesAreFiles();
    }

    /// Removes messages of a mailbox, and leaves them to the one that keeps such.
    void expunge(String name, FolderUse use, Collection<Long> uids) throws IOException {
        keep(name, use.folder(), uids);
        act(() -> use.folder().expunge(uids));
        stores.announcer().changed(use.folder());
    }

    private Optional<Path> find(String name) throws IOException {
        return owner.call(() -> layout.find(canonical(name)));
    }

    /// The path of a mailbox that is there, or is there by itself.
    private Path existing(String name) throws IOException {
        Optional<Path> found = find(name);
        String wanted = canonical(name);
        if (found.isEmpty() && auto.contains(wanted)) {
            found = owner.call(() -> auto.make(wanted));
        }
        return found.orElseThrow(() -> new NoSuchMailboxException(name));
    }

    @Override
    public void create(String name) throws IOException {
        act(() -> {
            layout.create(canonical(name));
            // of one that another program took away
            annotations.deleted(canonical(name));
        });
    }

    @Override
    public void delete(String name) throws IOException {
        if (Layout.isInbox(name)) {
            throw new MailStoreException(
                    MailStoreException.Problem.CANNOT, "INBOX can't be deleted.");
        }
        Path there = existing(name);
        act(() -> {
            layout.delete(there);
            annotations.deleted(canonical(name));
        });
        stores.moved(owner, there);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        String source = canonical(from);
        String target = canonical(to);
        layout.path(target);
        if (Layout.isInbox(source)) {
            create(target);
            moveAll(target);
            return;
        }
        if (auto.contains(source)) {
            existing(source);
        }
        if (target.startsWith(source + separator())) {
            throw new MailStoreException(
                    MailStoreException.Problem.INVALID_NAME, "Can't rename mailbox under itself");
        }
        act(() -> {
            layout.rename(source, target);
            annotations.renamed(source, target, separator());
        });
    }

    @Override
    public boolean isOf(Mailbox view, String name) {
        return view.name().equals(canonical(name));
    }

    @Override
    public void follow(Mailbox view, String from, String to) throws IOException {
        String source = canonical(from);
        boolean moved = view.name().equals(source) || view.name().startsWith(source + separator());
        if (moved && !Layout.isInbox(source)) {
            String now = canonical(to) + view.name().substring(source.length());
            view.follow(now, use(now));
        }
    }

    /// RENAME of INBOX moves its messages.
    private void moveAll(String to) throws IOException {
        try (Mailbox inbox = open(Layout.INBOX, false)) {
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
        Set<String> names = owner.call(subscriptions::read);
        auto.subscribed(names);
        return names;
    }

    @Override
    public void subscribe(String name) throws IOException {
        if (!exists(name)) {
            layout.path(canonical(name));
        }
        act(() -> subscriptions.change(canonical(name), true));
    }

    @Override
    public void unsubscribe(String name) throws IOException {
        act(() -> subscriptions.change(canonical(name), false));
    }

    @Override
    public Map<String, ? extends Map<String, byte[]>> annotations() throws IOException {
        return owner.call(annotations::read);
    }

    @Override
    public void annotate(String name, Map<String, Optional<byte[]>> entries) throws IOException {
        if (!name.isEmpty()) {
            existing(name);
        }
        act(() -> annotations.change(canonical(name), entries));
    }

    private String canonical(String name) {
        return Layout.canonical(name, separator());
    }

    FolderUse use(String name) throws IOException {
        Path path = existing(name);
        Folder folder = stores.acquire(owner, path, () -> layout.folder(name, path));
        return new FolderUse(stores, owner, path, folder);
    }

    @Override
    public MailboxStatus status(String name, boolean sized) throws IOException {
        try (FolderUse use = use(name)) {
            return use.status(sized);
        }
    }

    @Override
    public String identity(String name) throws IOException {
        try (FolderUse use = use(name)) {
            return owner.call(use.folder()::identity);
        }
    }

    @Override
    public Mailbox open(String name, boolean readOnly) throws IOException {
        Mailbox view = use(name).open(canonical(name), readOnly);
        view.keptBy((folder, uids) -> keep(view.name(), folder, uids));
        return view;
    }

    /// Copies messages that are about to be expunged into the mailbox that keeps such.
    private void keep(String name, Folder folder, Collection<Long> uids) throws IOException {
        Optional<String> keeper = stores.rules().keeper(name, separator());
        if (keeper.isEmpty() || uids.isEmpty()) {
            return;
        }
        if (find(keeper.get()).isEmpty()) {
            owner.call(() -> auto.make(keeper.get()));
        }
        try (FolderUse use = use(keeper.get())) {
            act(() -> {
                Copied copies = use.folder().copyFrom(folder, uids);
                var deleted = Flags.of(Flag.DELETED);
                use.folder().store(copies.to(), StoreMode.REMOVE, deleted, Long.MAX_VALUE);
            });
            stores.announcer().changed(use.folder());
        }
    }

    @Override
    public Watch watch(String name, Runnable onChange) throws IOException {
        Path path = existing(name);
        Folder stranger = layout.folder(canonical(name), path);
        return stores.announcer().watch(owner, stranger, stranger.watched(), onChange);
    }

    @Override
    public Watch watchNames(Runnable onChange) throws IOException {
        var directories = owner.call(layout::watched);
        return stores.announcer().watch(owner, new Object(), directories, onChange);
    }

    @Override
    public Adding adding(String name) throws IOException {
        return Adding.to(use(name));
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
        from.remove(result.from());
        return result;
    }

    /// Looks at the files that the store keeps beside a mailbox; empty where there are none, as with an mbox.
    Optional<MaildirCheck> check(String name) throws IOException {
        Path path = existing(name);
        return layout instanceof MaildirLayout maildirs
                ? Optional.of(new MaildirCheck(maildirs.files(path)))
                : Optional.empty();
    }

    @Override
    public List<Expired> expire() throws IOException {
        return stores.rules().keepAll()
                ? List.of()
                : new Expiry(this, stores.rules(), stores.clock()).run();
    }

    @Override
    public int restore(Instant since, String destination) throws IOException {
        String keeper = MailboxRules.inStore(stores.rules().expunged(), separator());
        if (keeper.isEmpty() || !isThere(keeper)) {
            return 0;
        }
        try (Mailbox kept = open(keeper, false)) {
            var uids = new ArrayList<Long>();
            for (int i = 1; i <= kept.size(); i++) {
                if (!kept.saveDate(kept.uid(i)).orElse(Instant.MAX).isBefore(since)) {
                    uids.add(kept.uid(i));
                }
            }
            return uids.isEmpty() ? 0 : move(kept, uids, destination).to().size();
        }
    }

    @Override
    public Optional<SessionLock> lockSession() throws IOException {
        return SessionLock.take(layout.root(), owner, stores.clock());
    }

    @Override
    public void close() throws IOException {}
}
