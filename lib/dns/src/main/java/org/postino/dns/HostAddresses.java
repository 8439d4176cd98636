// SPDX-License-Identifier: Apache-2.0

package org.postino.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Finds the addresses of a host that main.cf names: an address stands for itself, then [HostsFile] is asked, then the name servers.
/// Safe for use by several threads.
public final class HostAddresses {
    private final HostsFile hosts;
    private final Supplier<Dns> dns;
    private @Nullable Dns made; // guarded by this

    /// @param dns called once, for the first name that is not in the file
    public HostAddresses(HostsFile hosts, Supplier<Dns> dns) {
        this.hosts = hosts;
        this.dns = dns;
    }

    /// The addresses in the order in which they are to be tried; none if there is no such host.
    ///
    /// @throws IOException no name server could say
    public List<InetAddress> find(String host) throws IOException {
        try {
            return List.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            List<InetAddress> known = hosts.addresses(host);
            return known.isEmpty() ? asked(host) : known;
        }
    }

    private synchronized Dns dns() {
        Dns known = made == null ? dns.get() : made;
        made = known;
        return known;
    }

    private List<InetAddress> asked(String host) throws IOException {
        return switch (dns().addresses(host)) {
            case Answer.Found<InetAddress>(var addresses) -> addresses;
            case Answer.NoData<InetAddress> _, Answer.NoSuchDomain<InetAddress> _ -> List.of();
            case Answer.TempFail<InetAddress>(var reason) ->
                    throw new IOException("host " + host + " not found: " + reason);
        };
    }
}
