// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Connections that are kept for a moment, for the next message to the same destination. Safe for use by several threads.
final class SessionCache {
    private static final int MAX_PER_DESTINATION = 20;

    private final Settings.Cache limits;
    private final Duration quitWait;
    private final Clock clock;
    private final Map<String, Deque<Session>> idle = new HashMap<>(); // guarded by itself
    private boolean closed; // guarded by idle

    SessionCache(Settings.Cache limits, Duration quitWait, Clock clock) {
        this.limits = limits;
        this.quitWait = quitWait;
        this.clock = clock;
    }

    /// Takes the kept connection to this destination that waits for the shortest time and is fit; null if there is none. The server
    /// may have closed it meanwhile.
    @Nullable Session take(String destination, Predicate<Session> fit) {
        synchronized (idle) {
            Deque<Session> sessions = idle.getOrDefault(destination, new ArrayDeque<>());
            for (var all = sessions.descendingIterator(); all.hasNext(); ) {
                Session session = all.next();
                if (fit.test(session)) {
                    all.remove();
                    return session;
                }
            }
            return null;
        }
    }

    /// Keeps a connection for a while, or ends it if it is old or there are too many.
    void give(String destination, Session session) {
        boolean old = session.opened().plus(limits.age()).isBefore(clock.instant());
        if (limits.idle().isZero() || old || session.uses() >= limits.uses()) {
            leave(session);
            return;
        }
        synchronized (idle) {
            Deque<Session> sessions = idle.computeIfAbsent(destination, _ -> new ArrayDeque<>());
            if (closed || sessions.size() >= MAX_PER_DESTINATION) {
                leave(session);
                return;
            }
            sessions.addLast(session);
        }
        Thread.ofVirtual().start(() -> expire(destination, session));
    }

    /// Ends a connection in a thread of its own, so that the caller need not wait.
    void leave(Session session) {
        Thread.ofVirtual().start(() -> session.quit(quitWait));
    }

    void close() {
        synchronized (idle) {
            closed = true;
            idle.values().forEach(sessions -> sessions.forEach(s -> s.quit(Duration.ZERO)));
            idle.clear();
        }
    }

    private void expire(String destination, Session session) {
        int uses = session.uses();
        try {
            Thread.sleep(limits.idle());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean ours;
        synchronized (idle) {
            Deque<Session> sessions = idle.get(destination);
            ours = sessions != null && session.uses() == uses && sessions.remove(session);
            if (sessions != null && sessions.isEmpty()) {
                idle.remove(destination);
            }
        }
        if (ours) {
            session.quit(quitWait);
        }
    }
}
