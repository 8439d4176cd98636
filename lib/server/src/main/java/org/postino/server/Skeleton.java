// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.postino.config.Config;
import org.postino.config.ConfigException;
import org.postino.config.MainParams;
import org.postino.config.ParamTable;
import org.postino.config.Problem;
import org.postino.linux.InheritedSockets;
import org.postino.log.EventLog;
import org.postino.log.Severity;

/// The common part of the skeletons: from the command line to the loop, and out again.
final class Skeleton {
    /// The exit status of a daemon that could not start for a reason the operator must mend.
    static final int FATAL = 1;

    /// The exit status of a daemon that a bug of ours ended.
    static final int PANIC = 2;

    private Skeleton() {}

    static int run(String[] args, ServerOptions options, Function<Daemon, SessionKind> start) {
        String program = options.program();
        MasterLink link = MasterLink.take(program);
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, bug) -> EventLog.panic(program, "thread " + thread.getName(), bug));
        try {
            return serve(args, options, start, link);
        } catch (ConfigException e) {
            for (Problem problem : e.problems()) {
                EventLog.write(program, Severity.FATAL, problem.toString());
            }
            return FATAL;
        } catch (FatalException e) {
            EventLog.write(program, Severity.FATAL, String.valueOf(e.getMessage()));
            return FATAL;
        } catch (IOException e) {
            EventLog.write(program, Severity.FATAL, e.toString());
            return FATAL;
        } catch (RuntimeException | Error e) {
            EventLog.panic(program, "daemon", e);
            return PANIC;
        }
    }

    private static int serve(
            String[] args,
            ServerOptions program,
            Function<Daemon, SessionKind> start,
            MasterLink link)
            throws ConfigException, IOException {
        var arguments = Arguments.parse(args);
        EventLog.verbose(arguments.verbose());
        var options = new ArrayList<String>();
        options.add("service_name=" + arguments.service());
        options.add("process_name=" + program.program());
        options.addAll(arguments.overrides());
        var config =
                Config.load(
                        arguments.configDirectory(),
                        arguments.files(),
                        options,
                        program.others(),
                        program.tables().toArray(new ParamTable[0]));
        var sockets = sockets(arguments.sockets());
        var daemon =
                new DaemonState(
                        config,
                        arguments.service(),
                        arguments.rest(),
                        Clock.system(ZoneId.systemDefault()));
        SessionKind kind = start.apply(daemon);
        var limits =
                ServerLoop.Limits.of(
                        arguments.limit(),
                        program.resident()
                                ? ServerLoop.Limits.NEVER
                                : config.get(MainParams.MAX_IDLE),
                        config.get(MainParams.DAEMON_TIMEOUT),
                        config.get(MainParams.CLIENT_NEWCOMER_LIMIT));
        var loop =
                new ServerLoop(
                        program.program(),
                        daemon,
                        kind,
                        sockets,
                        link,
                        new PeerCheck(program.program(), arguments.peers()),
                        limits);
        loop.run();
        return 0;
    }

    private static List<ServerSocketChannel> sockets(int count) throws IOException {
        var sockets = new ArrayList<ServerSocketChannel>();
        if (count > 0) {
            sockets.add(InheritedSockets.first());
        }
        if (count > 1) {
            sockets.addAll(InheritedSockets.others(count - 1));
        }
        return sockets;
    }

    /// Runs the server without a process: the loop runs on a thread, and closing it closes the socket.
    static RunningServer open(
            Config config,
            String service,
            ServerSocketChannel socket,
            Function<Daemon, SessionKind> start) {
        var daemon =
                new DaemonState(config, service, List.of(), Clock.system(ZoneId.systemDefault()));
        SessionKind kind = start.apply(daemon);
        var limits =
                ServerLoop.Limits.of(
                        Math.toIntExact(config.get(MainParams.DEFAULT_PROCESS_LIMIT)),
                        config.get(MainParams.MAX_IDLE),
                        config.get(MainParams.DAEMON_TIMEOUT),
                        config.get(MainParams.CLIENT_NEWCOMER_LIMIT));
        try {
            var loop =
                    new ServerLoop(
                            service,
                            daemon,
                            kind,
                            List.of(socket),
                            MasterLink.none(),
                            PeerCheck.NONE,
                            limits);
            return new InProcess(loop, socket, daemon);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class InProcess implements RunningServer {
        private final ServerLoop loop;
        private final ServerSocketChannel socket;
        private final DaemonState daemon;
        private final Thread thread;

        InProcess(ServerLoop loop, ServerSocketChannel socket, DaemonState daemon) {
            this.loop = loop;
            this.socket = socket;
            this.daemon = daemon;
            this.thread = Thread.ofPlatform().daemon().name(daemon.service()).start(this::serve);
        }

        private void serve() {
            try {
                loop.run();
            } catch (IOException e) {
                EventLog.panic(daemon.service(), "loop", e);
            }
        }

        @Override
        public void wakeup() {
            loop.hear("wakeup");
        }

        @Override
        public void drain() {
            loop.hear("drain");
        }

        @Override
        public int sessions() {
            return loop.sessions();
        }

        @Override
        public boolean isRunning() {
            return thread.isAlive();
        }

        @Override
        public void close() {
            loop.hear("stop");
            try {
                thread.join(Duration.ofMinutes(1));
                socket.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
