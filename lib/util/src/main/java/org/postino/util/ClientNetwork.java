// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// By what clients are counted: an IPv4 address, or the /64 of an IPv6 address, of which one client has all addresses.
public final class ClientNetwork {
    private static final int NETWORK_BYTES = 8;

    private ClientNetwork() {}

    /// A text that all addresses of one client have in common: `192.0.2.1`, `2001:db8:1:2::/64`.
    public static String of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return InetText.of(address);
        }
        byte[] network = address.getAddress();
        Arrays.fill(network, NETWORK_BYTES, network.length, (byte) 0);
        try {
            return InetText.of(Inet6Address.getByAddress("", network, -1)) + "/64";
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // sixteen bytes are an address
        }
    }
}
