// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postino.suite.RestrictionName.Argument;

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

    /// Restrictions with one argument that are not supported.
    Set<String> UNSUPPORTED_WITH_ARGUMENT = Set.of("sleep");

    /// Those without argument; and those with a table, which passes for a bare one behind them.
    Set<String> UNSUPPORTED =
            Set.of(
                    "check_ccert_access",
                    "check_client_a_access",
                    "check_client_mx_access",
                    "check_client_ns_access",
                    "check_helo_a_access",
                    "check_helo_mx_access",
                    "check_helo_ns_access",
                    "check_recipient_a_access",
                    "check_recipient_mx_access",
                    "check_recipient_ns_access",
                    "check_reverse_client_hostname_access",
                    "check_sender_a_access",
                    "check_sender_mx_access",
                    "check_sender_ns_access",
                    "permit_mx_backup",
                    "permit_naked_ip_address",
                    "permit_tls_all_clientcerts",
                    "permit_tls_clientcerts",
                    "reject_unknown_forward_client_hostname");

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
        String lower = word.toLowerCase(Locale.ROOT);
        if (UNSUPPORTED_WITH_ARGUMENT.contains(lower) || UNSUPPORTED.contains(lower)) {
            return new Unsupported(word);
        }
        return word.indexOf(':') < 0 ? new Unknown(word) : new BareTable(word);
    }

    private static boolean takesNext(RestrictionItem item) {
        return switch (item) {
            case Named(var name, _) -> name.argument() != Argument.NONE;
            case Unsupported(var word) ->
                    UNSUPPORTED_WITH_ARGUMENT.contains(word.toLowerCase(Locale.ROOT));
            case ClassName _, BareTable _, Unknown _ -> false;
        };
    }
}
