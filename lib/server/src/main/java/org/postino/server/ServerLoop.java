// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

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
import org.postino.log.EventLog;
import org.postino.log.Severity;
import org.postino.log.Trace;

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

    /// From so many sessions on it can be said how often clients come.
    private static final int OFTEN = 10;

    private static final int WARM = 10;
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final String program;
    private final DaemonState daemon;
    private final SessionKind kind;
    private final List<ServerSocketChannel> sockets;
    private final MasterLink link;
    private final PeerCheck peers;
    private final Limits limits;
    private final Selector selector = Selector.open();
    private final Set<SessionKind.Session> sessions = ConcurrentHashMap.newKeySet();
    private final Newcomers newcomers;
    private volatile boolean leaving;

    /// Set while nobody is accepted: a session that ends wakes the loop.
    private volatile boolean closed;

    private volatile boolean stopping;
    private volatile long stoppingSince;
    private boolean saidLeaving;
    private final long started = System.nanoTime();
    private long served;
    private long lastBusy = System.nanoTime();
    private long lastReport;
    private int reported;
    private long pauseUntil;
    private @Nullable String acceptFailure;
    private boolean warnedOfFull;
    private long lastFull;
    private boolean warnedOfShowingOut;
    private long lastShownOut;

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
        this.newcomers = new Newcomers(sessions, limits.newcomers());
    }

    /// The bounds of the loop.
    ///
    /// @param sessions at a time, 0 = no limit
    /// @param idle how long to stay without work
    /// @param silence how long a client may keep a session without a byte moving
    /// @param newcomers sessions that one address may have before somebody logs in; 0 = no limit
    record Limits(int sessions, Duration idle, Duration silence, int newcomers) {
        static final Duration NEVER = Duration.ofDays(3_650);

        /// Rows with fewer places than this are not for clients of many addresses.
        private static final int SHARED = 4;

        /// @param newcomers as configured: 0 = half of the sessions
        static Limits of(int sessions, Duration idle, Duration silence, long newcomers) {
            int half = sessions < SHARED ? 0 : sessions / 2;
            int each = newcomers == 0 ? half : Math.toIntExact(newcomers);
            return new Limits(sessions, idle, silence, each);
        }
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
            interest(isOpen() ? SelectionKey.OP_ACCEPT : 0);
            sayIfLeaving();
            selector.select(this::acceptAll, pause().toMillis());
            lookAround();
        }
        sayIfLeaving();
        sessions.forEach(SessionKind.Session::abort);
        selector.close();
    }

    /// Tells master, once, that no connection will be accepted any more: whoever waits for a reload waits for this.
    private void sayIfLeaving() {
        if (leaving && !saidLeaving) {
            saidLeaving = true;
            link.say("leaving");
        }
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

    /// Like [#hasRoom()], before the loop waits: a session that ends from now on sees that the loop is closed, and one that ended
    /// before has made room.
    private boolean isOpen() {
        closed = true;
        closed = !hasRoom();
        return !closed;
    }

    private boolean hasRoom() {
        long now = System.nanoTime();
        return !leaving
                && now >= pauseUntil
                && (!isFull() || newcomers.toMakeRoom(now).isPresent());
    }

    private boolean isFull() {
        return limits.sessions() > 0 && newcomers.occupied() >= limits.sessions();
    }

    private void interest(int operations) {
        for (SelectionKey key : selector.keys()) {
            if (key.interestOps() != operations) {
                key.interestOps(operations);
            }
        }
    }

    private Duration pause() {
        boolean makesRoom = newcomers.isAnyShownOut() || (isFull() && newcomers.areAny());
        if (leaving || pauseUntil > System.nanoTime() || makesRoom) {
            return TICK;
        }
        if (reported != sessions.size()) {
            return REPORT;
        }
        long idle = patience() - (System.nanoTime() - lastBusy);
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
        served++;
        newcomers.tooManyFrom(session.origin(), lastBusy).ifPresent(this::showOutOfMany);
        if (isFull()) {
            newcomers.toMakeRoom(lastBusy).ifPresent(this::showOutOfAll);
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
                        newcomers.ended(session);
                        if (leaving || closed) {
                            selector.wakeup();
                        }
                    }
                });
    }

    private void showOutOfMany(SessionKind.Session session) {
        showOut(
                session,
                session.origin()
                        + " has "
                        + limits.newcomers()
                        + " connections without log-in: the oldest makes room (see"
                        + " client_newcomer_limit)");
    }

    private void showOutOfAll(SessionKind.Session session) {
        showOut(
                session,
                "all "
                        + limits.sessions()
                        + " places are taken: the oldest connection without log-in, from "
                        + session.origin()
                        + ", makes room (see maxproc in master.cf)");
    }

    private void showOut(SessionKind.Session session, String why) {
        long now = System.nanoTime();
        newcomers.showOut(session, now);
        if (!warnedOfShowingOut || now - lastShownOut > BETWEEN_LINES.toNanos()) {
            warnedOfShowingOut = true;
            lastShownOut = now;
            EventLog.write(program, Severity.WARNING, why);
        }
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
        } else if (!leaving && now - lastBusy >= patience()) {
            leaving = true;
            daemon.beginDrain();
        }
        if (stopping || (leaving && kind.reloadEndsSessions())) {
            sessions.forEach(SessionKind.Session::hurry);
        }
        newcomers.hurry(now);
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

    /// The time to stay without work, in nanoseconds: longer where clients come often, or a peer that they come to keeps its
    /// connection. Whoever waits for a start, and for what was remembered to be worked out anew, pays more than memory is worth.
    private long patience() {
        long idle = limits.idle().toNanos();
        boolean often = served >= OFTEN && (lastBusy - started) / served <= idle;
        return often || (kind.keepsWarm() && !sessions.isEmpty()) ? idle * WARM : idle;
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
