// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postino.message.Address;

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

    /// Lists the names, `type:name` each.
    public List<String> names() {
        return names;
    }

    /// Finds the value of a key in the first table that has one.
    ///
    /// @throws TableException a table before that cannot be asked
    public Optional<String> find(String key) throws TableException {
        return find(key, true);
    }

    /// True if the value of a key is `IGNORE`, as in tables that filter answers of the DNS.
    ///
    /// @throws IOException a table cannot be asked
    public boolean ignores(String key) throws IOException {
        try {
            return find(key).filter(v -> v.strip().equalsIgnoreCase("IGNORE")).isPresent();
        } catch (TableException e) {
            throw new IOException(e.getMessage(), e);
        }
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

    /// Looks for `user+ext@dom`, `user@dom` and `@dom`, in this order. See [#findLocal] for an address in a domain of ours.
    public Optional<String> findAddress(String address, String delimiters) throws TableException {
        return find(address, delimiters, false, true);
    }

    /// Looks for `user+ext@dom`, `user@dom`, `user+ext`, `user` and `@dom`, in this order. The address is in a domain of ours.
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
        for (int i = 0; i < keys.size() && found.isEmpty(); i++) {
            if (i > 0 || !keys.get(i).equalsIgnoreCase(address)) {
                found = find(keys.get(i), false);
            }
        }
        return found;
    }

    /// Lists the keys of an address, quoted as tables have them. A name without a domain is tried without quotes as well, since
    /// alias tables have it so.
    private static List<String> keys(
            String internal, String delimiters, boolean ours, boolean wholeDomain) {
        var address = Address.parse(internal);
        var keys = new ArrayList<String>();
        keys.add(address.quoted());
        boolean hasDomain = !address.domain().isEmpty();
        String user = address.user(delimiters);
        boolean extension = !user.equals(address.localPart());
        if (extension) {
            keys.add(new Address(user, address.domain()).quoted());
        }
        if (ours && hasDomain) {
            addNames(keys, address.localPart());
            if (extension) {
                addNames(keys, user);
            }
        }
        if (wholeDomain && hasDomain) {
            keys.add("@" + address.domain());
        }
        return keys;
    }

    private static void addNames(List<String> keys, String localPart) {
        String quoted = new Address(localPart, "").quoted();
        keys.add(quoted);
        if (!quoted.equals(localPart) && localPart.indexOf('@') < 0) {
            keys.add(localPart);
        }
    }
}
