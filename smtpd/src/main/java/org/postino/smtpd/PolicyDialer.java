// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.postino.dns.Answer;
import org.postino.dns.Dns;
import org.postino.server.Connection;
import org.postino.suite.PolicyServer;
import org.postino.util.ByteNames;

/// Connects to policy servers. Safe for use by several threads.
final class PolicyDialer {
    private final Path queueDirectory;
    private final HostsFile hosts;
    private final Supplier<Dns> dns;

    /// @param queueDirectory the directory that paths of sockets are relative to
    PolicyDialer(Path queueDirectory, HostsFile hosts, Supplier<Dns> dns) {
        this.queueDirectory = queueDirectory;
        this.hosts = hosts;
        this.dns = dns;
    }

    /// Opens a connection, to the first of a host's addresses that takes it.
    Connection dial(PolicyServer.Place place, Duration timeout) throws IOException {
        return switch (place) {
            case PolicyServer.Place.Unix(var path) ->
                    Connection.of(
                            SocketChannel.open(
                                    UnixDomainSocketAddress.of(
                                            queueDirectory.resolve(ByteNames.path(path)))));
            case PolicyServer.Place.Tcp(var host, int port) -> tcp(host, port, timeout);
        };
    }

    private Connection tcp(String host, int port, Duration timeout) throws IOException {
        IOException failure = new IOException("host " + host + " not found");
        for (InetAddress address : addresses(host)) {
            var channel = SocketChannel.open();
            try {
                int millis = Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
                channel.socket().connect(new InetSocketAddress(address, port), millis);
                return Connection.of(channel);
            } catch (SocketTimeoutException e) {
                failure = new SocketTimeoutException("Connection timed out");
                channel.close();
            } catch (IOException e) {
                failure = e;
                channel.close();
            }
        }
        throw failure;
    }

    private List<InetAddress> addresses(String host) throws IOException {
        try {
            return List.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            List<InetAddress> known = hosts.addresses(host);
            return known.isEmpty() ? asked(host) : known;
        }
    }

    private List<InetAddress> asked(String host) throws IOException {
        return switch (dns.get().addresses(host)) {
            case Answer.Found<InetAddress>(var addresses) -> addresses;
            case Answer.NoData<InetAddress> _, Answer.NoSuchDomain<InetAddress> _ -> List.of();
            case Answer.TempFail<InetAddress>(var reason) ->
                    throw new IOException("host " + host + " not found: " + reason);
        };
    }
}
