// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.linux.ListenSocket;
import org.postino.suite.Plan;
import org.postino.suite.Program;

/// A row of master.cf at run time: its sockets, the daemon that serves them, the daemons that drain, and the time before which
/// none may be started.
final class ServiceState {
    private static final Duration LONG_LIFE = Duration.ofSeconds(60);
    private static final Duration FIRST_WAKEUP = Duration.ofSeconds(1);

    private final List<Child> children = new ArrayList<>();
    private Plan.Service service;
    private List<ListenSocket> sockets;
    private @Nullable Child current;
    private @Nullable Child outgoing;

    /// The last daemon that was started to take the place of `outgoing`.
    private @Nullable Child successor;

    private boolean successorFailed;
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

    /// Returns all its living daemons, draining ones included.
    List<Child> children() {
        return children;
    }

    /// Returns the daemon that takes connections now; null if there is none.
    @Nullable Child current() {
        return current;
    }

    int starts() {
        return starts;
    }

    boolean isResident() {
        return service.program().kind() == Program.Kind.RESIDENT;
    }

    /// Takes over the changed row of the same name and type.
    void become(Plan.Service changed, List<ListenSocket> its) {
        service = changed;
        sockets = List.copyOf(its);
        failures = 0;
        successor = null;
        successorFailed = false;
        notBefore = System.nanoTime();
    }

    /// True if a daemon may be started now.
    boolean mayStart(long now) {
        boolean alone = service.program().kind() != Program.Kind.ONE || children.isEmpty();
        return current == null && alone && now - notBefore >= 0;
    }

    /// True if no daemon may be started yet because earlier ones failed.
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
        successor = outgoing == null ? null : child;
        children.add(child);
    }

    /// Lets a daemon finish its sessions. If clients wait for its program, it goes on taking connections until its successor, which
    /// is due now, is ready.
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
            successorFailed = false;
            outgoing = child;
            current = null;
        } else {
            child.tell("drain");
            released(child);
        }
    }

    /// True if a retired daemon still takes connections and its successor has not been started.
    boolean isSuccessorDue() {
        return outgoing != null && current == null;
    }

    /// True if a daemon that must go may still accept a connection.
    boolean isSucceeding() {
        return children.stream().anyMatch(child -> child != current && child.mayAccept());
    }

    /// True if the successor of a retired daemon did not come up. It is tried again, and until then the retired one takes connections.
    boolean hasSuccessorFailed() {
        return outgoing != null && successorFailed;
    }

    /// Notes that a daemon is ready for connections. If it is a successor, its predecessor is told to finish.
    void ready(Child child) {
        Child before = outgoing;
        if (child == current && before != null) {
            outgoing = null;
            before.tell("drain");
        }
    }

    /// Notes that a daemon takes no more connections, so that the next one may be started.
    void released(Child child) {
        if (current == child) {
            current = null;
        }
        if (outgoing == child) {
            outgoing = null;
        }
    }

    /// Notes that a daemon has ended.
    ///
    /// @param failed true unless it left in order
    /// @param longest the longest delay of the next start
    /// @return the delay of the next start; zero for none
    Duration ended(Child child, boolean failed, Duration longest, long now) {
        children.remove(child);
        successorFailed |= failed && child == successor && !child.wasReady();
        released(child);
        boolean livedLong = now - child.startedAt() > LONG_LIFE.toNanos();
        if (!failed || livedLong) {
            failures = 0;
        }
        return failed ? delayed(!child.wasReady(), longest, now) : Duration.ZERO;
    }

    /// Notes that a daemon could not be started.
    ///
    /// @param longest the longest delay of the next start
    /// @return the delay of the next start
    Duration failed(Duration longest, long now) {
        successorFailed = true;
        return delayed(true, longest, now);
    }

    /// Counts a failed start or a death, and delays the next start: by one second at first, then by twice as long each time.
    ///
    /// @param atOnce true if the daemon was never ready; otherwise the first death causes no delay
    /// @return the delay, at most `longest`; zero for none
    private Duration delayed(boolean atOnce, Duration longest, long now) {
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

    /// True if its wake-up is due: its time has come, or an earlier one found neither a daemon nor a chance to start one.
    boolean isWakeupDue(long now) {
        return (wakesUp() && now - nextWakeup >= 0) || (owesWakeup && mayStart(now));
    }

    /// Notes that a wake-up found neither a daemon nor a chance to start one. It is made up for as soon as one may be started.
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
