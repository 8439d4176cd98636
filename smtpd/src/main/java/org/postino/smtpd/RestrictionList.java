// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.ParamType;
import org.postino.config.ValueException;
import org.postino.suite.RestrictionNames;
import org.postino.suite.SmtpdParams;

/// Reads lists of restrictions, from main.cf, from restriction classes and from access tables.
///
/// `postino check` has refused unknown names already; what slips through (an access table's) is asked for and fails closed.
final class RestrictionList {
    private static final int MAX_DYNAMIC = 1000;

    private final Restrictions catalog;
    private final Map<String, List<String>> classes = new HashMap<>();
    private final Map<String, List<Restriction>> dynamic = new ConcurrentHashMap<>();

    RestrictionList(Restrictions catalog, Config config) {
        this.catalog = catalog;
        for (String name : config.get(SmtpdParams.SMTPD_RESTRICTION_CLASSES)) {
            classes.put(name, split(config.text(name)));
        }
    }

    /// The restrictions of a list; a bare `type:table` means the access table for `kind`.
    List<Restriction> read(List<String> items, Subject.Kind kind) {
        var list = new ArrayList<Restriction>();
        for (int i = 0; i < items.size(); i++) {
            String name = items.get(i);
            String argument = i + 1 < items.size() ? withoutBraces(items.get(i + 1)) : "";
            Restriction plain = plain(name, kind);
            if (plain != null) {
                list.add(plain);
                continue;
            }
            Restriction tabled = catalog.withTable(lower(name), argument, this);
            if (tabled != null && !argument.isEmpty()) {
                list.add(tabled);
                i++;
            } else {
                list.add(unknown(name));
            }
        }
        return List.copyOf(list);
    }

    private @Nullable Restriction plain(String name, Subject.Kind kind) {
        List<String> members = classes.get(name);
        if (members != null) {
            // read when asked, as classes may name each other
            return (e, subject) -> e.ask(cached(members, subject.kind()), subject.kind());
        }
        Restriction known = catalog.plain(lower(name));
        if (known == null && name.indexOf(':') > 0) {
            return catalog.withTable(defaultTable(kind), withoutBraces(name), this);
        }
        return known;
    }

    /// What an access table named in place of an action.
    List<Restriction> dynamic(String text, String table, Evaluation e) {
        List<Restriction> known = dynamic.get(text);
        if (known == null) {
            known = read(split(text), Subject.Kind.RECIPIENT);
            if (dynamic.size() < MAX_DYNAMIC) {
                dynamic.put(text, known);
            }
        }
        if (known.isEmpty()) {
            e.warning("access table " + table + ": an empty list of restrictions");
        }
        return known;
    }

    private List<Restriction> cached(List<String> members, Subject.Kind kind) {
        return dynamic.computeIfAbsent(
                kind + " " + String.join(",", members), _ -> read(members, kind));
    }

    private static Restriction unknown(String name) {
        return (e, _) -> {
            e.warning("unknown smtpd restriction: \"" + name + "\"");
            return Answers.CONFIGURATION_ERROR;
        };
    }

    private static String defaultTable(Subject.Kind kind) {
        return switch (kind) {
            case CLIENT -> "check_client_access";
            case HELO -> "check_helo_access";
            case SENDER -> "check_sender_access";
            case RECIPIENT, DATA, END_OF_DATA -> "check_recipient_access";
        };
    }

    private static List<String> split(String text) {
        try {
            return ParamType.Items.split(text);
        } catch (ValueException e) {
            return List.of(text); // an unknown restriction, then
        }
    }

    private static String withoutBraces(String item) {
        return item.startsWith("{") && item.endsWith("}")
                ? item.substring(1, item.length() - 1).strip()
                : item;
    }

    private static String lower(String name) {
        return RestrictionNames.current(name.toLowerCase(Locale.ROOT));
    }
}
