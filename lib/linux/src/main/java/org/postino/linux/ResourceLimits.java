// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/// The limits of the system's resources for a process; see getrlimit(2).
///
/// @param most for each resource the most it may have; what is not named stays
public record ResourceLimits(Map<Resource, Long> most) {
    public static final ResourceLimits NONE = new ResourceLimits(Map.of());

    public ResourceLimits {
        most = Map.copyOf(most);
    }

    /// Something that is limited.
    public enum Resource {
        /// The size of a core file in bytes: a JVM's memory is full of mail and passwords.
        CORE(4),
        /// Processes and threads of the same user.
        PROCESSES(6),
        /// Open files.
        FILES(7);

        private final int number;

        Resource(int number) {
            this.number = number;
        }
    }

    /// Lowers the limits of a process; one that is lower already, or that we may not change, stays.
    void apply(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(16, 8);
            most.forEach((resource, limit) -> lower(pair, pid, resource, limit));
        }
    }

    private static void lower(MemorySegment pair, int pid, Resource resource, long limit) {
        if (Libc.syscall(SystemCall.PRLIMIT64, pid, resource.number, 0, pair.address()) < 0) {
            return;
        }
        long hard = pair.get(ValueLayout.JAVA_LONG, 8);
        if (Long.compareUnsigned(limit, hard) < 0) {
            pair.set(ValueLayout.JAVA_LONG, 0, limit);
            pair.set(ValueLayout.JAVA_LONG, 8, limit);
            Libc.syscall(SystemCall.PRLIMIT64, pid, resource.number, pair.address(), 0);
        }
    }
}
