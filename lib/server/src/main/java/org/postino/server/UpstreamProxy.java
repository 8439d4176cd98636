// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postino.util.Cidr;
import org.postino.util.InetText;

/// A proxy in front of a service, such as HAProxy, which begins each connection with a header that tells whose it is. Safe for use
/// by several threads.
public final class UpstreamProxy {
    private final Duration timeout;
    private final List<Cidr> trusted;
    private final boolean anybody;

    private UpstreamProxy(Duration timeout, List<Cidr> trusted, boolean anybody) {
        this.timeout = timeout;
        this.trusted = List.copyOf(trusted);
        this.anybody = anybody;
    }

    /// A proxy that may connect from anywhere.
    ///
    /// @param timeout for the header
    public static UpstreamProxy anywhere(Duration timeout) {
        return new UpstreamProxy(timeout, List.of(), true);
    }

    /// Proxies in these networks: `192.0.2.0/24`, `2001:db8::1`. Others are refused; those on Unix sockets never are.
    ///
    /// @throws FatalException a word is no network
    public static UpstreamProxy in(List<String> networks, Duration timeout, String parameter) {
        var trusted =
                networks.stream()
                        .map(word ->
                                Cidr.parse(word)
                                        .orElseThrow(() ->
                                                new FatalException(
                                                        parameter + ": not a network: " + word)))
                        .toList();
        return new UpstreamProxy(timeout, trusted, false);
    }

    /// Reads the header of a connection that has just begun; its ends are the client's from then on.
    ///
    /// @return why the connection must end, for the log; empty if it goes on
    /// @throws IOException the connection broke
    public Optional<String> problem(Connection connection) throws IOException {
        InetSocketAddress from = connection.peer();
        if (from != null && !isTrusted(from.getAddress())) {
            return Optional.of(
                    "haproxy read: "
                            + InetText.of(from.getAddress())
                            + " is not among the trusted networks");
        }
        try {
            connection.deadline(timeout);
            connection.readProxyHeader();
            connection.deadline(Duration.ZERO);
            return Optional.empty();
        } catch (ProxyHeaderException e) {
            return Optional.of("haproxy read: " + e.getMessage());
        } catch (EOFException e) {
            return Optional.of("haproxy read: EOF");
        } catch (SocketTimeoutException e) {
            return Optional.of("haproxy read: timeout error");
        }
    }

    private boolean isTrusted(InetAddress address) {
        return anybody || trusted.stream().anyMatch(network -> network.contains(address));
    }
}
