// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postino.suite.RestrictionName.Argument;
import org.postino.table.TableType;

/// An item of a list of restrictions, with its argument: an argument is never taken for a restriction.
public sealed interface RestrictionItem {
    /// A restriction that smtpd has.
    ///
    /// @param argument as it is written, braces included; empty if the restriction takes none, or if the list ends before it
    record Named(RestrictionName name, String argument) implements RestrictionItem {}

    /// A name in `smtpd_restriction_classes`.
    record ClassName(String name) implements RestrictionItem {}

    /// A bare `type:table`, which stands for the access restriction of the list.
    record BareTable(String table) implements RestrictionItem {}

    /// A restriction that other systems have and this one has not, or not yet; in letters as they are written.
    record Unsupported(String word) implements RestrictionItem {}

    /// A word that is none of these.
    record Unknown(String word) implements RestrictionItem {}

    /// The item as main.cf has it, with one blank before its argument.
    default String text() {
        return switch (this) {
            case Named(var name, var argument) ->
                    argument.isEmpty() ? name.word() : name.word() + " " + argument;
            case ClassName(var name) -> name;
            case BareTable(var table) -> table;
            case Unsupported(var word) -> word;
            case Unknown(var word) -> word;
        };
    }

    /// Restrictions that are not supported; a table behind one passes for a bare one.
    Set<String> UNSUPPORTED = Set.of("permit_naked_ip_address");

    /// Reads a list. Each word becomes something, an argument goes with the word before it.
    ///
    /// @param words the items of a parameter's value or of an access table's action
    /// @param classes the names in `smtpd_restriction_classes`
    static List<RestrictionItem> read(List<String> words, Collection<String> classes) {
        var items = new ArrayList<RestrictionItem>();
        for (int i = 0; i < words.size(); i++) {
            String next = i + 1 < words.size() ? words.get(i + 1) : "";
            RestrictionItem item = item(words.get(i), next, classes);
            items.add(item);
            i += takesNext(item) ? 1 : 0;
        }
        return items;
    }

    private static RestrictionItem item(String word, String next, Collection<String> classes) {
        if (classes.contains(word)) {
            return new ClassName(word);
        }
        RestrictionName name = RestrictionName.find(word);
        if (name != null) {
            return new Named(name, name.argument() == Argument.NONE ? "" : next);
        }
        if (UNSUPPORTED.contains(word.toLowerCase(Locale.ROOT))) {
            return new Unsupported(word);
        }
        return word.indexOf(':') < 0 ? new Unknown(word) : new BareTable(word);
    }

    private static boolean takesNext(RestrictionItem item) {
        return item instanceof Named(var name, _) && name.argument() != Argument.NONE;
    }

    /// True if a table or a policy server is named, which access tables and policy servers may not do themselves: a restriction class
    /// with it is theirs to name.
    default boolean opensTable() {
        return this instanceof BareTable
                || (this instanceof Named(var name, _)
                        && (name.argument() == Argument.TABLE
                                || name.argument() == Argument.POLICY_SERVER));
    }

    /// The table that is asked, `type:name`; empty if none is, or if the argument that should name it is no good.
    default Optional<String> asked() {
        return switch (this) {
            case Named(var name, var argument) -> {
                if (!name.argument().problem(argument).isEmpty()) {
                    yield Optional.empty();
                }
                yield switch (name.argument()) {
                    case TABLE -> Optional.of(argument);
                    case CERTIFICATE_TABLE -> CertificateTable.tableOf(argument);
                    case NONE, NUMBER, POLICY_SERVER, DNS_LIST -> Optional.empty();
                };
            }
            case BareTable(var table) -> Optional.of(table);
            case ClassName _, Unsupported _, Unknown _ -> Optional.empty();
        };
    }

    /// The words about an item that cannot be carried out, with the name that was meant if it is known; empty if it can.
    ///
    /// @param classes the names in `smtpd_restriction_classes`
    static Optional<String> problem(RestrictionItem item, Collection<String> classes) {
        return switch (item) {
            case Named(var name, var argument) -> {
                String bad = name.argument().problem(argument);
                yield bad.isEmpty() ? Optional.empty() : Optional.of(name.word() + " " + bad);
            }
            case ClassName _ -> Optional.empty();
            case BareTable(var table) ->
                    TableType.unsupported(table, true).map(RestrictionName::unsupported);
            case Unsupported(var word) -> Optional.of(unsupported(word.toLowerCase(Locale.ROOT)));
            case Unknown(var word) -> Optional.of(unknown(word.toLowerCase(Locale.ROOT), classes));
        };
    }

    private static String unsupported(String word) {
        return "restriction "
                + word
                + " is not supported by this version"
                + (word.equals("permit_naked_ip_address")
                        ? ": use permit_mynetworks or permit_sasl_authenticated"
                        : "");
    }

    private static String unknown(String word, Collection<String> classes) {
        return "unknown restriction " + word + meant(word, classes);
    }

    /// `, did you mean reject?` for a word that is nearly one; empty if it is not.
    ///
    /// @param classes the names in `smtpd_restriction_classes`
    static String meant(String word, Collection<String> classes) {
        var known = new TreeSet<String>(classes);
        for (var row : RestrictionName.values()) {
            known.add(row.word());
        }
        return Suggest.nearest(word.toLowerCase(Locale.ROOT), known)
                .map(k -> ", did you mean " + k + "?")
                .orElse("");
    }
}
