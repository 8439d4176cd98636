// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.ipc.IpcConnection;
import org.postino.linux.PeerUser;

/// The skeleton of daemons that serve other daemons and commands: cleanup, qmgr, bounce, the delivery agents.
///
/// Clients keep connections: one on which no request is under way neither keeps the daemon from idling nor from leaving; it is
/// closed then, and the client connects anew.
public final class RequestServer {
    private RequestServer() {}

    /// The daemon's part: it answers one peer.
    @FunctionalInterface
    public interface Service {
        /// Serves requests until [IpcConnection#receive()] says that there are no more; the skeleton closes the connection.
        void serve(IpcConnection c) throws IOException;
    }

    /// Runs the daemon until it leaves; the result is its exit status.
    public static int run(String[] args, ServerOptions options, Function<Daemon, Service> start) {
        return Skeleton.run(
                args, options, daemon -> new Kind(start.apply(daemon), untrusted(options)));
    }

    /// Runs the daemon within this process, on a socket that is closed with the result; for tests.
    public static RunningServer open(
            Config config,
            String service,
            ServerSocketChannel socket,
            Function<Daemon, Service> start) {
        return open(config, service, socket, start, null);
    }

    static RunningServer open(
            Config config,
            String service,
            ServerSocketChannel socket,
            Function<Daemon, Service> start,
            @Nullable UntrustedPeers untrusted) {
        return Skeleton.open(
                config, service, socket, daemon -> new Kind(start.apply(daemon), untrusted));
    }

    /// The bounds of a service that every user may ask; null for the others, which know their peers.
    private static @Nullable UntrustedPeers untrusted(ServerOptions options) {
        return options.open()
                ? new UntrustedPeers(options.program(), PeerUser::isPrivileged)
                : null;
    }

    private record Kind(Service service, @Nullable UntrustedPeers untrusted)
            implements SessionKind {
        @Override
        public boolean reloadEndsSessions() {
            return true;
        }

        @Override
        public Session session(SocketChannel channel, String trace) throws IOException {
            return new PeerSession(IpcConnection.over(channel), service, untrusted);
        }
    }

    private record PeerSession(
            IpcConnection connection, Service service, @Nullable UntrustedPeers untrusted)
            implements SessionKind.Session {
        @Override
        public void run() throws IOException {
            try (connection) {
                if (untrusted == null) {
                    service.serve(connection);
                } else {
                    untrusted.serve(connection, service);
                }
            }
        }

        @Override
        public boolean isWaiting() {
            return connection.isWaiting();
        }

        @Override
        public void hurry() {
            connection.retire();
        }

        @Override
        public long lastActivity() {
            return System.nanoTime(); // a request may take what it takes
        }

        @Override
        public void abort() {
            try {
                connection.close();
            } catch (IOException e) {
                // closed is all it shall be
            }
        }
    }
}
