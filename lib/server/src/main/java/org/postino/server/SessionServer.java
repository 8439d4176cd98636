// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Function;
import org.postino.config.Config;

/// The skeleton of daemons that talk to clients: smtpd, imapd, pop3d.
public final class SessionServer {
    private SessionServer() {}

    /// The daemon's part: it serves one client.
    @FunctionalInterface
    public interface Service {
        /// Serves one session, on a virtual thread of its own, under its trace; the skeleton closes the connection.
        ///
        /// An [IOException] means that the client is gone. Any other exception is a bug of ours: it is logged and ends
        /// the session, not the daemon.
        void serve(Connection c) throws IOException;
    }

    /// Runs the daemon until it leaves; the result is its exit status.
    ///
    /// @param args what master passed
    /// @param start makes the service; may throw [FatalException] for what the operator must mend
    public static int run(String[] args, ServerOptions options, Function<Daemon, Service> start) {
        return Skeleton.run(args, options, daemon -> new Kind(start.apply(daemon)));
    }

    /// Runs the daemon within this process, on a socket that is closed with the result; for tests.
    public static RunningServer open(
            Config config,
            String service,
            ServerSocketChannel socket,
            Function<Daemon, Service> start) {
        return Skeleton.open(config, service, socket, daemon -> new Kind(start.apply(daemon)));
    }

    private record Kind(Service service) implements SessionKind {
        @Override
        public boolean reloadEndsSessions() {
            return false;
        }

        @Override
        public Session session(SocketChannel channel, String trace) throws IOException {
            return new ClientSession(SocketConnection.over(channel, trace), service);
        }
    }

    private record ClientSession(SocketConnection connection, Service service)
            implements SessionKind.Session {
        @Override
        public void run() throws IOException {
            try (connection) {
                service.serve(connection);
            }
        }

        @Override
        public String origin() {
            return connection.origin();
        }

        @Override
        public boolean isWaiting() {
            return false;
        }

        @Override
        public void hurry() {
            if (System.nanoTime() - connection.lastActivity() > SessionKind.QUIET.toNanos()) {
                connection.endInput();
            }
        }

        @Override
        public long lastActivity() {
            return connection.lastActivity();
        }

        @Override
        public void abort() {
            connection.abort();
        }

        @Override
        public boolean isNewcomer() {
            return !connection.isKnown();
        }

        @Override
        public long since() {
            return connection.since();
        }

        @Override
        public void showOut() {
            connection.endInput();
        }
    }
}
