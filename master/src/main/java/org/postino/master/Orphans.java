// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.time.Duration;
import java.util.function.IntPredicate;
import org.postino.linux.Processes;

/// The processes that master inherits as process 1 of a container, because their parents have gone. It must collect them when they
/// end.
final class Orphans {
    /// A process that has ended stays in the process table for so long at most.
    static final Duration LONGEST_STAY = Duration.ofSeconds(5);

    private static final int AT_ONCE = 100;

    private Orphans() {}

    static boolean areOurs() {
        return ProcessHandle.current().pid() == 1;
    }

    /// Collects the processes that have ended.
    ///
    /// @param daemon true for a process that is a daemon of master's, whose end [DaemonWatch] awaits
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
