// SPDX-License-Identifier: Apache-2.0

package org.postino.global.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Several tables, asked one after the other.
public final class Maps {
    private final List<Table> tables;
    private final List<String> names;

    Maps(List<String> names, List<Table> tables) {
        this.names = List.copyOf(names);
        this.tables = List.copyOf(tables);
    }

    public boolean isEmpty() {
        return tables.isEmpty();
    }

    /// The names, `type:name`.
    public List<String> names() {
        return names;
    }

    /// The value of a key in the first table that has it.
    ///
    /// @throws TableException if a table before that cannot be asked
    public Optional<String> find(String key) throws TableException {
        return find(key, true);
    }

    private Optional<String> find(String key, boolean whole) throws TableException {
        for (var table : tables) {
            if (whole || !table.patterns()) {
                var value = table.lookup(key);
                if (value.isPresent()) {
                    return value;
                }
            }
        }
        return Optional.empty();
    }

    /// Looks for `user+ext@dom`, `user@dom`, `user+ext`, `user`, `@dom`; the two without a domain only where the caller says that the domain is ours (see [#findLocal]), so here not.
    public Optional<String> findAddress(String address, String delimiters) throws TableException {
        return find(address, delimiters, false, true);
    }

    /// As above, with the forms without a domain (`user+ext`, `user`), for an address in a domain of ours.
    public Optional<String> findLocal(String address, String delimiters) throws TableException {
        return find(address, delimiters, true, true);
    }

    /// Looks for `user+ext@dom` and `user@dom` only.
    public Optional<String> findMailbox(String address, String delimiters) throws TableException {
        return find(address, delimiters, false, false);
    }

    private Optional<String> find(
            String address, String delimiters, boolean ours, boolean wholeDomain)
            throws TableException {
        var keys = keys(address.toLowerCase(Locale.ROOT), delimiters, ours, wholeDomain);
        var found = find(address, true);
        for (int i = 1; i < keys.size() && found.isEmpty(); i++) {
            found = find(keys.get(i), false);
        }
        return found;
    }

    private static List<String> keys(
            String address, String delimiters, boolean ours, boolean wholeDomain) {
        var keys = new ArrayList<String>();
        keys.add(address);
        int at = address.lastIndexOf('@');
        String local = at < 0 ? address : address.substring(0, at);
        String domain = at < 0 ? "" : address.substring(at);
        var parsed = new org.postino.global.address.Address(local, "");
        String user = parsed.user(delimiters);
        boolean extension = !user.equals(local);
        if (extension) {
            keys.add(user + domain);
        }
        if (ours && at >= 0) {
            keys.add(local);
            if (extension) {
                keys.add(user);
            }
        }
        if (wholeDomain && at >= 0) {
            keys.add(domain);
        }
        return keys;
    }
}
