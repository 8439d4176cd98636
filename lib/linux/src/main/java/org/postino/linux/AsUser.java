// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Work on files as another user, on a thread that the kernel takes for that user.
///
/// Only the file system identity changes (`setfsuid`), only on the one platform thread that this object owns, and only
/// while work runs: a thread that wakes a virtual one may start a carrier for it, which inherits its identity. For the
/// same reason work starts no thread, and takes no lock that virtual threads wait for. The identity is a user and one
/// group, no others.
///
/// In a process that may not take on other ids, and in root's for root itself, work runs in the caller as it is.
public final class AsUser implements AutoCloseable {
    private static final int OWN_UID = Processes.ownUid();
    private static final int OWN_GID = Processes.ownGid();

    private final int uid;
    private final int gid;
    private final boolean direct;
    private final ExecutorService thread;

    private AsUser(int uid, int gid, boolean direct) {
        this.uid = uid;
        this.gid = gid;
        this.direct = direct;
        this.thread =
                Executors.newSingleThreadExecutor(
                        work -> Thread.ofPlatform().daemon().name("uid " + uid).unstarted(work));
    }

    /// File work with a result.
    @FunctionalInterface
    public interface Work<T extends @org.jspecify.annotations.Nullable Object> {
        T run() throws IOException;
    }

    /// Acts as this account, with its primary group.
    public static AsUser of(SystemUser user) {
        return of(user.uid(), user.gid());
    }

    /// Acts as this user and group.
    public static AsUser of(int uid, int gid) {
        boolean rootItself = uid == 0 && OWN_UID == 0;
        return new AsUser(uid, gid, rootItself || !isPossible());
    }

    /// True if this process may act as others: root's, or one that has the capabilities for it.
    public static boolean isPossible() {
        return Capabilities.mayChangeIds();
    }

    /// One piece of work, and the thread is gone again.
    public static <T extends @org.jspecify.annotations.Nullable Object> T once(
            SystemUser user, Work<T> work) throws IOException {
        try (var as = of(user)) {
            return as.call(work);
        }
    }

    /// Does the work as the user and waits for its result; may be called on a virtual thread. What the confinement refuses comes
    /// with a message that says so ([ConfinementRefusal]).
    public <T extends @org.jspecify.annotations.Nullable Object> T call(Work<T> work)
            throws IOException {
        if (direct) {
            return explained(work, OWN_UID, OWN_GID);
        }
        try {
            return thread.submit(() -> asUser(work)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException r -> throw r;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    public int uid() {
        return uid;
    }

    public int gid() {
        return gid;
    }

    @Override
    public void close() {
        thread.shutdown();
    }

    private <T extends @org.jspecify.annotations.Nullable Object> T asUser(Work<T> work)
            throws IOException {
        setGroups(OWN_UID == 0 ? List.of(gid) : List.of());
        try {
            become(uid, gid);
            return explained(work, uid, gid);
        } finally {
            become(OWN_UID, OWN_GID);
        }
    }

    private static <T extends @org.jspecify.annotations.Nullable Object> T explained(
            Work<T> work, int uid, int gid) throws IOException {
        try {
            return work.run();
        } catch (AccessDeniedException e) {
            throw ConfinementRefusal.explained(e, uid, gid);
        }
    }

    /// A few microseconds.
    private static void become(int uid, int gid) throws IOException {
        Libc.syscall(SystemCall.SETFSGID, gid);
        Libc.syscall(SystemCall.SETFSUID, uid);
        // They tell nothing but the id before: ask again to be sure.
        if ((int) Libc.syscall(SystemCall.SETFSUID, -1) != uid
                || (int) Libc.syscall(SystemCall.SETFSGID, -1) != gid) {
            throw new IOException("cannot act as uid " + uid + ", gid " + gid);
        }
    }

    static void setGroups(List<Integer> groups) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocate(ValueLayout.JAVA_INT, Math.max(1, groups.size()));
            for (int i = 0; i < groups.size(); i++) {
                list.setAtIndex(ValueLayout.JAVA_INT, i, groups.get(i));
            }
            long result = Libc.syscall(SystemCall.SETGROUPS, groups.size(), list.address());
            if (result < 0) {
                throw new IOException("setgroups: " + Libc.text((int) -result));
            }
        }
    }
}
