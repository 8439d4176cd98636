// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.postino.config.Config;
import org.postino.config.ParamType;
import org.postino.config.ValueException;
import org.postino.suite.RestrictionItem;
import org.postino.suite.RestrictionName;
import org.postino.suite.RestrictionName.Argument;
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
    List<Restriction> read(List<String> words, Subject.Kind kind) {
        var list = new ArrayList<Restriction>();
        for (var item : RestrictionItem.read(words, classes.keySet())) {
            list.add(restriction(item, kind));
        }
        return List.copyOf(list);
    }

    private Restriction restriction(RestrictionItem item, Subject.Kind kind) {
        return switch (item) {
            case RestrictionItem.Named(var name, var argument) ->
                    name.argument() != Argument.NONE && argument.isEmpty()
                            ? unknown(name.word())
                            : catalog.of(
                                    name,
                                    name.argument() == Argument.TABLE
                                            ? withoutBraces(argument)
                                            : argument,
                                    this);
            case RestrictionItem.ClassName(var name) -> members(name);
            case RestrictionItem.BareTable(var table) ->
                    catalog.of(tableOf(kind), withoutBraces(table), this);
            case RestrictionItem.Unsupported(var word) -> unknown(word);
            case RestrictionItem.Unknown(var word) -> unknown(word);
        };
    }

    /// A class is read when it is asked, as classes may name each other.
    private Restriction members(String className) {
        List<String> members = classes.getOrDefault(className, List.of());
        return (e, subject) -> e.ask(cached(members, subject.kind()), subject.kind());
    }

    /// The restrictions that an access table or a policy server names in place of an action.
    ///
    /// @param source names it, for the log
    List<Restriction> dynamic(String text, String source, Evaluation e) {
        List<Restriction> known = dynamic.get(text);
        if (known == null) {
            known = read(split(text), Subject.Kind.RECIPIENT);
            if (dynamic.size() < MAX_DYNAMIC) {
                dynamic.put(text, known);
            }
        }
        if (known.isEmpty()) {
            e.warning(source + ": an empty list of restrictions");
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
            return StandardRefusals.CONFIGURATION_ERROR;
        };
    }

    private static RestrictionName tableOf(Subject.Kind kind) {
        return switch (kind) {
            case CLIENT, CERTIFICATE -> RestrictionName.CHECK_CLIENT_ACCESS;
            case HELO -> RestrictionName.CHECK_HELO_ACCESS;
            case SENDER -> RestrictionName.CHECK_SENDER_ACCESS;
            case RECIPIENT, DATA, END_OF_DATA -> RestrictionName.CHECK_RECIPIENT_ACCESS;
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
}
