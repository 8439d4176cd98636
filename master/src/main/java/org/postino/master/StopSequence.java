// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.time.Duration;
import java.util.List;
import org.postino.config.MasterCf;
import org.postino.linux.Processes;

/// The order in which the suite ends: first the rows that serve the network or wake up by time, then the queue manager, then the
/// rows that serve these.
///
/// A group is told to stop when the group before it has gone or has had its time. Daemons that do not go are terminated, then
/// killed.
final class StopSequence {
    /// The longest time for all of it.
    static final Duration LONGEST = Duration.ofSeconds(60);

    private static final Duration GROUP = Duration.ofSeconds(12);
    private static final Duration TERMINATE = Duration.ofSeconds(36);
    private static final Duration KILL = Duration.ofSeconds(40);
    private static final int GROUPS = 3;

    private final long begun;
    private int group = -1;
    private long groupBegun;
    private boolean terminated;
    private boolean killed;

    /// @param now a time of [System#nanoTime()]
    StopSequence(long now) {
        begun = now;
    }

    /// True if a row's group has not been told to stop, so that a daemon may still be started for it: cleanup, say, while smtpd
    /// finishes.
    boolean mayServe(ServiceState state) {
        return groupOf(state) > group;
    }

    /// Tells the next group to stop if it is its turn. Returns true when no daemon is left.
    boolean advance(List<ServiceState> services, long now) {
        while (group < GROUPS - 1 && (isGone(services, now) || group < 0)) {
            group++;
            groupBegun = now;
            tell(services);
        }
        tellLatecomers(services);
        if (!terminated && now - begun > TERMINATE.toNanos()) {
            terminated = true;
            signal(services, Processes.SIGTERM);
        }
        if (!killed && now - begun > KILL.toNanos()) {
            killed = true;
            signal(services, Processes.SIGKILL);
        }
        return group == GROUPS - 1 && services.stream().allMatch(s -> s.children().isEmpty());
    }

    private boolean isGone(List<ServiceState> services, long now) {
        return now - groupBegun > GROUP.toNanos()
                || services.stream().allMatch(s -> groupOf(s) > group || s.children().isEmpty());
    }

    private void tell(List<ServiceState> services) {
        for (ServiceState state : services) {
            if (groupOf(state) <= group) {
                for (Child child : state.children()) {
                    child.tell("stop");
                    state.released(child);
                }
            }
        }
    }

    /// Tells the daemons to stop that were started on demand just before their group's turn.
    private void tellLatecomers(List<ServiceState> services) {
        for (ServiceState state : services) {
            Child current = state.current();
            if (current != null && groupOf(state) <= group) {
                current.tell("stop");
                state.released(current);
            }
        }
    }

    private static void signal(List<ServiceState> services, int signal) {
        for (ServiceState state : services) {
            for (Child child : state.children()) {
                Processes.signal(child.pid(), signal);
            }
        }
    }

    private static int groupOf(ServiceState state) {
        if (state.isResident()) {
            return 1;
        }
        boolean intake =
                state.service().row().type() == MasterCf.Type.INET
                        || state.service().row().wakeup() > 0;
        return intake ? 0 : 2;
    }
}
