// SPDX-License-Identifier: Apache-2.0

package org.postino.routing;

import java.net.InetAddress;
import java.util.List;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.table.MatchList;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// A list of client networks: addresses, `address/bits`, `!pattern`, `/file`, `type:table`.
public final class Networks {
    private final MatchList list;

    private Networks(MatchList list) {
        this.list = list;
    }

    /// `$mynetworks`.
    public static Networks mynetworks(Config config) {
        return of(config.get(MainParams.MYNETWORKS), new Tables(config));
    }

    /// The networks of another parameter.
    public static Networks of(List<String> patterns, Tables tables) {
        return new Networks(MatchList.addresses(patterns, tables));
    }

    /// True if an address is in the list. An IPv4-mapped IPv6 address counts as IPv4.
    ///
    /// @throws TableException if a table or file in the list cannot be read
    public boolean contains(InetAddress address) throws TableException {
        return list.matchesAddress("unknown", address);
    }

    /// True if an address or a host name is in the list.
    public boolean contains(String name, InetAddress address) throws TableException {
        return list.matchesAddress(name, address);
    }
}
