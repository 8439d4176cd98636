// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The mailboxes of a store that are there by themselves: shown as if they existed, and made when somebody uses one. As in Dovecot,
/// nothing is on the disk before that, one that is deleted is there again, empty, and a subscription to one that everybody has does not end.
final class AutoMailboxes {
    private final Layout layout;
    private final Subscriptions subscriptions;
    private final Map<String, MailboxRules.Auto> rules = new LinkedHashMap<>();

    AutoMailboxes(Layout layout, Subscriptions subscriptions, MailboxRules rules) {
        this.layout = layout;
        this.subscriptions = subscriptions;
        rules.auto()
                .forEach((name, auto) -> {
                    String here = MailboxRules.inStore(name, layout.separator());
                    if (!Layout.isInbox(here) && isName(here)) {
                        this.rules.put(here, auto);
                    }
                });
    }

    private boolean isName(String name) {
        try {
            layout.path(name);
            return true;
        } catch (MailStoreException e) {
            return false;
        }
    }

    boolean contains(String name) {
        return rules.containsKey(name);
    }

    /// Adds the names of those to which all users are subscribed.
    void subscribed(Set<String> names) {
        rules.forEach((name, auto) -> {
            if (auto == MailboxRules.Auto.SUBSCRIBE) {
                names.add(name);
            }
        });
    }

    /// Makes a mailbox, unless somebody else just has.
    Optional<Path> make(String name) throws IOException {
        try {
            layout.create(name);
        } catch (MailStoreException e) {
            if (e.problem() != MailStoreException.Problem.EXISTS) {
                throw e;
            }
        }
        if (rules.get(name) == MailboxRules.Auto.SUBSCRIBE) {
            subscriptions.change(name, true);
        }
        return layout.find(name);
    }

    /// Adds those that are missing to the mailboxes that are there.
    List<MailboxInfo> listed(List<MailboxInfo> there) {
        if (rules.isEmpty()) {
            return there;
        }
        var all = new TreeMap<String, MailboxInfo>();
        for (MailboxInfo info : there) {
            all.put(info.name(), info);
        }
        for (String name : rules.keySet()) {
            show(name, all);
        }
        var list = new ArrayList<MailboxInfo>(all.size());
        for (MailboxInfo info : all.values()) {
            String start = info.name() + layout.separator();
            String below = all.ceilingKey(start);
            boolean children = below != null && below.startsWith(start);
            list.add(new MailboxInfo(info.name(), info.selectable(), children, info.noInferiors()));
        }
        return list;
    }

    private void show(String name, Map<String, MailboxInfo> all) {
        MailboxInfo known = all.get(name);
        boolean files = layout.mailboxesAreFiles();
        List<String> parents = parents(name);
        boolean impossible =
                (files && known != null)
                        || parents.stream()
                                .map(all::get)
                                .anyMatch(p -> p != null && p.noInferiors());
        if (impossible || (known != null && known.selectable())) {
            return;
        }
        for (String parent : parents) {
            all.putIfAbsent(parent, new MailboxInfo(parent, false, true));
        }
        all.put(name, new MailboxInfo(name, true, false, files));
    }

    private List<String> parents(String name) {
        var parents = new ArrayList<String>();
        for (int at = name.lastIndexOf(layout.separator());
                at > 0;
                at = name.lastIndexOf(layout.separator(), at - 1)) {
            if (!Layout.isInbox(name.substring(0, at))) {
                parents.add(name.substring(0, at));
            }
        }
        return parents;
    }
}
