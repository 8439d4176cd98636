// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Waits until one of several descriptors can be read, as `poll(2)`.
public final class Poller {
    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;

    private Poller() {}

    /// The positions in `fds` of those that are readable or at their end; empty after `timeout`.
    public static List<Integer> await(List<NativeFd> fds, Duration timeout) throws IOException {
        return await(fds, POLLIN, timeout);
    }

    /// True if a descriptor takes data within this time; also true if its other end is gone, which a write will tell.
    public static boolean awaitRoom(NativeFd fd, Duration timeout) throws IOException {
        return !await(List.of(fd), POLLOUT, timeout).isEmpty();
    }

    private static List<Integer> await(List<NativeFd> fds, int event, Duration timeout)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = arena.allocate(8L * Math.max(1, fds.size()), 4);
            for (int i = 0; i < fds.size(); i++) {
                table.set(ValueLayout.JAVA_INT, 8L * i, fds.get(i).number());
                table.set(ValueLayout.JAVA_SHORT, 8L * i + 4, (short) event);
            }
            long millis = Math.clamp(timeout.toMillis(), 0, Integer.MAX_VALUE);
            long n = Libc.call(Libc.Fn.POLL, table.address(), fds.size(), millis);
            if (n < 0 && n != -Libc.EINTR) {
                throw new IOException("poll: " + Libc.text((int) -n));
            }
            var ready = new ArrayList<Integer>();
            for (int i = 0; n > 0 && i < fds.size(); i++) {
                if (table.get(ValueLayout.JAVA_SHORT, 8L * i + 6) != 0) {
                    ready.add(i);
                }
            }
            return ready;
        }
    }
}
