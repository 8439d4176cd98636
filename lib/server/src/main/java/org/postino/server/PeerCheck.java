// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postino.linux.PeerUser;
import org.postino.log.EventLog;
import org.postino.log.Severity;

/// Admits only the users listed for this service. Others are disconnected without a word; the log gets one line each ten seconds.
final class PeerCheck {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    /// Everybody may ask.
    static final PeerCheck NONE = new PeerCheck("", null);

    private final String program;
    private final @Nullable Set<Integer> allowed;
    private final AtomicLong lastLine = new AtomicLong(System.nanoTime() - BETWEEN_LINES.toNanos());
    private final AtomicInteger unsaid = new AtomicInteger();

    /// @param allowed the users beside root; null: everybody
    PeerCheck(String program, @Nullable Set<Integer> allowed) {
        this.program = program;
        this.allowed = allowed;
    }

    /// Looks at who is at the other end; may ask the system's name service.
    boolean admits(SocketChannel channel) {
        Set<Integer> users = allowed;
        if (users == null || !isUnix(channel)) {
            return true;
        }
        Optional<PeerUser> peer = PeerUser.of(channel);
        if (peer.isPresent() && (peer.get().uid() == 0 || users.contains(peer.get().uid()))) {
            return true;
        }
        warn(peer);
        return false;
    }

    private static boolean isUnix(SocketChannel channel) {
        try {
            return channel.getLocalAddress() instanceof UnixDomainSocketAddress;
        } catch (IOException e) {
            return true; // closed already; certainly nobody to be admitted
        }
    }

    private void warn(Optional<PeerUser> peer) {
        long now = System.nanoTime();
        long last = lastLine.get();
        if (now - last < BETWEEN_LINES.toNanos() || !lastLine.compareAndSet(last, now)) {
            unsaid.incrementAndGet();
            return;
        }
        int more = unsaid.getAndSet(0);
        EventLog.write(
                program,
                Severity.WARNING,
                "refused a connection from "
                        + peer.map(p -> "user " + p.name() + " (uid " + p.uid() + ")")
                                .orElse("a user the system does not tell")
                        + ", who has no business with this service"
                        + (more == 0 ? "" : "; " + more + " more refused since the last line"));
    }
}
