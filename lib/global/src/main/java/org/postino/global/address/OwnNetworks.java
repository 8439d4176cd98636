// SPDX-License-Identifier: Apache-2.0

package org.postino.global.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.postino.global.config.Config;
import org.postino.global.config.ParamType;
import org.postino.global.config.ValueException;

/// The machine's own addresses as `inet_interfaces` and `inet_protocols` choose them, and the networks derived from them.
public final class OwnNetworks {
    private OwnNetworks() {}

    /// The default of `mynetworks`, as `mynetworks_style` says, blank-separated.
    public static String derive(Config config) throws ValueException {
        String style = config.expanded("mynetworks_style");
        var networks = new LinkedHashSet<String>();
        for (var own : interfaces(config)) {
            networks.add(network(own, style).toString());
        }
        return String.join(" ", networks);
    }

    private static Cidr network(InterfaceAddress own, String style) {
        var address = own.getAddress();
        int width = address.getAddress().length * 8;
        int bits =
                switch (style) {
                    case "subnet" -> own.getNetworkPrefixLength();
                    case "class" -> address instanceof Inet4Address ? classBits(address) : width;
                    default -> width;
                };
        if (address.isLoopbackAddress()) {
            bits = address instanceof Inet4Address ? 8 : width;
        }
        return Cidr.of(withoutScope(address), Math.clamp(bits, 0, width));
    }

    private static int classBits(InetAddress address) {
        int first = address.getAddress()[0] & 0xff;
        return first < 128 ? 8 : first < 192 ? 16 : 24;
    }

    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The addresses on which mail is received.
    public static List<InetAddress> addresses(Config config) {
        var addresses = new ArrayList<InetAddress>();
        try {
            for (var own : interfaces(config)) {
                addresses.add(withoutScope(own.getAddress()));
            }
        } catch (ValueException e) {
            throw new IllegalStateException(e);
        }
        return addresses;
    }

    private static List<InterfaceAddress> interfaces(Config config) throws ValueException {
        var names = ParamType.Items.split(config.expanded("inet_interfaces"));
        String protocols = config.expanded("inet_protocols");
        boolean all = protocols.contains("all");
        boolean v4 = all || protocols.contains("ipv4");
        boolean v6 = all || protocols.contains("ipv6");
        var chosen = new ArrayList<InterfaceAddress>();
        for (var own : present()) {
            boolean four = own.getAddress() instanceof Inet4Address;
            if ((four ? v4 : v6) && wanted(own.getAddress(), names)) {
                chosen.add(own);
            }
        }
        return chosen;
    }

    private static boolean wanted(InetAddress address, List<String> names) {
        for (var name : names) {
            boolean wanted =
                    switch (name) {
                        case "all" -> true;
                        case "loopback-only" -> address.isLoopbackAddress();
                        case "localhost" -> address.isLoopbackAddress();
                        default ->
                                Cidr.parse(name)
                                        .map(network -> network.contains(address))
                                        .orElse(false);
                    };
            if (wanted) {
                return true;
            }
        }
        return false;
    }

    /// Addresses of the interfaces that are up, loopback first, IPv4 before IPv6; link-local addresses are nobody's network.
    private static List<InterfaceAddress> present() {
        var found = new ArrayList<InterfaceAddress>();
        try {
            for (var card : NetworkInterface.networkInterfaces().toList()) {
                if (card.isUp()) {
                    found.addAll(card.getInterfaceAddresses());
                }
            }
        } catch (SocketException e) {
            return List.of();
        }
        found.removeIf(own -> own.getAddress().isLinkLocalAddress());
        found.sort((a, b) -> {
            int loop = Boolean.compare(loopback(b), loopback(a));
            return loop != 0 ? loop : Boolean.compare(four(b), four(a));
        });
        return found;
    }

    private static boolean loopback(InterfaceAddress own) {
        return own.getAddress().isLoopbackAddress();
    }

    private static boolean four(InterfaceAddress own) {
        return own.getAddress() instanceof Inet4Address;
    }
}
