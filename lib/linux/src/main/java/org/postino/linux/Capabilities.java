// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;

/// The capability sets of the calling thread; see capabilities(7).
final class Capabilities {
    private static final int VERSION_3 = 0x2008_0522;
    private static final int DATA = 12;
    private static final int LAST_POSSIBLE = 63;
    private static final long SETPCAP = 1L << 8;

    private static final int PR_SET_KEEPCAPS = 8;
    private static final int PR_CAPBSET_READ = 23;
    private static final int PR_CAPBSET_DROP = 24;
    private static final int PR_SET_SECUREBITS = 28;
    private static final int PR_CAP_AMBIENT = 47;
    private static final int AMBIENT_RAISE = 2;
    private static final int AMBIENT_CLEAR_ALL = 4;

    /// Uid 0 means nothing to execve (1), nothing can be made ambient (64); 2 and 128 lock these two. That capabilities survive a
    /// change of ids (16) is not set, but not locked either, since setpriv(1) sets it; it is of use to a uid 0 with
    /// capabilities alone, and no process here is that.
    private static final int SECURE = 1 | 2 | 64 | 128;

    /// As this process was when the first of its threads asked.
    private static final boolean MAY_CHANGE_IDS = ownMayChangeIds();

    private Capabilities() {}

    /// True if this process may take on the ids of others.
    static boolean mayChangeIds() {
        return MAY_CHANGE_IDS;
    }

    private static boolean ownMayChangeIds() {
        long needed = Capability.SETUID.bit() | Capability.SETGID.bit();
        return (current().effective() & needed) == needed;
    }

    /// The three sets of a thread: the capabilities it has now, those it may make effective, and those that pass execve.
    record Sets(long effective, long permitted, long inheritable) {}

    static Sets current() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(2 * DATA, 8);
            long result = Libc.syscall(SystemCall.CAPGET, header(arena).address(), data.address());
            return result < 0
                    ? new Sets(0, 0, 0)
                    : new Sets(get(data, 0), get(data, 4), get(data, 8));
        }
    }

    private static void set(Sets sets) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(2 * DATA, 8);
            put(data, 0, sets.effective());
            put(data, 4, sets.permitted());
            put(data, 8, sets.inheritable());
            long result = Libc.syscall(SystemCall.CAPSET, header(arena).address(), data.address());
            if (result < 0) {
                throw new IOException("capset: " + Libc.text((int) -result));
            }
        }
    }

    /// Nothing but these can be had again by this thread and what it starts. Without the right to (a process that is not
    /// root's) nothing happens: it has no more in its set than it was given.
    static void bound(Set<Capability> kept) {
        long keep = mask(kept);
        for (int i = 0; i <= LAST_POSSIBLE; i++) {
            long has = Libc.call(Libc.Fn.PRCTL, PR_CAPBSET_READ, i);
            if (has < 0) {
                return; // the kernel knows no more
            }
            if (has == 1 && (keep & (1L << i)) == 0) {
                Libc.call(Libc.Fn.PRCTL, PR_CAPBSET_DROP, i);
            }
        }
    }

    /// Lets the permitted set survive the change of ids that follows.
    static void surviveChangeOfIds() throws IOException {
        Libc.check("keep capabilities", Libc.Fn.PRCTL, PR_SET_KEEPCAPS, 1, 0, 0, 0);
    }

    /// Keeps exactly these, and lets them pass execve.
    static void reduceTo(Set<Capability> kept) throws IOException {
        long keep = mask(kept);
        Libc.call(Libc.Fn.PRCTL, PR_CAP_AMBIENT, AMBIENT_CLEAR_ALL, 0, 0, 0);
        long working = current().permitted() & (keep | SETPCAP);
        set(new Sets(working, working, keep));
        for (Capability one : kept) {
            Libc.check(
                    "ambient " + one,
                    Libc.Fn.PRCTL,
                    PR_CAP_AMBIENT,
                    AMBIENT_RAISE,
                    one.number(),
                    0,
                    0);
        }
        if ((working & SETPCAP) != 0) {
            Libc.check("securebits", Libc.Fn.PRCTL, PR_SET_SECUREBITS, SECURE, 0, 0, 0);
        }
        set(new Sets(keep, keep, keep));
    }

    private static long mask(Set<Capability> kept) {
        long mask = 0;
        for (Capability one : kept) {
            mask |= one.bit();
        }
        return mask;
    }

    private static MemorySegment header(Arena arena) {
        MemorySegment header = arena.allocate(8, 8);
        header.set(ValueLayout.JAVA_INT, 0, VERSION_3);
        return header;
    }

    private static long get(MemorySegment data, int offset) {
        long low = Integer.toUnsignedLong(data.get(ValueLayout.JAVA_INT, offset));
        return low | (long) data.get(ValueLayout.JAVA_INT, DATA + offset) << 32;
    }

    private static void put(MemorySegment data, int offset, long set) {
        data.set(ValueLayout.JAVA_INT, offset, (int) set);
        data.set(ValueLayout.JAVA_INT, DATA + offset, (int) (set >>> 32));
    }
}
