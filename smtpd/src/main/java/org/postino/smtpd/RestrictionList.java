// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.Param;
import org.postino.config.ParamType;
import org.postino.config.ValueException;
import org.postino.suite.RestrictionItem;
import org.postino.suite.RestrictionName;
import org.postino.suite.RestrictionName.Argument;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;

/// Reads lists of restrictions, from main.cf, from restriction classes and from access tables.
///
/// `postino check` has refused unknown names already; what slips through (an access table's) is asked for and fails closed.
final class RestrictionList {
    private static final int MAX_DYNAMIC = 1000;

    private final Restrictions catalog;
    private final Config config;
    private final @Nullable Steps steps;
    private final Map<String, List<String>> classes = new HashMap<>();
    private final Map<String, List<Restriction>> dynamic = new ConcurrentHashMap<>();

    /// @param steps hears what is asked and answered; null: nobody does
    RestrictionList(Restrictions catalog, Config config, @Nullable Steps steps) {
        this.catalog = catalog;
        this.config = config;
        this.steps = steps;
        for (String name : config.get(SmtpdParams.SMTPD_RESTRICTION_CLASSES)) {
            classes.put(name, split(config.text(name)));
        }
    }

    /// The restrictions that a parameter lists.
    List<Restriction> of(Param<List<String>> parameter, Subject.Kind kind) {
        return named(parameter.name(), read(config.get(parameter), kind));
    }

    /// A list of one restriction, which a parameter of its own switches on.
    List<Restriction> own(Param<?> parameter, Restriction restriction) {
        return named(parameter.name(), List.of(heard(parameter.name(), restriction)));
    }

    private List<Restriction> named(String name, List<Restriction> list) {
        Steps hearer = steps;
        if (hearer == null || list.isEmpty()) {
            return list;
        }
        var named = new ArrayList<Restriction>();
        named.add((_, _) -> begun(hearer, name));
        named.addAll(list);
        return List.copyOf(named);
    }

    private static Verdict begun(Steps hearer, String name) {
        hearer.list(name);
        return Verdict.DUNNO;
    }

    private Restriction heard(String text, Restriction restriction) {
        Steps hearer = steps;
        if (hearer == null || restriction.equals(Restriction.WARN_IF_REJECT)) {
            return restriction;
        }
        return (e, subject) -> {
            hearer.asked(text);
            try {
                Verdict verdict = restriction.check(e, subject);
                hearer.judged(verdict);
                return verdict;
            } catch (TableException failure) {
                hearer.undecided();
                throw failure;
            }
        };
    }

    /// The restrictions of a list; a bare `type:table` means the access table for `kind`.
    List<Restriction> read(List<String> words, Subject.Kind kind) {
        var list = new ArrayList<Restriction>();
        for (var item : RestrictionItem.read(words, classes.keySet())) {
            list.add(heard(item.text(), restriction(item, kind)));
        }
        return List.copyOf(list);
    }

    private Restriction restriction(RestrictionItem item, Subject.Kind kind) {
        return switch (item) {
            case RestrictionItem.Named(var name, var argument) -> {
                var problem = RestrictionItem.problem(item, classes.keySet());
                yield problem.isPresent() ? broken(problem.get()) : named(name, argument);
            }
            case RestrictionItem.ClassName(var name) -> members(name);
            case RestrictionItem.BareTable(var table) -> named(tableOf(kind), table);
            case RestrictionItem.Unsupported(var word) -> unknown(word, "");
            case RestrictionItem.Unknown(var word) ->
                    unknown(word, RestrictionItem.meant(word, classes.keySet()));
        };
    }

    private Restriction named(RestrictionName name, String argument) {
        boolean table = name.argument() == Argument.TABLE;
        Restriction made = catalog.of(name, table ? withoutBraces(argument) : argument, this);
        return name.word().startsWith("permit") ? logged(name, made) : made;
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
            known = dynamic(text, source);
            if (dynamic.size() < MAX_DYNAMIC) {
                dynamic.put(text, known);
            }
        }
        if (known.isEmpty()) {
            e.warning(source + ": an empty list of restrictions");
        }
        return known;
    }

    private List<Restriction> dynamic(String text, String source) {
        var list = new ArrayList<Restriction>();
        for (var item : RestrictionItem.read(split(text), classes.keySet())) {
            list.add(
                    item.opensTable()
                            ? broken(
                                    source
                                            + " has entry with lookup table: "
                                            + text
                                            + "; define a restriction class and specify its name"
                                            + " instead")
                            : restriction(item, Subject.Kind.RECIPIENT));
        }
        return List.copyOf(list);
    }

    private List<Restriction> cached(List<String> members, Subject.Kind kind) {
        return dynamic.computeIfAbsent(
                kind + " " + String.join(",", members), _ -> read(members, kind));
    }

    private static Restriction logged(RestrictionName name, Restriction restriction) {
        return (e, subject) -> {
            Verdict verdict = restriction.check(e, subject);
            if (!verdict.equals(Verdict.PERMIT)) {
                return verdict;
            }
            Subject.Kind kind =
                    switch (name) {
                        case PERMIT -> subject.kind();
                        case PERMIT_AUTH_DESTINATION, PERMIT_MX_BACKUP -> Subject.Kind.RECIPIENT;
                        default -> Subject.Kind.CLIENT;
                    };
            return e.permit(name.word(), Subject.of(kind, e.facts()), "");
        };
    }

    private static Restriction unknown(String name, String meant) {
        return broken("unknown smtpd restriction: \"" + name + "\"" + meant);
    }

    private static Restriction broken(String why) {
        return (e, _) -> {
            e.warning(why);
            return StandardRefusals.CONFIGURATION_ERROR;
        };
    }

    private static RestrictionName tableOf(Subject.Kind kind) {
        return switch (kind) {
            case CLIENT, REVERSE_CLIENT, CERTIFICATE -> RestrictionName.CHECK_CLIENT_ACCESS;
            case ETRN -> RestrictionName.CHECK_ETRN_ACCESS;
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
