// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postino.imap.Extension;
import org.postino.imapd.NotifyQuery.Event;
import org.postino.imapd.StatusCommand.Item;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.MailboxStatus;
import org.postino.mailstore.Watch;

/// The mailboxes other than the selected one of whose messages a client wants to hear (RFC 5465). Of each the counts that the client knows
/// are kept, and no message.
final class WatchedMailboxes {
    private static final int MOST = 500;

    private final ImapSession session;
    private final List<NotifyQuery.Group> groups;
    private final Runnable wake;
    private final Map<String, Watched> watched = new LinkedHashMap<>();

    private static final class Watched {
        final AtomicBoolean dirty = new AtomicBoolean();
        Set<Event> events = Set.of();
        Watch watch = () -> {};
        MailboxStatus told;

        Watched(MailboxStatus told) {
            this.told = told;
        }
    }

    /// @param wake called from any thread when there may be something to tell
    WatchedMailboxes(ImapSession session, List<NotifyQuery.Group> groups, Runnable wake) {
        this.session = session;
        this.groups =
                groups.stream()
                        .filter(group ->
                                group.events().stream().anyMatch(Event.OF_MESSAGES::contains))
                        .toList();
        this.wake = wake;
    }

    /// Watches those that are meant now, and no others; false if they are too many.
    ///
    /// @param status the client wants to hear how it stands with each
    boolean choose(boolean status) throws IOException {
        var wanted = wanted();
        if (wanted.size() > MOST) {
            return false;
        }
        watched.entrySet()
                .removeIf(known -> {
                    boolean dropped = !wanted.containsKey(known.getKey());
                    if (dropped) {
                        known.getValue().watch.close();
                    }
                    return dropped;
                });
        for (var one : wanted.entrySet()) {
            watchIfThere(one.getKey(), one.getValue(), status);
        }
        return true;
    }

    private void watchIfThere(String name, Set<Event> events, boolean status) throws IOException {
        try {
            watch(name, events, status);
        } catch (MailStoreException _) {
            // gone meanwhile, or not to be read: as if it were not there
            return;
        }
    }

    private Map<String, Set<Event>> wanted() throws IOException {
        var wanted = new LinkedHashMap<String, Set<Event>>();
        for (var group : groups) {
            var sources = new SearchSources(false, List.of(group.filter()));
            for (var name : sources.names(session.store())) {
                wanted.computeIfAbsent(name, _ -> EnumSet.noneOf(Event.class))
                        .addAll(group.events());
            }
        }
        return wanted;
    }

    private void watch(String name, Set<Event> events, boolean status) throws IOException {
        var known = watched.get(name);
        if (known == null) {
            known = new Watched(session.store().status(name, false));
            var dirty = known.dirty;
            known.watch =
                    session.store()
                            .watch(
                                    name,
                                    () -> {
                                        dirty.set(true);
                                        wake.run();
                                    });
            // what happened before the watch began
            dirty.set(true);
            watched.put(name, known);
        }
        known.events = events;
        if (status && !isSelected(name)) {
            session.send(StatusCommand.response(session, name, known.told, atFirst(events)));
        }
    }

    private static Set<Item> atFirst(Set<Event> events) {
        var items = EnumSet.of(Item.MESSAGES, Item.UIDNEXT, Item.UIDVALIDITY);
        if (events.contains(Event.FLAG_CHANGE)) {
            items.add(Item.UNSEEN);
            items.add(Item.HIGHESTMODSEQ);
        }
        return items;
    }

    private boolean isSelected(String name) throws IOException {
        return session.state() == ImapCommand.State.SELECTED
                && session.store().isOf(session.selected().mailbox(), name);
    }

    void lookAtAll() {
        watched.values().forEach(one -> one.dirty.set(true));
    }

    /// Tells what has changed since it was told last.
    void tell() throws IOException {
        for (var one : watched.entrySet()) {
            if (one.getValue().dirty.getAndSet(false) && !isSelected(one.getKey())) {
                tell(one.getKey(), one.getValue());
            }
        }
    }

    private void tell(String name, Watched known) throws IOException {
        MailboxStatus now;
        try {
            now = session.store().status(name, false);
        } catch (MailStoreException _) {
            // gone, of which those hear who want to hear of names
            return;
        } catch (IOException e) {
            known.dirty.set(true);
            throw e;
        }
        var items = changed(known, now);
        known.told = now;
        if (!items.isEmpty()) {
            session.send(StatusCommand.response(session, name, now, items));
        }
    }

    private Set<Item> changed(Watched known, MailboxStatus now) {
        var before = known.told;
        Set<Item> items = new LinkedHashSet<>();
        if (now.messages() != before.messages() || now.uidNext() != before.uidNext()) {
            items.addAll(List.of(Item.MESSAGES, Item.UIDNEXT));
        }
        boolean flags = known.events.contains(Event.FLAG_CHANGE);
        if (flags && now.unseen() != before.unseen()) {
            items.add(Item.UNSEEN);
        }
        boolean modSeq =
                session.enabled().has(Extension.CONDSTORE)
                        && now.highestModSeq() != before.highestModSeq()
                        && (flags || !items.isEmpty());
        if (modSeq) {
            items.add(Item.HIGHESTMODSEQ);
        }
        if (now.uidValidity() != before.uidValidity() || (modSeq && flags)) {
            items.add(Item.UIDVALIDITY);
        }
        return items;
    }

    void close() {
        watched.values().forEach(one -> one.watch.close());
        watched.clear();
    }
}
