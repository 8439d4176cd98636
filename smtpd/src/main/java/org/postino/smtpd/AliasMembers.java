// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.message.Address;
import org.postino.message.AddressList;
import org.postino.routing.AddressClass;
import org.postino.routing.Networks;
import org.postino.routing.Resolved;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.util.Printable;

/// Knows who is behind an alias of `virtual_alias_maps` or `alias_maps`, one step deep: what EXPN answers. Files, commands and lists
/// in files are not shown.
final class AliasMembers {
    /// The most members that are shown.
    private static final int MAX_MEMBERS = 100;

    private final AddressLookup addresses;
    private final Networks mynetworks;
    private final Maps virtual;
    private final Maps local;
    private final String delimiters;

    AliasMembers(Config config, Tables tables, AddressLookup addresses) {
        this.addresses = addresses;
        mynetworks = Networks.mynetworks(config);
        virtual = tables.maps(config.get(MainParams.VIRTUAL_ALIAS_MAPS));
        local = tables.maps(config.get(MainParams.ALIAS_MAPS));
        delimiters = config.get(MainParams.RECIPIENT_DELIMITER);
    }

    /// True for a client that may ask.
    boolean serves(Client client) throws TableException {
        InetAddress address = client.address();
        return address != null && mynetworks.contains(client.name(), address);
    }

    /// The reply with the members, or with the address itself if it is no alias.
    Reply reply(Address mailbox) throws TableException {
        Resolved resolved = addresses.resolve(null, mailbox);
        List<String> members = members(resolved);
        var shown = new ArrayList<String>();
        for (String member : members) {
            if (shown.size() < MAX_MEMBERS) {
                shown.add(Printable.text(Address.parse(member).path(), 400));
            }
        }
        return Replies.expanded(shown, members.size() - shown.size());
    }

    private List<String> members(Resolved resolved) throws TableException {
        boolean here = resolved.addressClass() == AddressClass.LOCAL;
        Optional<String> found =
                here
                        ? virtual.findLocal(resolved.recipient(), delimiters)
                        : virtual.findAddress(resolved.recipient(), delimiters);
        if (found.isEmpty() && here) {
            found =
                    local.find(
                            Address.parse(Address.parse(resolved.recipient()).key())
                                    .user(delimiters));
        }
        List<String> members =
                found.map(text -> AddressList.parse(text).addresses()).orElse(List.of()).stream()
                        .filter(m -> !m.startsWith("|") && !m.startsWith("/") && !m.startsWith(":"))
                        .toList();
        return members.isEmpty() ? List.of(resolved.recipient()) : members;
    }
}
