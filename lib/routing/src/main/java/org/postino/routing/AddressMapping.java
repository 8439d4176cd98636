// SPDX-License-Identifier: Apache-2.0

package org.postino.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postino.message.Address;
import org.postino.message.AddressList;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A set of tables that replace an address by others: canonical(5), virtual(5), generic(5).
///
/// @param title the parameter that names the tables, for the log
/// @param maps the tables, none for a mapping that replaces nothing
/// @param delimiters the characters of `recipient_delimiter`
/// @param ours tells whether a domain is local: then keys without a domain are tried too
/// @param propagate true if an address extension that no key had is passed on to the result
public record AddressMapping(
        String title, Maps maps, String delimiters, Ours ours, boolean propagate) {
    private static final Logger LOG = LoggerFactory.getLogger("address");

    /// Tells whether a domain is one of `mydestination`.
    public interface Ours {
        boolean test(String domain) throws TableException;
    }

    /// Returns the addresses that replace this one: those in the table, with extension and local part filled in. Empty if no table knows it.
    ///
    /// @throws TableException a table cannot be asked, or what it says is no address
    public List<String> map(String address) throws TableException {
        if (maps.isEmpty()) {
            return List.of();
        }
        var exact = maps.find(address);
        if (exact.isPresent()) {
            return results(exact.get(), address, "");
        }
        var parsed = Address.parse(address);
        String extension =
                propagate && !parsed.extension(delimiters).isEmpty()
                        ? parsed.localPart().substring(parsed.user(delimiters).length())
                        : "";
        var found = maps.findMailbox(address, delimiters);
        if (found.isPresent()) {
            return results(found.get(), address, extension);
        }
        found =
                ours.test(parsed.domain())
                        ? maps.findLocal(address, delimiters)
                        : maps.findAddress(address, delimiters);
        boolean wholeDomain = found.isPresent() && found.equals(wholeDomain(parsed));
        return found.isPresent()
                ? results(found.get(), address, wholeDomain ? "" : extension)
                : List.of();
    }

    private Optional<String> wholeDomain(Address address) throws TableException {
        return maps.find("@" + address.domain());
    }

    private List<String> results(String value, String address, String extension)
            throws TableException {
        var list = AddressList.parse(value);
        for (String text : list.leftOut()) {
            LOG.warn("{} lookup of {}: \"{}\" is not taken as an address", title, address, text);
        }
        if (list.entries().isEmpty()) {
            throw new TableException(
                    title
                            + " lookup of "
                            + address
                            + " returns non-address result \""
                            + value
                            + "\"");
        }
        var results = new ArrayList<String>();
        for (String entry : list.addresses()) {
            Address result = Address.parse(entry);
            if (result.localPart().isEmpty()) {
                // "@domain": the same user there
                results.add(Address.parse(address).localPart() + "@" + result.domain());
            } else {
                results.add(
                        new Address(result.localPart() + extension, result.domain()).toString());
            }
        }
        return results;
    }

    /// Returns the address that replaces this one, where only one can; empty if no table knows it.
    public Optional<String> mapToOne(String address) throws TableException {
        List<String> results = map(address);
        if (results.size() > 1) {
            LOG.warn("multi-valued {} entry for {}", title, address);
        }
        return results.stream().findFirst();
    }
}
