// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

/// The argument of `check_ccert_access`: `type:table`, or `{ type:table, { search_order = cert_fingerprint, pubkey_fingerprint } }`.
///
/// @param table `type:table`
/// @param order what of a certificate is looked up, one after the other
public record CertificateTable(String table, List<Key> order) {
    /// The properties of a certificate that can be looked up, named as in the list.
    public enum Key {
        CERT_FINGERPRINT,
        PUBKEY_FINGERPRINT
    }

    private static final String SEARCH_ORDER = "search_order";

    public CertificateTable {
        order = List.copyOf(order);
    }

    /// Reads the argument.
    ///
    /// @throws ValueException says what is wrong with it
    public static CertificateTable parse(String argument) throws ValueException {
        List<String> items =
                new ArrayList<>(
                        argument.startsWith("{")
                                ? ParamType.Items.split(inner(argument))
                                : List.of(argument));
        String table = items.isEmpty() ? "" : items.removeFirst();
        if (table.indexOf(':') < 0) {
            throw new ValueException("no table, type:name");
        }
        List<Key> order = List.of(Key.values());
        for (String item : items) {
            order = order(inner(item));
        }
        return new CertificateTable(table, order);
    }

    /// The table in an argument; empty if it names none.
    static Optional<String> tableOf(String argument) {
        try {
            return Optional.of(parse(argument).table());
        } catch (ValueException e) {
            return Optional.empty();
        }
    }

    private static List<Key> order(String attribute) throws ValueException {
        int equals = attribute.indexOf('=');
        String name = attribute.substring(0, Math.max(equals, 0)).strip();
        if (!name.equals(SEARCH_ORDER)) {
            throw new ValueException("it has no attribute \"" + attribute + "\"");
        }
        var order = new ArrayList<Key>();
        for (String word : inner(attribute.substring(equals + 1).strip()).split("[\\s,]+", -1)) {
            if (!word.isEmpty()) {
                order.add(key(word));
            }
        }
        if (order.isEmpty()) {
            throw new ValueException("an empty search_order");
        }
        return order;
    }

    private static Key key(String word) throws ValueException {
        for (Key key : Key.values()) {
            if (key.name().toLowerCase(Locale.ROOT).equals(word)) {
                return key;
            }
        }
        throw new ValueException("search_order has no word \"" + word + "\"");
    }

    private static String inner(String text) {
        return text.startsWith("{") && text.endsWith("}")
                ? text.substring(1, text.length() - 1).strip()
                : text;
    }
}
