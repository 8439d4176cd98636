// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import org.postino.dns.Answer;
import org.postino.dns.Dns;

/// Host addresses as the operating system knows them, `/etc/hosts` included: for `smtp_host_lookup = native`.
public final class NativeHosts {
    private NativeHosts() {}

    /// Looks up the addresses of a host, IPv6 first.
    public static Answer<InetAddress> addresses(String host, Dns.Family family) {
        try {
            var addresses = new ArrayList<>(Arrays.asList(InetAddress.getAllByName(host)));
            addresses.removeIf(a ->
                    switch (family) {
                        case ANY -> false;
                        case IPV4 -> !(a instanceof Inet4Address);
                        case IPV6 -> a instanceof Inet4Address;
                    });
            addresses.sort(Comparator.comparing(a -> a instanceof Inet4Address));
            return addresses.isEmpty() ? new Answer.NoData<>() : new Answer.Found<>(addresses);
        } catch (UnknownHostException e) {
            String why = String.valueOf(e.getMessage());
            return why.contains("Temporary failure")
                    ? new Answer.TempFail<>("temporary failure in name resolution")
                    : new Answer.NoSuchDomain<>();
        }
    }
}
