// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Processes that nobody waits for any longer, whose exits must be collected all the same. Safe for use by several threads.
public final class AbandonedProcesses {
    private final Set<Integer> pids = ConcurrentHashMap.newKeySet();

    private final Consumer<String> warnings;

    /// @param warnings takes a sentence for the log about each process that could not be ended
    public AbandonedProcesses(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    /// Tells the log of a process that could not be ended.
    void warn(String text) {
        warnings.accept(text);
    }

    void add(int pid) {
        pids.add(pid);
    }

    /// Collects those that have ended meanwhile.
    public void collect() {
        pids.removeIf(AbandonedProcesses::hasEnded);
    }

    public boolean isEmpty() {
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
