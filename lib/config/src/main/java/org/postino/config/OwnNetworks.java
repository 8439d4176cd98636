// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.postino.util.Cidr;

/// The machine's own addresses as `inet_interfaces` and `inet_protocols` choose them, and the networks derived from them.
public final class OwnNetworks {
    /// Environment variable with [#present()], for programs that may not make the socket with which one asks the kernel.
    public static final String PRESENT = "POSTINO_ADDRESSES";

    private OwnNetworks() {}

    /// An address of an interface, and how many bits of it are its network's.
    private record Own(InetAddress address, int bits) {}

    /// All addresses of the machine, each as `ADDRESS/BITS`, blank-separated.
    public static String present() {
        var words = new ArrayList<String>();
        for (Own own : ofTheKernel()) {
            words.add(withoutScope(own.address()).getHostAddress() + "/" + own.bits());
        }
        return String.join(" ", words);
    }

    /// The default of `mynetworks`, as `mynetworks_style` says, blank-separated.
    public static String derive(Config config) throws ValueException {
        String style = config.expanded("mynetworks_style");
        var networks = new LinkedHashSet<String>();
        for (var own : interfaces(config)) {
            networks.add(network(own, style).toString());
        }
        return String.join(" ", networks);
    }

    private static Cidr network(Own own, String style) {
        var address = own.address();
        int width = address.getAddress().length * 8;
        int bits =
                switch (style) {
                    case "subnet" -> own.bits();
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
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The addresses on which mail is received.
    public static List<InetAddress> addresses(Config config) {
        var addresses = new ArrayList<InetAddress>();
        try {
            for (var own : interfaces(config)) {
                addresses.add(withoutScope(own.address()));
            }
        } catch (ValueException e) {
            throw new IllegalStateException(e);
        }
        return addresses;
    }

    private static List<Own> interfaces(Config config) throws ValueException {
        var names = ParamType.Items.split(config.expanded("inet_interfaces"));
        String protocols = config.expanded("inet_protocols");
        boolean all = protocols.contains("all");
        boolean v4 = all || protocols.contains("ipv4");
        boolean v6 = all || protocols.contains("ipv6");
        var chosen = new ArrayList<Own>();
        for (var own : all()) {
            boolean four = own.address() instanceof Inet4Address;
            if ((four ? v4 : v6) && wanted(own.address(), names)) {
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

    private static List<Own> all() {
        String told = System.getenv(PRESENT);
        if (told == null) {
            return ofTheKernel();
        }
        var all = new ArrayList<Own>();
        for (String word : told.split(" ")) {
            int slash = word.indexOf('/');
            if (slash > 0) {
                all.add(
                        new Own(
                                InetAddress.ofLiteral(word.substring(0, slash)),
                                Integer.parseInt(word.substring(slash + 1))));
            }
        }
        return all;
    }

    /// Addresses of the interfaces that are up, loopback first, IPv4 before IPv6; link-local addresses are nobody's network.
    private static List<Own> ofTheKernel() {
        var found = new ArrayList<Own>();
        try {
            for (var card : NetworkInterface.networkInterfaces().toList()) {
                if (card.isUp()) {
                    for (InterfaceAddress own : card.getInterfaceAddresses()) {
                        found.add(new Own(own.getAddress(), own.getNetworkPrefixLength()));
                    }
                }
            }
        } catch (SocketException e) {
            return List.of();
        }
        found.removeIf(own -> own.address().isLinkLocalAddress());
        found.sort((a, b) -> {
            int loop = Boolean.compare(loopback(b), loopback(a));
            return loop != 0 ? loop : Boolean.compare(four(b), four(a));
        });
        return found;
    }

    private static boolean loopback(Own own) {
        return own.address().isLoopbackAddress();
    }

    private static boolean four(Own own) {
        return own.address() instanceof Inet4Address;
    }
}
