// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postino.linux.Processes;

/// Processes that nobody waits for any longer, whose exits must be collected all the same. Safe for use by several threads.
final class AbandonedProcesses {
    private final Set<Integer> pids = ConcurrentHashMap.newKeySet();

    void add(int pid) {
        pids.add(pid);
    }

    /// Collects those that have ended meanwhile.
    void collect() {
        pids.removeIf(AbandonedProcesses::hasEnded);
    }

    boolean isEmpty() {
        return pids.isEmpty();
    }

    private static boolean hasEnded(int pid) {
        try {
            return Processes.reap(pid).isPresent();
        } catch (IOException e) {
            return true; // no child of ours any more
        }
    }
}
