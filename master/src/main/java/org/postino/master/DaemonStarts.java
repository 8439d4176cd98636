// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.postino.config.MainParams;
import org.postino.log.Severity;

/// Starts daemons: those that run always, successors, those whose time to wake up has come, and one for a client.
///
/// A row whose daemon cannot be started waits for a while, at most `service_throttle_time`. A wake-up that falls into the wait
/// is made up for at its end.
final class DaemonStarts {
    private final Rows rows;
    private final FileRenewal renewal;
    private final LogWriter log;

    DaemonStarts(Rows rows, FileRenewal renewal, LogWriter log) {
        this.rows = rows;
        this.renewal = renewal;
        this.log = log;
    }

    /// Checks the files that were handed to daemons, then starts the daemons that need no client.
    ///
    /// @param stopping true if the suite ends: then daemons are started for clients only
    void startWhatIsDue(boolean stopping) {
        long now = System.nanoTime();
        renewal.check(rows.inForce(), rows.launcher().sealedFiles(), now);
        for (ServiceState state : stopping ? List.<ServiceState>of() : rows.inForce()) {
            if ((state.isResident() || state.isSuccessorDue()) && state.mayStart(now)) {
                start(state);
            }
            if (state.isWakeupDue(now)) {
                wakeUp(state, now);
            }
        }
    }

    /// Wakes up the rows of a program.
    void wakeUp(String program) {
        long now = System.nanoTime();
        for (ServiceState state : rows.inForce()) {
            if (state.service().row().program().equals(program)) {
                wakeUp(state, now);
            }
        }
    }

    private void wakeUp(ServiceState state, long now) {
        state.wokenUp(now);
        Child current = state.current();
        if (current != null) {
            current.tell("wakeup");
        } else if (state.mayStart(now)) {
            start(state);
        } else {
            state.oweWakeup();
        }
    }

    /// Starts a row's daemon. If it cannot be started, the row waits.
    void start(ServiceState state) {
        long now = System.nanoTime();
        try {
            var child = new Child(rows.launcher().start(state.service(), state.sockets()), now);
            state.started(child);
            renewal.watch(child);
        } catch (IOException e) {
            Duration wait = state.failed(throttleTime(), now);
            log.say(
                    Severity.WARNING,
                    "cannot start "
                            + state.service().row().program()
                            + " for service "
                            + state.service().name()
                            + ": "
                            + e.getMessage()
                            + "; next try in "
                            + wait.toSeconds()
                            + "s");
        }
    }

    /// Returns the longest wait of a row whose daemon failed.
    Duration throttleTime() {
        return rows.plan().config().get(MainParams.SERVICE_THROTTLE_TIME);
    }
}
