// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postino.mailstore.Adding;
import org.postino.mailstore.Copied;
import org.postino.mailstore.Expired;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.MailboxInfo;
import org.postino.mailstore.MailboxStatus;
import org.postino.mailstore.SessionLock;
import org.postino.mailstore.StoreOwner;
import org.postino.mailstore.Watch;

/// A store all of whose mailboxes but INBOX have a prefix before their names (RFC 2342), as Courier's clients expect: with the
/// prefix `INBOX.`, `INBOX.Spam` is the directory `.Spam`. Names without it are refused, as by Dovecot.
final class NamespaceStore implements MailStore {
    private static final String INBOX = "INBOX";

    private final MailStore store;
    private final String prefix;

    private NamespaceStore(MailStore store, String prefix) {
        this.store = store;
        this.prefix = prefix;
    }

    /// The store as a client sees it.
    ///
    /// @param prefix its last character stands for the separator of the store; empty for none
    static MailStore of(MailStore store, String prefix) {
        return prefix.isEmpty()
                ? store
                : new NamespaceStore(store, prefix(prefix, store.separator()));
    }

    /// The prefix with a store's own separator.
    static String prefix(String configured, char separator) {
        return configured.isEmpty()
                ? ""
                : configured.substring(0, configured.length() - 1) + separator;
    }

    private boolean isRoot(String name) {
        return name.length() == prefix.length() - 1
                && prefix.regionMatches(true, 0, name, 0, name.length());
    }

    /// The store's name for a mailbox.
    private String inner(String name) throws MailStoreException {
        if (name.equalsIgnoreCase(INBOX)) {
            return INBOX;
        }
        boolean inbox = isRoot(INBOX);
        if (!name.regionMatches(inbox, 0, prefix, 0, prefix.length())) {
            throw new MailStoreException(
                    MailStoreException.Problem.CANNOT,
                    "No such namespace. (Mailbox name should probably be prefixed with: "
                            + prefix
                            + ")");
        }
        String rest = name.substring(prefix.length());
        return rest.isEmpty() && inbox ? INBOX : rest;
    }

    private String outer(String name) {
        return name.equals(INBOX) ? INBOX : prefix + name;
    }

    @Override
    public <T> T together(StoreOwner.Work<T> work) throws IOException {
        return store.together(work);
    }

    @Override
    public <T> T asOwner(StoreOwner.Work<T> work) throws IOException {
        return store.asOwner(work);
    }

    @Override
    public Path beside(String name) throws IOException {
        return store.beside(inner(name));
    }

    @Override
    public char separator() {
        return store.separator();
    }

    @Override
    public List<MailboxInfo> list() throws IOException {
        List<MailboxInfo> all = store.list();
        boolean others = all.size() > 1;
        boolean below = isRoot(INBOX);
        var list = new ArrayList<MailboxInfo>();
        for (MailboxInfo info : all) {
            if (!info.name().equals(INBOX)) {
                list.add(
                        new MailboxInfo(
                                prefix + info.name(),
                                info.selectable(),
                                info.hasChildren(),
                                info.noInferiors()));
                continue;
            }
            list.add(new MailboxInfo(INBOX, info.selectable(), below && others, false));
            if (!below) {
                String root = prefix.substring(0, prefix.length() - 1);
                list.add(new MailboxInfo(root, false, others, false));
            }
            if (info.hasChildren()) {
                list.add(new MailboxInfo(prefix + INBOX, false, true, false));
            }
        }
        return list;
    }

    @Override
    public boolean exists(String name) throws IOException {
        return store.exists(inner(name));
    }

    @Override
    public void create(String name) throws IOException {
        store.create(inner(name));
    }

    @Override
    public void delete(String name) throws IOException {
        store.delete(inner(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        store.rename(inner(from), inner(to));
    }

    @Override
    public boolean isOf(Mailbox view, String name) throws IOException {
        return store.isOf(view, inner(name));
    }

    @Override
    public String nameOf(Mailbox view) {
        return outer(store.nameOf(view));
    }

    @Override
    public void follow(Mailbox view, String from, String to) throws IOException {
        store.follow(view, inner(from), inner(to));
    }

    @Override
    public Set<String> subscriptions() throws IOException {
        var names = new LinkedHashSet<String>();
        for (String name : store.subscriptions()) {
            names.add(outer(name));
        }
        return names;
    }

    @Override
    public void subscribe(String name) throws IOException {
        store.subscribe(inner(name));
    }

    @Override
    public void unsubscribe(String name) throws IOException {
        store.unsubscribe(inner(name));
    }

    @Override
    public Map<String, ? extends Map<String, byte[]>> annotations() throws IOException {
        var named = new HashMap<String, Map<String, byte[]>>();
        store.annotations()
                .forEach(
                        (name, entries) -> named.put(name.isEmpty() ? name : outer(name), entries));
        return named;
    }

    @Override
    public void annotate(String name, Map<String, Optional<byte[]>> entries) throws IOException {
        store.annotate(name.isEmpty() ? name : inner(name), entries);
    }

    @Override
    public MailboxStatus status(String name, boolean sized) throws IOException {
        return store.status(inner(name), sized);
    }

    @Override
    public String identity(String name) throws IOException {
        return store.identity(inner(name));
    }

    @Override
    public Mailbox open(String name, boolean readOnly) throws IOException {
        return store.open(inner(name), readOnly);
    }

    @Override
    public Watch watch(String name, Runnable onChange) throws IOException {
        return store.watch(inner(name), onChange);
    }

    @Override
    public Watch watchNames(Runnable onChange) throws IOException {
        return store.watchNames(onChange);
    }

    @Override
    public Adding adding(String name) throws IOException {
        return store.adding(inner(name));
    }

    @Override
    public Copied copy(Mailbox from, Collection<Long> uids, String destination) throws IOException {
        return store.copy(from, uids, inner(destination));
    }

    @Override
    public Copied move(Mailbox from, Collection<Long> uids, String destination) throws IOException {
        return store.move(from, uids, inner(destination));
    }

    @Override
    public List<Expired> expire() throws IOException {
        return store.expire();
    }

    @Override
    public int restore(Instant since, String destination) throws IOException {
        return store.restore(since, inner(destination));
    }

    @Override
    public Optional<SessionLock> lockSession() throws IOException {
        return store.lockSession();
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
