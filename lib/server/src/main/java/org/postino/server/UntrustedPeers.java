// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.postino.ipc.IpcConnection;
import org.postino.linux.PeerUser;
import org.postino.log.EventLog;
import org.postino.log.Severity;

/// Bounds the users from outside the suite at a service that is open to all: few connections at a time, small requests, little patience.
///
/// Safe for use by several threads.
final class UntrustedPeers {
    /// Connections of one user at a time, and of all strangers together.
    static final int EACH = 4;

    static final int ALL = 12;

    /// The longest record of a stranger: no public request needs a tenth of it.
    static final int RECORD = 4096;

    /// The time that a stranger may keep us waiting.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final String program;
    private final Predicate<PeerUser> ofSuite;
    private final Map<Integer, Integer> held = new HashMap<>();
    private int all;
    private long lastLine = System.nanoTime() - BETWEEN_LINES.toNanos();

    /// @param ofSuite who is no stranger
    UntrustedPeers(String program, Predicate<PeerUser> ofSuite) {
        this.program = program;
        this.ofSuite = ofSuite;
    }

    /// Serves a connection, within the limits if a stranger is at the other end.
    void serve(IpcConnection c, RequestServer.Service service) throws IOException {
        Optional<PeerUser> peer = c.peer();
        if (peer.isPresent() && ofSuite.test(peer.get())) {
            service.serve(c);
            return;
        }
        int uid = peer.map(PeerUser::uid).orElse(-1);
        if (!enter(uid)) {
            return;
        }
        try {
            c.limitRecords(RECORD);
            c.timeout(PATIENCE);
            service.serve(c);
        } finally {
            leave(uid);
        }
    }

    /// True if there is room for one more connection of that user, which is taken then.
    synchronized boolean enter(int uid) {
        if (all >= ALL || held.getOrDefault(uid, 0) >= EACH) {
            warn(uid);
            return false;
        }
        held.merge(uid, 1, Integer::sum);
        all++;
        return true;
    }

    synchronized void leave(int uid) {
        held.computeIfPresent(uid, (u, n) -> n == 1 ? null : n - 1);
        all--;
    }

    private void warn(int uid) {
        long now = System.nanoTime();
        if (now - lastLine >= BETWEEN_LINES.toNanos()) {
            lastLine = now;
            EventLog.write(
                    program,
                    Severity.WARNING,
                    "refused a connection from uid "
                            + Integer.toUnsignedString(uid)
                            + ": too many connections of users");
        }
    }
}
