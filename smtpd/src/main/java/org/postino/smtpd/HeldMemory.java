// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.concurrent.atomic.AtomicLong;

/// The memory in which messages wait until they are complete: bounded for each, and for all sessions together. Safe for use by several
/// threads.
final class HeldMemory {
    private static final int PART_OF_ALL = 4;
    private static final int PART_OF_ONE = 8;
    private static final long MOST_OF_ONE = 4L << 20;

    private final long all;
    private final long each;
    private final AtomicLong used = new AtomicLong();

    /// @param all bytes for all messages
    /// @param each bytes for one
    HeldMemory(long all, long each) {
        this.all = all;
        this.each = each;
    }

    /// A quarter of what the Java machine may use, and an eighth of that for each message, but not more than 4 MB.
    static HeldMemory ofMachine() {
        long all = Runtime.getRuntime().maxMemory() / PART_OF_ALL;
        return new HeldMemory(all, Math.min(all / PART_OF_ONE, MOST_OF_ONE));
    }

    /// A quarter of what the Java machine may use, of which a message may take so much, as far as it is there.
    static HeldMemory ofMachine(long each) {
        return new HeldMemory(Runtime.getRuntime().maxMemory() / PART_OF_ALL, each);
    }

    /// Takes memory for a message that holds some already; false if there is none left.
    boolean take(long more, long held) {
        if (held + more > each) {
            return false;
        }
        if (used.addAndGet(more) > all) {
            used.addAndGet(-more);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    /// The bytes that are taken.
    long used() {
        return used.get();
    }
}
