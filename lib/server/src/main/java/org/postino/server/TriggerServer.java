// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.postino.config.Config;
import org.postino.log.EventLog;
import org.postino.log.Severity;
import org.postino.log.Trace;

/// The skeleton of daemons that look for work when they are woken up: pickup.
public final class TriggerServer {
    private TriggerServer() {}

    /// The daemon's part: it acts when it is woken up.
    @FunctionalInterface
    public interface Service {
        /// Looks for work and does it. Called when the daemon starts, whenever someone connects to its socket and
        /// whenever master says so, never twice at a time; what comes meanwhile leads to one more call.
        void wakeup() throws IOException;
    }

    /// Runs the daemon until it leaves; the result is its exit status.
    public static int run(String[] args, ServerOptions options, Function<Daemon, Service> start) {
        return Skeleton.run(args, options, daemon -> kind(daemon, start));
    }

    /// Runs the daemon within this process, on a socket that is closed with the result; for tests.
    public static RunningServer open(
            Config config,
            String service,
            ServerSocketChannel socket,
            Function<Daemon, Service> start) {
        return Skeleton.open(config, service, socket, daemon -> kind(daemon, start));
    }

    private static SessionKind kind(Daemon daemon, Function<Daemon, Service> start) {
        var bell = new Bell(daemon, start.apply(daemon));
        daemon.onWakeup(bell::ring);
        bell.ring();
        return new Kind(bell);
    }

    /// Runs the service once for any number of calls that came while it ran.
    private static final class Bell {
        private final Daemon daemon;
        private final Service service;
        private final AtomicBoolean rung = new AtomicBoolean();
        private final AtomicBoolean running = new AtomicBoolean();

        Bell(Daemon daemon, Service service) {
            this.daemon = daemon;
            this.service = service;
        }

        void ring() {
            rung.set(true);
            Daemon.Work work = daemon.working();
            if (running.compareAndSet(false, true)) {
                Thread.ofVirtual().name("wakeup").start(() -> answer(work));
            } else {
                work.close();
            }
        }

        private void answer(Daemon.Work work) {
            while (rung.getAndSet(false)) {
                once();
            }
            running.set(false);
            work.close();
            if (rung.get()) {
                ring(); // rung between the last look and the end
            }
        }

        private void once() {
            try {
                Trace.run(Trace.next(), service::wakeup);
            } catch (IOException e) {
                EventLog.write(daemon.service(), Severity.WARNING, String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                EventLog.panic(daemon.service(), "wake-up", e);
            }
        }
    }

    private record Kind(Bell bell) implements SessionKind {
        @Override
        public boolean reloadEndsSessions() {
            return true;
        }

        @Override
        public Session session(SocketChannel channel, String trace) {
            return new Ring(channel, bell);
        }
    }

    /// A connection says by its being that there is work; it is closed when that was heard.
    private record Ring(SocketChannel channel, Bell bell) implements SessionKind.Session {
        @Override
        public void run() throws IOException {
            try (channel) {
                bell.ring();
            }
        }

        @Override
        public boolean isWaiting() {
            return false;
        }

        @Override
        public void hurry() {
            // over at once in any case
        }

        @Override
        public long lastActivity() {
            return System.nanoTime();
        }

        @Override
        public void abort() {
            // over at once in any case
        }
    }
}
