// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.MailboxNames;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.MailboxInfo;

/// LIST (RFC 3501, 6.3.8; RFC 5258; RFC 5819; RFC 6154).
final class ListCommand {
    private final ImapSession session;
    private final ListQuery query;
    private final char separator;
    private final List<ListPattern> patterns = new ArrayList<>();
    private final Map<String, ? extends Map<String, byte[]>> annotations;
    private final SpecialUse specialUse;
    private final Set<String> subscribed;
    private final Set<String> aboveSubscribed = new HashSet<>();

    private ListCommand(ImapSession session, ListQuery query) throws IOException {
        this.session = session;
        this.query = query;
        this.separator = session.store().separator();
        for (var pattern : query.patterns()) {
            var whole = query.reference() + pattern;
            patterns.add(new ListPattern(whole, separator));
            if (!MailboxNames.isNormal(whole)) {
                patterns.add(new ListPattern(MailboxNames.normal(whole), separator));
            }
        }
        annotations = session.store().annotations();
        specialUse = new SpecialUse(session, annotations);
        boolean needed =
                query.select().contains(ListQuery.Select.SUBSCRIBED)
                        || query.returns().contains(ListQuery.Return.SUBSCRIBED);
        subscribed = needed ? session.store().subscriptions() : Set.of();
        for (var name : subscribed) {
            aboveSubscribed.addAll(ListPattern.parents(name, separator));
        }
    }

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var query = ListQuery.parse(args);
        if (!query.extended() && query.patterns().equals(List.of(""))) {
            // only the separator is asked for
            session.send(
                    Untagged.ListLine.of(List.of("\\Noselect"), session.store().separator(), ""));
        } else {
            new ListCommand(session, query).list();
        }
        return Tagged.ok("List completed.");
    }

    private void list() throws IOException {
        var existing = new TreeMap<String, MailboxInfo>();
        for (var info : session.store().list()) {
            existing.put(info.name(), info);
        }
        var names = new ArrayList<String>();
        if (existing.containsKey("INBOX")) {
            names.add("INBOX");
        }
        var others = new TreeSet<>(existing.keySet());
        if (query.select().contains(ListQuery.Select.SUBSCRIBED)) {
            others.addAll(subscribed);
            others.addAll(aboveSubscribed);
        }
        others.remove("INBOX");
        names.addAll(others);
        for (var name : names) {
            if (patterns.stream().anyMatch(p -> p.matches(name))) {
                line(name, existing);
            }
        }
    }

    private void line(String name, Map<String, MailboxInfo> existing) throws IOException {
        var info = existing.get(name);
        boolean selectsSubscribed = query.select().contains(ListQuery.Select.SUBSCRIBED);
        boolean isSubscribed = subscribed.contains(name);
        boolean below =
                selectsSubscribed
                        && query.select().contains(ListQuery.Select.RECURSIVEMATCH)
                        && belowUnlisted(name);
        if (selectsSubscribed && !isSubscribed && !below) {
            return;
        }
        var uses = specialUse.of(name);
        if (query.select().contains(ListQuery.Select.SPECIAL_USE) && uses.isEmpty()) {
            return;
        }
        var attributes = attributes(info, isSubscribed);
        if (info != null) {
            attributes.addAll(uses);
        }
        session.send(new Untagged.ListLine(false, attributes, separator, name, below, null));
        if (query.status() != null && info != null && info.selectable()) {
            status(name, query.status());
        }
        if (!query.metadata().isEmpty() && info != null && info.selectable()) {
            metadata(name);
        }
    }

    /// The attributes of a name, but for those of special uses.
    ///
    /// @param info null if no mailbox has this name
    static List<String> attributes(@Nullable MailboxInfo info, boolean isSubscribed) {
        var attributes = new ArrayList<String>();
        if (info == null) {
            attributes.add("\\NonExistent");
        } else {
            if (!info.selectable()) {
                attributes.add("\\Noselect");
            }
            if (info.noInferiors()) {
                attributes.add("\\NoInferiors");
            }
            attributes.add(info.hasChildren() ? "\\HasChildren" : "\\HasNoChildren");
        }
        if (isSubscribed) {
            attributes.add("\\Subscribed");
        }
        return attributes;
    }

    private void metadata(String name) throws IOException {
        Map<String, byte[]> own = annotations.get(name);
        var entries = Metadata.select(own == null ? Map.of() : own, query.metadata(), 0);
        session.send(new Untagged.Metadata(name, entries));
    }

    /// True if a subscribed name stands below this one that the patterns do not list by themselves.
    private boolean belowUnlisted(String name) {
        if (!aboveSubscribed.contains(name)) {
            return false;
        }
        for (var sub : subscribed) {
            if (sub.length() > name.length()
                    && sub.startsWith(name)
                    && sub.charAt(name.length()) == separator
                    && patterns.stream().noneMatch(p -> p.matches(sub))) {
                return true;
            }
        }
        return false;
    }

    private void status(String name, Set<StatusCommand.Item> items) throws IOException {
        try {
            session.send(StatusCommand.response(session, name, items));
        } catch (MailStoreException _) {
            // gone or locked meanwhile: no STATUS, as RFC 5819 allows
            return;
        }
    }
}
