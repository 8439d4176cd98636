// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.postino.global.log.Event;
import org.postino.global.log.Severity;
import org.postino.util.Processes;

/// Takes daemons' events into the log, and their deaths.
final class Watch {
    private final LogWriter log;
    private final byte[] buffer = new byte[64 * 1024];

    Watch(LogWriter log) {
        this.log = log;
    }

    /// Writes what a daemon has logged.
    void log(ServiceState state, Child child) throws IOException {
        for (String line : child.logged(buffer)) {
            log.write(state.service().tag(), child.pid(), Event.parse(line));
        }
    }

    /// Collects a daemon that has ended, and says so unless it left in order.
    ///
    /// @param longest how long the next start is held back at most
    void collectExit(ServiceState state, Child child, Duration longest) throws IOException {
        Optional<Processes.Exit> exit = Processes.reap(child.pid());
        if (exit.isEmpty()) {
            return;
        }
        // Its last words; the bound is for a pipe that a child of its own keeps open.
        for (int i = 0; i < 100 && child.areEventsOpen(); i++) {
            log(state, child);
        }
        boolean failed = !exit.get().isSuccess();
        Duration wait = state.ended(child, failed, longest, System.nanoTime());
        child.close();
        if (failed) {
            report(state, child, exit.get(), wait);
        }
    }

    private void report(ServiceState state, Child child, Processes.Exit exit, Duration wait) {
        String how = exit instanceof Processes.Exit.Signal ? "killed by " + exit : exit.toString();
        log.say(
                Severity.WARNING,
                "process " + state.service().row().program() + " pid " + child.pid() + " " + how);
        if (!wait.isZero()) {
            log.say(
                    Severity.WARNING,
                    state.service().name()
                            + ": "
                            + (child.wasReady() ? "repeated failure" : "bad command startup")
                            + " -- throttling for "
                            + wait.toSeconds()
                            + "s");
        }
    }
}
