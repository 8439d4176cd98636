// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.postino.linux.Processes;
import org.postino.log.LogName;
import org.postino.log.Severity;
import org.postino.log.StampedEvent;

/// Writes the events of daemons, and their deaths, to the log.
///
/// The events of one turn are written in the order in which they happened, not daemon by daemon.
final class DaemonWatch {
    private final LogWriter log;
    private final byte[] buffer = new byte[64 * 1024];
    private final List<Heard> heard = new ArrayList<>();

    private record Heard(LogName name, int pid, StampedEvent event) {}

    DaemonWatch(LogWriter log) {
        this.log = log;
    }

    /// Reads the events of a daemon; [#write()] writes them later.
    void hear(ServiceState state, Child child) throws IOException {
        hear(state.service().logName(), child.pid(), child.logged(buffer));
    }

    void hear(LogName name, int pid, List<String> lines) {
        for (String line : lines) {
            heard.add(new Heard(name, pid, StampedEvent.parse(line)));
        }
    }

    /// Writes the events that were read since the last call.
    void write() {
        heard.sort(Comparator.comparingLong(h -> h.event().micros()));
        heard.forEach(h -> log.write(h.name().as(h.event().program()), h.pid(), h.event().event()));
        heard.clear();
    }

    /// Collects a daemon that has ended, and logs its death unless it left in order.
    ///
    /// @param longest the longest time for which the row's next start may be delayed
    void collectExit(ServiceState state, Child child, Duration longest) throws IOException {
        Optional<Processes.Exit> exit = Processes.reap(child.pid());
        if (exit.isEmpty()) {
            return;
        }
        // Its last words; the bound is for a pipe that a child of its own keeps open.
        for (int i = 0; i < 100 && child.areEventsOpen(); i++) {
            hear(state, child);
        }
        boolean failed = !exit.get().isSuccess();
        Duration wait = state.ended(child, failed, longest, System.nanoTime());
        child.close();
        if (failed) {
            write();
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
