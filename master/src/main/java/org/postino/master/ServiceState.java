// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.linux.ListenSocket;
import org.postino.suite.Plan;
import org.postino.suite.Program;

/// A row of master.cf at run time: its sockets, the daemon that serves them, those that drain, and when the next may start.
final class ServiceState {
    private static final Duration LONG_LIFE = Duration.ofSeconds(60);
    private static final Duration FIRST_WAKEUP = Duration.ofSeconds(1);

    private final List<Child> children = new ArrayList<>();
    private Plan.Service service;
    private List<ListenSocket> sockets;
    private @Nullable Child current;
    private @Nullable Child outgoing;
    private boolean used;
    private int starts;
    private int failures;
    private long notBefore = System.nanoTime();
    private long nextWakeup;
    private boolean owesWakeup;

    ServiceState(Plan.Service service, List<ListenSocket> sockets) {
        this.service = service;
        this.sockets = List.copyOf(sockets);
        this.nextWakeup = System.nanoTime() + FIRST_WAKEUP.toNanos();
    }

    Plan.Service service() {
        return service;
    }

    List<ListenSocket> sockets() {
        return sockets;
    }

    /// All its daemons that live, draining ones too.
    List<Child> children() {
        return children;
    }

    /// The daemon that takes connections now.
    @Nullable Child current() {
        return current;
    }

    int starts() {
        return starts;
    }

    boolean isResident() {
        return service.program().kind() == Program.Kind.RESIDENT;
    }

    /// Takes over a changed row of the same name.
    void become(Plan.Service changed, List<ListenSocket> its) {
        service = changed;
        sockets = List.copyOf(its);
        failures = 0;
        notBefore = System.nanoTime();
    }

    /// Whether a daemon may be started now.
    boolean mayStart(long now) {
        boolean alone = service.program().kind() != Program.Kind.ONE || children.isEmpty();
        return current == null && alone && now - notBefore >= 0;
    }

    /// Whether starts are being held back because earlier ones failed.
    boolean isThrottled(long now) {
        return current == null && now - notBefore < 0;
    }

    long notBefore() {
        return notBefore;
    }

    void started(Child child) {
        starts++;
        used = true;
        owesWakeup = false;
        current = child;
        children.add(child);
    }

    /// Lets a daemon finish what it has. One that clients wait for takes connections until its successor, which is due now, is
    /// ready.
    void retire(Child child) {
        if (child == outgoing) {
            return;
        }
        boolean stays =
                child == current
                        && outgoing == null
                        && child.phase() == Child.Phase.RUNNING
                        && service.program().isAwaited();
        if (stays) {
            outgoing = child;
            current = null;
        } else {
            child.tell("drain");
            released(child);
        }
    }

    /// Whether a daemon takes connections only until its successor is there.
    boolean isSuccessorDue() {
        return outgoing != null && current == null;
    }

    /// Whether a daemon that is to go may still accept a connection.
    boolean isSucceeding() {
        return children.stream().anyMatch(child -> child != current && child.mayAccept());
    }

    /// A daemon is ready for connections.
    void ready(Child child) {
        Child before = outgoing;
        if (child == current && before != null) {
            outgoing = null;
            before.tell("drain");
        }
    }

    /// The current daemon takes no more connections; the next one may.
    void released(Child child) {
        if (current == child) {
            current = null;
        }
        if (outgoing == child) {
            outgoing = null;
        }
    }

    /// A daemon has ended.
    ///
    /// @param failed whether otherwise than by leaving in order
    /// @return how long the next start is held back; zero if not at all
    Duration ended(Child child, boolean failed, Duration longest, long now) {
        children.remove(child);
        released(child);
        boolean livedLong = now - child.startedAt() > LONG_LIFE.toNanos();
        if (!failed || livedLong) {
            failures = 0;
        }
        return failed ? failed(!child.wasReady(), longest, now) : Duration.ZERO;
    }

    /// A start failed, or a daemon died: the first death of one that had worked is forgiven, then waits double.
    Duration failed(boolean atOnce, Duration longest, long now) {
        failures++;
        int step = atOnce ? failures : failures - 1;
        if (step == 0) {
            return Duration.ZERO;
        }
        Duration wait = Duration.ofSeconds(1L << Math.min(step - 1, 10));
        wait = wait.compareTo(longest) > 0 ? longest : wait;
        notBefore = now + wait.toNanos();
        return wait;
    }

    /// Whether its wake-up is due: by time, or since nobody could be woken up when there was work.
    boolean isWakeupDue(long now) {
        return (wakesUp() && now - nextWakeup >= 0) || (owesWakeup && mayStart(now));
    }

    /// There is work, and neither a daemon nor leave to start one.
    void oweWakeup() {
        owesWakeup = true;
    }

    boolean wakesUp() {
        return service.row().wakeup() > 0 && (used || !service.row().wakeupOnlyAfterUse());
    }

    long nextWakeup() {
        return nextWakeup;
    }

    void wokenUp(long now) {
        nextWakeup = now + Duration.ofSeconds(service.row().wakeup()).toNanos();
    }
}
