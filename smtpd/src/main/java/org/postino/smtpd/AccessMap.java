// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.table.Table;
import org.postino.table.TableException;

/// An access table and the keys under which clients, names and addresses are looked up in it (access(5)).
final class AccessMap {
    private final Table table;
    private final boolean parentMatches;
    private final String delimiters;
    private final String nullKey;

    /// @param parentMatches true if `example.com` also stands for its subdomains, else `.example.com` does
    /// @param nullKey the key of the null sender
    AccessMap(Table table, boolean parentMatches, String delimiters, String nullKey) {
        this.table = table;
        this.parentMatches = parentMatches;
        this.delimiters = delimiters;
        this.nullKey = nullKey;
    }

    /// A client by a name of its, then by its address.
    Optional<String> client(String name, @Nullable InetAddress address) throws TableException {
        var byName = domain(name);
        return byName.isPresent() || address == null ? byName : address(address);
    }

    /// The address, then its networks: `192.0.2.1`, `192.0.2`, `192.0`, `192`.
    Optional<String> address(InetAddress address) throws TableException {
        String key = Client.text(address);
        var found = table.lookup(key);
        if (table.patterns()) {
            return found;
        }
        char separator = address instanceof Inet4Address ? '.' : ':';
        int end = key.lastIndexOf(separator);
        while (found.isEmpty() && end > 0) {
            key = key.substring(0, end);
            found = table.lookup(key);
            end = key.lastIndexOf(separator);
        }
        return found;
    }

    /// A host name and its parent domains.
    Optional<String> domain(String name) throws TableException {
        String key = name.toLowerCase(Locale.ROOT);
        var found = table.lookup(key);
        return found.isPresent() || table.patterns() ? found : parents(key);
    }

    private Optional<String> parents(String name) throws TableException {
        Optional<String> found = Optional.empty();
        if (name.startsWith("[")) {
            return found;
        }
        for (int dot = name.indexOf('.'); found.isEmpty() && dot >= 0; ) {
            found = table.lookup(name.substring(parentMatches ? dot + 1 : dot));
            dot = name.indexOf('.', dot + 1);
        }
        return found;
    }

    Optional<String> nullSender() throws TableException {
        return table.lookup(nullKey);
    }

    /// `user+ext@domain`, `user@domain`, the domain and its parents, `user+ext@`, `user@`; a local part that needs quotes is looked up with and without them.
    Optional<String> address(Address address) throws TableException {
        var lower = Address.parse(address.key());
        String domain = lower.domain();
        var found = whole(lower);
        if (table.patterns()) {
            return found;
        }
        List<String> locals = locals(lower.localPart());
        if (found.isEmpty() && locals.size() > 1 && !domain.isEmpty()) {
            found = whole(new Address(locals.get(1), domain));
        }
        if (found.isEmpty() && !domain.isEmpty()) {
            found = domain(domain);
        }
        for (int i = 0; i < locals.size() && found.isEmpty(); i++) {
            found = table.lookup(locals.get(i) + "@");
        }
        return found;
    }

    private Optional<String> whole(Address address) throws TableException {
        String quoted = address.quoted();
        var found = table.lookup(quoted);
        return found.isPresent() || quoted.equals(address.toString())
                ? found
                : table.lookup(address.toString());
    }

    private List<String> locals(String local) {
        var locals = new ArrayList<>(List.of(local));
        String user = new Address(local, "").user(delimiters);
        if (!user.equals(local)) {
            locals.add(user);
        }
        return locals;
    }
}
