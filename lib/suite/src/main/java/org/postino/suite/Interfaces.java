// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postino.config.Config;
import org.postino.config.MainParams;

/// The addresses that `inet_interfaces`, `inet_protocols` and a row of master.cf together mean.
final class Interfaces {
    private static final Path SERVICES = Path.of("/etc/services");

    /// The IPv6 addresses of this machine, a line each; missing if the kernel knows no IPv6, empty if it is switched off.
    private static final Path IPV6_ADDRESSES = Path.of("/proc/net/if_inet6");

    private static final String IPV6_LOOPBACK = "0".repeat(31) + "1 ";

    private final List<String> interfaces;
    private final boolean ipv4;
    private final boolean ipv6;

    Interfaces(Config config) {
        interfaces = config.get(MainParams.INET_INTERFACES);
        String protocols = config.get(MainParams.INET_PROTOCOLS).toLowerCase(Locale.ROOT);
        boolean all = protocols.contains("all");
        ipv4 = all || protocols.contains("ipv4");
        ipv6 = (all || protocols.contains("ipv6")) && Files.exists(IPV6_ADDRESSES);
    }

    /// The places at which a row listens.
    ///
    /// @param host the row's own host, or empty for `inet_interfaces`
    /// @param port a number or a name of `/etc/services`
    List<Plan.Endpoint> endpoints(String host, String port) throws IOException {
        int number = port(port);
        if (!host.isEmpty()) {
            return of(host, number);
        }
        var endpoints = new ArrayList<Plan.Endpoint>();
        for (String name : interfaces) {
            for (Plan.Endpoint endpoint : of(name, number)) {
                if (!endpoints.contains(endpoint)) {
                    endpoints.add(endpoint);
                }
            }
        }
        return endpoints;
    }

    private List<Plan.Endpoint> of(String name, int port) throws IOException {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "all" -> everywhere(port);
            case "loopback-only", "localhost" -> addresses(loopback(), name, port);
            default -> addresses(lookup(name), name, port);
        };
    }

    /// One socket for both protocols where there are both: a second one would cost every start a few milliseconds.
    private List<Plan.Endpoint> everywhere(int port) throws IOException {
        if (!ipv4 && ipv6Addresses().isEmpty()) {
            throw new IOException(
                    "inet_protocols wants IPv6 alone, of which this machine has no address");
        }
        InetAddress any = literal(ipv6 ? "::" : "0.0.0.0");
        return List.of(new Plan.Endpoint.Tcp(new InetSocketAddress(any, port), !ipv4));
    }

    /// The loopback addresses; `::1` is left out where IPv6 is switched off, as nobody can listen there.
    private static List<InetAddress> loopback() throws IOException {
        InetAddress four = literal("127.0.0.1");
        return ipv6Addresses().stream().anyMatch(line -> line.startsWith(IPV6_LOOPBACK))
                ? List.of(four, literal("::1"))
                : List.of(four);
    }

    private static List<String> ipv6Addresses() throws IOException {
        return Files.exists(IPV6_ADDRESSES) ? Files.readAllLines(IPV6_ADDRESSES) : List.of();
    }

    private List<Plan.Endpoint> addresses(List<InetAddress> all, String name, int port)
            throws IOException {
        var endpoints = new ArrayList<Plan.Endpoint>();
        for (InetAddress address : all) {
            boolean wanted =
                    (address instanceof Inet4Address && ipv4)
                            || (address instanceof Inet6Address && ipv6);
            if (wanted) {
                endpoints.add(new Plan.Endpoint.Tcp(new InetSocketAddress(address, port), true));
            }
        }
        if (endpoints.isEmpty()) {
            throw new IOException(
                    name + " has no address here of the protocols that inet_protocols wants");
        }
        return endpoints;
    }

    private static InetAddress literal(String address) throws UnknownHostException {
        return InetAddress.getByName(address);
    }

    private static List<InetAddress> lookup(String name) throws IOException {
        String bare =
                name.startsWith("[") && name.endsWith("]")
                        ? name.substring(1, name.length() - 1)
                        : name;
        try {
            return List.of(InetAddress.getAllByName(bare));
        } catch (UnknownHostException e) {
            throw new IOException("unknown host \"" + name + "\"", e);
        }
    }

    private static int port(String port) throws IOException {
        if (!port.isEmpty() && port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Integer.parseInt(port);
        }
        return switch (port) {
            case "smtp" -> 25;
            case "submission" -> 587;
            case "submissions", "smtps" -> 465;
            case "imap", "imap2" -> 143;
            case "imaps" -> 993;
            case "pop3" -> 110;
            case "pop3s" -> 995;
            default -> fromServices(port);
        };
    }

    private static int fromServices(String name) throws IOException {
        if (Files.isReadable(SERVICES)) {
            for (String line : Files.readAllLines(SERVICES)) {
                int comment = line.indexOf('#');
                var words =
                        List.of(
                                (comment < 0 ? line : line.substring(0, comment))
                                        .strip()
                                        .split("\\s+"));
                if (words.size() > 1 && words.get(1).endsWith("/tcp") && isNamed(words, name)) {
                    String text = words.get(1);
                    return Integer.parseInt(text.substring(0, text.length() - "/tcp".length()));
                }
            }
        }
        throw new IOException("unknown port \"" + name + "\"");
    }

    private static boolean isNamed(List<String> words, String name) {
        return words.getFirst().equals(name) || words.subList(2, words.size()).contains(name);
    }
}
