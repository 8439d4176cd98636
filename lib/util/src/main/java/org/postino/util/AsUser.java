// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Work on files as another user, on a thread that the kernel takes for that user.
///
/// Only the file system identity changes (`setfsuid`), only on the one platform thread that this object owns, and never
/// back. Work must not start threads that outlive it: they would inherit the identity. In a process that is not root's,
/// or for root itself, work runs in the caller as it is.
public final class AsUser implements AutoCloseable {
    private final int uid;
    private final int gid;
    private final List<Integer> groups;
    private final boolean direct;
    private final ExecutorService thread;

    private AsUser(int uid, int gid, List<Integer> groups, boolean direct) {
        this.uid = uid;
        this.gid = gid;
        this.groups = groups;
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

    /// Acts as this account, with all its groups.
    public static AsUser of(SystemUser user) {
        return new AsUser(user.uid(), user.gid(), Users.groupsOf(user), direct(user.uid()));
    }

    /// Acts as this user and group, without other groups.
    public static AsUser of(int uid, int gid) {
        return new AsUser(uid, gid, List.of(gid), direct(uid));
    }

    /// One piece of work, and the thread is gone again.
    public static <T extends @org.jspecify.annotations.Nullable Object> T once(
            SystemUser user, Work<T> work) throws IOException {
        try (var as = of(user)) {
            return as.call(work);
        }
    }

    /// Does the work as the user and waits for its result; may be called on a virtual thread.
    public <T extends @org.jspecify.annotations.Nullable Object> T call(Work<T> work)
            throws IOException {
        if (direct) {
            return work.run();
        }
        try {
            return thread.submit(
                            () -> {
                                become();
                                return work.run();
                            })
                    .get();
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

    private static boolean direct(int uid) {
        return uid == 0 || !Processes.isRoot();
    }

    /// Idempotent; eight microseconds.
    private void become() throws IOException {
        setGroups(groups);
        Libc.syscall(Machine.SETFSGID, gid);
        Libc.syscall(Machine.SETFSUID, uid);
        // setfsuid tells nothing but the id before: ask again to be sure.
        if ((int) Libc.syscall(Machine.SETFSUID, -1) != uid
                || (int) Libc.syscall(Machine.SETFSGID, -1) != gid) {
            throw new IOException("cannot act as uid " + uid + ", gid " + gid);
        }
    }

    static void setGroups(List<Integer> groups) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocate(ValueLayout.JAVA_INT, Math.max(1, groups.size()));
            for (int i = 0; i < groups.size(); i++) {
                list.setAtIndex(ValueLayout.JAVA_INT, i, groups.get(i));
            }
            long result = Libc.syscall(Machine.SETGROUPS, groups.size(), list.address());
            if (result < 0) {
                throw new IOException("setgroups: " + Libc.text((int) -result));
            }
        }
    }
}
