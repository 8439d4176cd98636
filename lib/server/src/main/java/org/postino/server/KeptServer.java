// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Function;
import org.postino.config.Config;

/// The skeleton of daemons whose clients keep connections that are mostly idle, in a protocol of lines: auth.
///
/// A connection on which nothing is under way neither keeps the daemon from idling nor from leaving, as with [RequestServer].
public final class KeptServer {
    private KeptServer() {}

    /// The daemon's part: it serves one client.
    @FunctionalInterface
    public interface Service {
        /// Makes the session of a connection; serves nothing yet.
        Session open(Connection c);
    }

    /// One client's connection.
    public interface Session {
        /// Serves until the client leaves, or [#end()] was called.
        void run() throws IOException;

        /// True if nothing is under way.
        boolean isWaiting();

        /// Ends the session as soon as nothing is under way; may be called again and again, by any thread.
        void end();
    }

    /// Runs the daemon until it leaves; the result is its exit status.
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
            return true;
        }

        @Override
        public boolean keepsWarm() {
            return true;
        }

        @Override
        public SessionKind.Session session(SocketChannel channel, String trace) throws IOException {
            var connection = SocketConnection.over(channel, trace);
            return new ClientSession(connection, service.open(connection));
        }
    }

    private record ClientSession(SocketConnection connection, Session session)
            implements SessionKind.Session {
        @Override
        public void run() throws IOException {
            try (connection) {
                session.run();
            }
        }

        @Override
        public boolean isWaiting() {
            return session.isWaiting();
        }

        @Override
        public void hurry() {
            session.end();
        }

        @Override
        public long lastActivity() {
            return System.nanoTime(); // a client may be silent as long as it likes
        }

        @Override
        public void abort() {
            connection.abort();
        }
    }
}
