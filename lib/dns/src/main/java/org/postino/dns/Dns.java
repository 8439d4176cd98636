// SPDX-License-Identifier: Apache-2.0

package org.postino.dns;

import java.net.InetAddress;
import java.time.Duration;

/// Questions to the domain name system. Blocks; safe for use by several threads.
///
/// Names are taken as absolute, without a search path; answers follow CNAMEs.
public interface Dns {
    /// The mail exchangers of a domain, in no particular order.
    Answer<MxHost> mx(String domain);

    /// The addresses of a host, of both families or one; IPv6 first, otherwise as the server sent them.
    Answer<InetAddress> addresses(String host, Family family);

    /// The names of an address, without the final dot.
    Answer<String> ptr(InetAddress address);

    /// The names of the servers of a zone, without the final dot.
    Answer<String> ns(String zone);

    /// The texts of a name, the strings of each record joined.
    Answer<String> txt(String name);

    /// The time for which the last answer about a host's addresses may be used further; zero if that is not known.
    default Duration lifetime(String host, Family family) {
        return Duration.ZERO;
    }

    enum Family {
        ANY,
        IPV4,
        IPV6
    }

    default Answer<InetAddress> addresses(String host) {
        return addresses(host, Family.ANY);
    }
}
