// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postino.imapd.NotifyQuery.Event;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.MailboxInfo;
import org.postino.mailstore.Watch;

/// The names of mailboxes, subscriptions and annotations of whose changes a client wants to hear (RFC 5465, 5.4 to 5.7).
final class WatchedNames {
    private final ImapSession session;
    private final NotifyQuery query;
    private final Runnable wake;
    private final AtomicBoolean dirty = new AtomicBoolean();
    private final Set<String> own = new HashSet<>();
    private Watch watch = () -> {};
    private Known known;

    /// The state of all at one look.
    ///
    /// @param identities of the mailboxes that are there, by name; none if no client wants to hear of names
    /// @param annotations a hash of each value
    private record Known(
            Map<String, MailboxInfo> names,
            Map<String, String> identities,
            Set<String> subscriptions,
            Map<String, Map<String, Integer>> annotations) {
        boolean has(String name) {
            var info = names.get(name);
            return info != null && info.selectable();
        }
    }

    /// @param wake called from any thread when there may be something to tell
    WatchedNames(ImapSession session, NotifyQuery query, Runnable wake) throws IOException {
        this.session = session;
        this.query = query;
        this.wake = wake;
        begin();
        this.known = look(null);
    }

    private void begin() throws IOException {
        watch.close();
        watch =
                session.store()
                        .watchNames(() -> {
                            dirty.set(true);
                            wake.run();
                        });
    }

    void lookAtAll() {
        dirty.set(true);
    }

    /// The client does something to these itself.
    void own(Collection<String> names) {
        own.addAll(names);
    }

    void close() {
        watch.close();
    }

    private Known look(@Nullable Known before) throws IOException {
        var names = new TreeMap<String, MailboxInfo>();
        for (var info : session.store().list()) {
            names.put(info.name(), info);
        }
        var identities = new HashMap<String, String>();
        if (query.wants(Event.MAILBOX_NAME)) {
            for (var info : names.values()) {
                identify(info, before, identities);
            }
        }
        return new Known(names, identities, session.store().subscriptions(), hashes());
    }

    private void identify(MailboxInfo info, @Nullable Known before, Map<String, String> identities)
            throws IOException {
        var name = info.name();
        var kept = before == null ? null : before.identities.get(name);
        try {
            if (info.selectable()) {
                identities.put(name, kept == null ? session.store().identity(name) : kept);
            }
        } catch (MailStoreException _) {
            // gone meanwhile
            identities.remove(name);
        }
    }

    private Map<String, Map<String, Integer>> hashes() throws IOException {
        var hashes = new HashMap<String, Map<String, Integer>>();
        if (query.wants(Event.MAILBOX_METADATA_CHANGE)
                || query.wants(Event.SERVER_METADATA_CHANGE)) {
            session.store()
                    .annotations()
                    .forEach((name, entries) -> {
                        var own = new TreeMap<String, Integer>();
                        entries.forEach((entry, value) -> own.put(entry, Arrays.hashCode(value)));
                        hashes.put(name, own);
                    });
        }
        return hashes;
    }

    /// Tells what has changed since it was told last; false if no mailbox came, went or changed its name or subscription.
    boolean tell() throws IOException {
        if (!dirty.getAndSet(false)) {
            return false;
        }
        var before = known;
        var now = look(before);
        known = now;
        var told = new HashSet<String>();
        tellNames(before, now, told);
        tellSubscriptions(before, now, told);
        tellAnnotations(before, now);
        own.clear();
        boolean changed =
                !before.names.equals(now.names) || !before.subscriptions.equals(now.subscriptions);
        if (changed) {
            // there may be other directories
            begin();
        }
        return changed;
    }

    private void tellNames(Known before, Known now, Set<String> told) throws IOException {
        if (!query.wants(Event.MAILBOX_NAME)) {
            return;
        }
        var created = new TreeSet<>(now.names.keySet());
        created.removeIf(name -> before.has(name) || !now.has(name));
        var gone = new TreeSet<>(before.names.keySet());
        gone.removeIf(name -> now.has(name) || !before.has(name));
        var renamed = renamed(before, now, created, gone);
        for (var one : renamed.entrySet()) {
            if (!isBelowRenamed(one.getKey(), one.getValue(), renamed)) {
                tellName(now, one.getKey(), one.getValue(), told);
            }
            created.remove(one.getKey());
            gone.remove(one.getValue());
        }
        var affected = new TreeSet<>(created);
        affected.addAll(gone);
        for (var name : List.copyOf(affected)) {
            affected.addAll(
                    ListPattern.parents(name, session.store().separator()).stream()
                            .limit(1)
                            .toList());
        }
        for (var name : affected) {
            tellName(now, name, null, told);
        }
    }

