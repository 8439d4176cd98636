// SPDX-License-Identifier: Apache-2.0

package org.postino.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The name servers to ask: named by a parameter, or by `nameserver` lines of resolv.conf.
public final class DnsServers {
    private static final int PORT = 53;

    private DnsServers() {}

    /// Reads `127.0.0.1:5353`, `192.0.2.1`, `[::1]:53`, `2001:db8::1`.
    ///
    /// @throws IllegalArgumentException an item is not an address
    public static List<InetSocketAddress> parse(List<String> items) {
        var servers = new ArrayList<InetSocketAddress>();
        for (String item : items) {
            servers.add(parse(item));
        }
        return List.copyOf(servers);
    }

    private static InetSocketAddress parse(String item) {
        String host = item;
        int port = PORT;
        int colon = item.lastIndexOf(':');
        boolean bracketed = item.startsWith("[");
        if (bracketed || (colon >= 0 && item.indexOf(':') == colon)) {
            int end = bracketed ? item.indexOf(']') : colon;
            if (end < 0) {
                throw new IllegalArgumentException("not an address: " + item);
            }
            host = item.substring(bracketed ? 1 : 0, end);
            String rest = item.substring(bracketed ? end + 1 : end);
            if (!rest.isEmpty()) {
                port = port(item, rest);
            }
        }
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    private static int port(String item, String rest) {
        int port = rest.startsWith(":") ? Integer.parseInt(rest.substring(1)) : -1;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + item);
        }
        return port;
    }

    /// The servers of a resolv.conf; the local host if it names none or can't be read (resolv.conf(5)).
    public static List<InetSocketAddress> ofResolvConf(Path file) {
        var servers = new ArrayList<InetSocketAddress>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                String[] words = line.strip().split("\\s+", 3);
                if (words[0].equals("nameserver") && words.length > 1) {
                    add(words[1], servers);
                }
            }
        } catch (IOException e) {
            // As resolv.conf(5) says: the local host.
        }
        if (servers.isEmpty()) {
            servers.add(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT));
        }
        return List.copyOf(servers);
    }

    private static void add(String address, List<InetSocketAddress> servers) {
        try {
            servers.add(new InetSocketAddress(InetAddress.ofLiteral(address), PORT));
        } catch (IllegalArgumentException e) {
            // Not an address: passed over, as the C library does.
        }
    }
}
