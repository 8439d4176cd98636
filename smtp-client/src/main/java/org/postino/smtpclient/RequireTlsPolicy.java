// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postino.table.Table;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.tls.RequireTlsAction;
import org.postino.util.Lazy;

/// Decides how much care a destination deserves for messages with REQUIRETLS: the first item of `smtp_requiretls_policy` that has an answer
/// does, and without one the request is enforced.
final class RequireTlsPolicy {
    private static final String STATUS = "4.7.10";

    private final Lazy<List<Item>> items;

    private sealed interface Item {}

    private record Fixed(RequireTlsAction action) implements Item {}

    private record Looked(String name, Table table) implements Item {}

    /// @param items actions and tables, which were checked when main.cf was read
    RequireTlsPolicy(List<String> items, Tables tables) {
        this.items = new Lazy<>(() -> items.stream().map(item -> item(item, tables)).toList());
    }

    private static Item item(String text, Tables tables) {
        return RequireTlsAction.parse(text)
                .<Item>map(Fixed::new)
                .orElseGet(() -> new Looked(text, tables.open(text)));
    }

    /// Returns the action for a destination.
    ///
    /// @throws TlsPolicy.BadPolicyException a table cannot be asked, or answers with something else; the mail waits
    RequireTlsAction action(Nexthop site) throws TlsPolicy.BadPolicyException {
        String host = site.host().toLowerCase(Locale.ROOT);
        for (Item item : items.get()) {
            switch (item) {
                case Fixed(var action) -> {
                    return action;
                }
                case Looked(var name, var table) -> {
                    Optional<String> value = find(name, table, host);
                    if (value.isPresent()) {
                        return parsed(name, value.get().strip());
                    }
                }
            }
        }
        return RequireTlsAction.ENFORCE;
    }

    /// Looks for the host or domain, then, unless the table holds patterns, for each parent domain with a dot in front.
    private static Optional<String> find(String name, Table table, String host)
            throws TlsPolicy.BadPolicyException {
        try {
            Optional<String> value = table.lookup(host);
            int dot = table.patterns() ? -1 : host.indexOf('.', 1);
            while (value.isEmpty() && dot > 0) {
                value = table.lookup(host.substring(dot));
                dot = host.indexOf('.', dot + 1);
            }
            return value;
        } catch (TableException e) {
            throw bad(name + ": " + e.getMessage());
        }
    }

    private static RequireTlsAction parsed(String name, String word)
            throws TlsPolicy.BadPolicyException {
        Optional<RequireTlsAction> action = RequireTlsAction.parse(word);
        if (action.isEmpty()) {
            throw bad(name + ": no action is called \"" + word + "\"");
        }
        return action.get();
    }

    private static TlsPolicy.BadPolicyException bad(String text) {
        return new TlsPolicy.BadPolicyException(
                Failure.of(STATUS, "REQUIRETLS policy configuration problem: " + text));
    }
}
