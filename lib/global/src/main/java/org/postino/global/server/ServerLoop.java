// SPDX-License-Identifier: Apache-2.0

package org.postino.global.server;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postino.global.log.EventLog;
import org.postino.global.log.Severity;
import org.postino.global.log.Trace;

/// The life of a daemon: it accepts while it has room, counts sessions, and knows when to leave.
///
/// One thread, that of [#run()], accepts; it never blocks but in the selector. A listening socket is shared with master and with
/// the daemon that comes after this one, so it is polled, never closed: what was not accepted waits for the next. Only master
/// ends listening, and tells the daemon to leave.
final class ServerLoop {
    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration REPORT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration FULL_AGAIN = Duration.ofSeconds(1000);

    private final String program;
    private final DaemonState daemon;
    private final SessionKind kind;
    private final List<ServerSocketChannel> sockets;
    private final MasterLink link;
    private final PeerCheck peers;
    private final Limits limits;
    private final Selector selector = Selector.open();
    private final Set<SessionKind.Session> sessions = ConcurrentHashMap.newKeySet();
    private volatile boolean leaving;
    private volatile boolean stopping;
    private volatile long stoppingSince;
    private long lastBusy = System.nanoTime();
    private long lastReport;
    private int reported;
    private long pauseUntil;
    private @Nullable String acceptFailure;
    private boolean warnedOfFull;
    private long lastFull;

    ServerLoop(
            String program,
            DaemonState daemon,
            SessionKind kind,
            List<ServerSocketChannel> sockets,
            MasterLink link,
            PeerCheck peers,
            Limits limits)
            throws IOException {
        this.program = program;
        this.daemon = daemon;
        this.kind = kind;
        this.sockets = sockets;
        this.link = link;
        this.peers = peers;
        this.limits = limits;
    }

    /// What bounds the loop.
    ///
    /// @param sessions at a time, 0 = no limit
    /// @param idle how long to stay without work
    /// @param silence how long a client may keep a session without a byte moving
    record Limits(int sessions, Duration idle, Duration silence) {
        static final Duration NEVER = Duration.ofDays(36_500);
    }

    /// Serves until there is a reason to leave and nothing is left to finish.
    void run() throws IOException {
        daemon.whenChanged(selector::wakeup);
        for (ServerSocketChannel socket : sockets) {
            socket.configureBlocking(false);
            socket.register(selector, 0);
        }
        link.listen(this::hear);
        link.say("ready");
        while (!isDone()) {
            interest(hasRoom() ? SelectionKey.OP_ACCEPT : 0);
            selector.select(this::acceptAll, pause().toMillis());
            lookAround();
        }
        link.say("leaving");
        sessions.forEach(SessionKind.Session::abort);
        selector.close();
    }

    /// Master's words.
    void hear(String word) {
        switch (word) {
            case "drain" -> leave(false);
            case "stop" -> leave(true);
            case "wakeup" -> daemon.wakeup();
            case MasterLink.GONE -> {
                // An orphan finishes what was acknowledged to it, and goes.
                leave(true);
            }
            default -> EventLog.write(program, Severity.WARNING, "master said \"" + word + "\"");
        }
    }

    int sessions() {
        return sessions.size();
    }

    private void leave(boolean stop) {
        if (stop && !stopping) {
            stoppingSince = System.nanoTime();
            stopping = true;
        }
        leaving = true;
        if (stop || kind.reloadEndsSessions()) {
            daemon.beginDrain();
        }
        selector.wakeup();
    }

    private boolean isDone() {
        if (!leaving) {
            return false;
        }
        if (sessions.isEmpty() && !daemon.isWorking()) {
            return true;
        }
        boolean outOfPatience = stopping && System.nanoTime() - stoppingSince > PATIENCE.toNanos();
        if (outOfPatience) {
            EventLog.write(
                    program,
                    Severity.WARNING,
                    "leaving with "
                            + sessions.size()
                            + " sessions"
                            + (daemon.isWorking() ? " and other work" : "")
                            + " unfinished");
        }
        return outOfPatience;
    }

    private boolean hasRoom() {
        return !leaving
                && (limits.sessions() == 0 || sessions.size() < limits.sessions())
                && System.nanoTime() >= pauseUntil;
    }

