// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.time.Duration;
import java.util.function.IntPredicate;
import org.postino.linux.Processes;

/// As process 1 of a container master inherits every process whose parent has gone, and must collect it when it ends.
final class Orphans {
    /// How long one that has ended may stay in the process table.
    static final Duration LONGEST_STAY = Duration.ofSeconds(5);

    private static final int AT_ONCE = 100;

    private Orphans() {}

    static boolean areOurs() {
        return ProcessHandle.current().pid() == 1;
    }

    /// Collects those that have ended now.
    ///
    /// @param daemon whether a process is one of master's own, whose end somebody else awaits
    static void collect(IntPredicate daemon) throws IOException {
        for (int i = 0; i < AT_ONCE; i++) {
            int pid = Processes.ended();
            if (pid == 0 || daemon.test(pid)) {
                return; // a daemon's end is dealt with in this turn, and the rest in the next
            }
            Processes.reap(pid);
        }
    }
}
