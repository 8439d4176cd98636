// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import org.postino.server.Connection;
import org.postino.util.ByteNames;

/// Makes connections to servers.
final class Dialer {
    private final Settings settings;

    Dialer(Settings settings) {
        this.settings = settings;
    }

    Wire connect(Target target) throws SiteFailure {
        try {
            InetAddress address = target.address();
            return address == null ? unix(target) : inet(target, address);
        } catch (IOException e) {
            String reason = "connect to " + target.relay() + ": " + reason(e);
            throw SiteFailure.unreachable(Failure.of("4.4.1", reason));
        }
    }

    private static Wire unix(Target target) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(ByteNames.path(target.path())));
            return new Wire(Connection.of(channel), channel, target);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private Wire inet(Target target, InetAddress address) throws IOException {
        var socket = new Socket();
        try {
            InetAddress from =
                    address instanceof Inet4Address ? settings.bind4() : settings.bind6();
            if (from != null) {
                socket.bind(new InetSocketAddress(from, 0));
            }
            socket.connect(
                    new InetSocketAddress(address, target.port()),
                    (int) Math.min(settings.timeouts().connect().toMillis(), Integer.MAX_VALUE));
            socket.setKeepAlive(true);
            return new Wire(Connection.of(socket), socket, target);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static String reason(IOException e) {
        String text = String.valueOf(e.getMessage());
        return switch (e) {
            case SocketTimeoutException _ -> "Connection timed out";
            case NoRouteToHostException _ -> "No route to host";
            case ConnectException _ when text.startsWith("Connection refused") ->
                    "Connection refused";
            default -> text;
        };
    }
}