    private void interest(int operations) {
        for (SelectionKey key : selector.keys()) {
            if (key.interestOps() != operations) {
                key.interestOps(operations);
            }
        }
    }

    private Duration pause() {
        if (leaving || pauseUntil > System.nanoTime()) {
            return TICK;
        }
        if (reported != sessions.size()) {
            return REPORT;
        }
        long idle = limits.idle().toNanos() - (System.nanoTime() - lastBusy);
        Duration rest = isBusy() ? REPORT : Duration.ofNanos(Math.max(0, idle));
        return rest.compareTo(Duration.ofHours(1)) > 0 ? Duration.ofHours(1) : rest.plusMillis(1);
    }

    private void acceptAll(SelectionKey key) {
        try {
            while (hasRoom()) {
                SocketChannel channel = ((ServerSocketChannel) key.channel()).accept();
                if (channel == null) {
                    return;
                }
                begin(channel);
            }
        } catch (IOException e) {
            // Out of descriptors, the client was gone before we looked, or master has ended
            // listening.
            acceptFailure = e.getMessage();
            pauseUntil = System.nanoTime() + REPORT.toNanos();
        }
    }

    private void begin(SocketChannel channel) throws IOException {
        lastBusy = System.nanoTime();
        String trace = Trace.next();
        SessionKind.Session session;
        try {
            session = kind.session(channel, trace);
        } catch (IOException e) {
            channel.close(); // the client hung up at once
            return;
        }
        sessions.add(session);
        warnIfFull();
        Thread.ofVirtual()
                .name(trace)
                .start(() -> {
                    try {
                        Trace.run(trace, () -> serve(channel, session));
                    } finally {
                        sessions.remove(session);
                        if (leaving || sessions.size() + 1 >= limits.sessions()) {
                            selector.wakeup();
                        }
                    }
                });
    }

    /// Clients who wait for a session see nothing but silence: somebody must say why.
    private void warnIfFull() {
        long now = System.nanoTime();
        if (kind.reloadEndsSessions()
                || sessions.size() != limits.sessions()
                || (warnedOfFull && now - lastFull < FULL_AGAIN.toNanos())) {
            return;
        }
        warnedOfFull = true;
        lastFull = now;
        EventLog.write(
                program,
                Severity.WARNING,
                "has reached its limit of "
                        + limits.sessions()
                        + " sessions: new clients wait (see maxproc in master.cf, default_process_limit)");
    }

    private void serve(SocketChannel channel, SessionKind.Session session) {
        try {
            if (!peers.admits(channel)) {
                session.abort();
                channel.close();
                return;
            }
            session.run();
        } catch (IOException e) {
            EventLog.write(program, Severity.DEBUG, "session ended: " + e);
        } catch (RuntimeException | StackOverflowError e) {
            EventLog.panic(program, "session", e);
        }
    }

    private void lookAround() {
        long now = System.nanoTime();
        if (acceptFailure != null && !leaving && now >= pauseUntil) {
            // Where listening has ended, the word to leave has come by now.
            EventLog.write(program, Severity.WARNING, "accept: " + acceptFailure);
            acceptFailure = null;
        }
        if (isBusy()) {
            lastBusy = now;
        } else if (!leaving && now - lastBusy >= limits.idle().toNanos()) {
            leaving = true;
            daemon.beginDrain();
        }
        if (stopping || (leaving && kind.reloadEndsSessions())) {
            sessions.forEach(SessionKind.Session::hurry);
        }
        for (SessionKind.Session session : sessions) {
            if (now - session.lastActivity() > limits.silence().toNanos()) {
                EventLog.write(
                        program,
                        Severity.WARNING,
                        "nothing moved in a session for "
                                + limits.silence().toSeconds()
                                + " seconds: closed");
                session.abort();
            }
        }
        if (reported != sessions.size() && now - lastReport >= REPORT.toNanos()) {
            reported = sessions.size();
            lastReport = now;
            link.say("sessions " + reported);
        }
    }

    private boolean isBusy() {
        if (daemon.isWorking()) {
            return true;
        }
        for (SessionKind.Session session : sessions) {
            if (!session.isWaiting()) {
                return true;
            }
        }
        return false;
    }
}