    /// The old names of mailboxes that are known by their identities, by the new ones.
    private static Map<String, String> renamed(
            Known before, Known now, Set<String> created, Set<String> gone) {
        var old = new HashMap<String, String>();
        for (var name : gone) {
            var identity = before.identities.get(name);
            if (identity != null) {
                old.put(identity, name);
            }
        }
        var renamed = new TreeMap<String, String>();
        for (var name : created) {
            var from = old.get(now.identities.getOrDefault(name, ""));
            if (from != null) {
                renamed.put(name, from);
            }
        }
        return renamed;
    }

    /// True if one above it got another name, and it went along.
    private boolean isBelowRenamed(String name, String from, Map<String, String> renamed) {
        for (var parent : ListPattern.parents(name, session.store().separator())) {
            var oldParent = renamed.get(parent);
            if (oldParent != null && from.equals(oldParent + name.substring(parent.length()))) {
                return true;
            }
        }
        return false;
    }

    private void tellName(Known now, String name, @Nullable String from, Set<String> told)
            throws IOException {
        if (isOwn(name) || (from != null && isOwn(from))) {
            return;
        }
        boolean meant =
                query.groups().stream()
                        .filter(group -> group.wants(Event.MAILBOX_NAME))
                        .anyMatch(group ->
                                has(group, now, name) || (from != null && has(group, now, from)));
        if (meant && told.add(name)) {
            session.send(line(now, name, from));
        }
    }

    private boolean isOwn(String name) {
        char separator = session.store().separator();
        return own.contains(name)
                || ListPattern.parents(name, separator).stream().anyMatch(own::contains)
                || own.stream().anyMatch(one -> ListPattern.parents(one, separator).contains(name));
    }

    private boolean has(NotifyQuery.Group group, Known now, String name) {
        return group.filter().has(name, session.store().separator(), now.subscriptions);
    }

    private Untagged line(Known now, String name, @Nullable String from) {
        var attributes =
                ListCommand.attributes(now.names.get(name), now.subscriptions.contains(name));
        char separator = session.store().separator();
        return new Untagged.ListLine(false, attributes, separator, name, false, from);
    }

    private void tellSubscriptions(Known before, Known now, Set<String> told) throws IOException {
        var changed = new TreeSet<>(before.subscriptions);
        changed.addAll(now.subscriptions);
        changed.removeIf(
                name -> before.subscriptions.contains(name) == now.subscriptions.contains(name));
        for (var name : changed) {
            boolean meant =
                    query.groups().stream()
                            .filter(group -> group.wants(Event.SUBSCRIPTION_CHANGE))
                            .anyMatch(group -> has(group, now, name) || has(group, before, name));
            if (meant && !own.contains(name) && told.add(name)) {
                session.send(line(now, name, null));
            }
        }
    }

    private void tellAnnotations(Known before, Known now) throws IOException {
        var names = new TreeSet<>(before.annotations.keySet());
        names.addAll(now.annotations.keySet());
        for (var name : names) {
            var old = before.annotations.getOrDefault(name, Map.of());
            var fresh = now.annotations.getOrDefault(name, Map.of());
            var entries = new TreeSet<>(old.keySet());
            entries.addAll(fresh.keySet());
            entries.removeIf(
                    entry -> fresh.containsKey(entry) && fresh.get(entry).equals(old.get(entry)));
            if (!entries.isEmpty() && !own.contains(name) && wantsAnnotations(now, name)) {
                session.send(new Untagged.MetadataNames(name, new ArrayList<>(entries)));
            }
        }
    }

    private boolean wantsAnnotations(Known now, String name) {
        var event = name.isEmpty() ? Event.SERVER_METADATA_CHANGE : Event.MAILBOX_METADATA_CHANGE;
        return query.groups().stream()
                .filter(group -> group.wants(event))
                .anyMatch(group -> name.isEmpty() || has(group, now, name));
    }
}
