// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.postino.util.ByteNames;

/// Connects to servers that main.cf names: policy servers, milters. Safe for use by several threads.
public final class ServerDialer {
    private final Path queueDirectory;
    private final Hosts hosts;

    /// Finds the addresses of a host, in the order in which they are to be tried; none if there is no such host.
    @FunctionalInterface
    public interface Hosts {
        List<InetAddress> find(String host) throws IOException;
    }

    /// @param queueDirectory the directory that paths of sockets are relative to
    public ServerDialer(Path queueDirectory, Hosts hosts) {
        this.queueDirectory = queueDirectory;
        this.hosts = hosts;
    }

    /// Opens a connection, to the first of a host's addresses that takes it.
    public Connection dial(ServerPlace place, Duration timeout) throws IOException {
        return switch (place) {
            case ServerPlace.Unix(var path) ->
                    Connection.of(
                            SocketChannel.open(
                                    UnixDomainSocketAddress.of(
                                            queueDirectory.resolve(ByteNames.path(path)))));
            case ServerPlace.Tcp(var host, int port) -> tcp(host, port, timeout);
        };
    }

    private Connection tcp(String host, int port, Duration timeout) throws IOException {
        IOException failure = new IOException("host " + host + " not found");
        for (InetAddress address : hosts.find(host)) {
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
}
