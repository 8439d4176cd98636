// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A user and one group, as whom files are worked on: on a thread that the kernel takes for that user.
///
/// Only the file system identity changes (`setfsuid`), only on platform threads of this class, and only while work runs: a
/// thread that wakes a virtual one may start a carrier for it, which inherits its identity. For the same reason work starts
/// no thread, and takes no lock that virtual threads wait for. The identity is a user and one group, no others.
///
/// Threads belong to nobody: one that is idle takes the next work, whoever's it is, sets the identity for it, asks the kernel
/// whether it has it, and gives it up at the end. There are as many as work runs at once, as one user's work may wait for a lock
/// for minutes and another's must not wait for it. Work that asks for another identity gets it on the same thread, and the first
/// one is set again behind it.
///
/// In a process that may not take on other ids, and in root's for root itself, work runs in the caller as it is.
///
/// A value: it holds no thread, and there is nothing to close.
public final class AsUser {
    private static final int OWN_UID = Processes.ownUid();
    private static final int OWN_GID = Processes.ownGid();

    private final int uid;
    private final int gid;
    private final boolean direct;

    private AsUser(int uid, int gid, boolean direct) {
        this.uid = uid;
        this.gid = gid;
        this.direct = direct;
    }

    /// The threads; made with the first work.
    private static final class Threads {
        private static final Duration IDLE = Duration.ofSeconds(10);

        static final ExecutorService ALL =
                new ThreadPoolExecutor(
                        0,
                        Integer.MAX_VALUE,
                        IDLE.toSeconds(),
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        FileThread::new);

        private Threads() {}
    }

    /// A thread with the identity of a user, or with the process's own while it has no work.
    ///
    /// One that could not give up an identity keeps it noted, and does so before it takes other work.
    private static final class FileThread extends Thread {
        private @Nullable AsUser acting;

        FileThread(Runnable work) {
            super(work, "files");
            setDaemon(true);
        }

        /// Begins with work that came to the idle thread.
        <T extends @Nullable Object> T begin(AsUser as, Work<T> work) throws IOException {
            if (acting != null) {
                become(null);
                acting = null;
            }
            return as.direct ? explained(work, OWN_UID, OWN_GID) : act(as, work);
        }

        /// Begins with work of the process's own.
        <T extends @Nullable Object> T own(Work<T> work) throws IOException {
            if (acting != null) {
                become(null);
                acting = null;
            }
            return work.run();
        }

        /// Does work as a user, and is what it was again.
        <T extends @Nullable Object> T act(AsUser as, Work<T> work) throws IOException {
            AsUser before = acting;
            acting = as;
            try {
                become(as);
                return explained(work, as.uid, as.gid);
            } finally {
                become(before);
                acting = before;
            }
        }

        private static void become(@Nullable AsUser who) throws IOException {
            if (who == null) {
                AsUser.become(OWN_UID, OWN_GID);
                setGroups(Own.GROUPS);
            } else {
                setGroups(OWN_UID == 0 ? List.of(who.gid) : List.of());
                AsUser.become(who.uid, who.gid);
            }
        }
    }

    /// The groups of a thread without work: root's own; none in a process that is not root, which may set no others.
    private static final class Own {
        static final List<Integer> GROUPS = OWN_UID == 0 ? read() : List.of();

        private Own() {}

        private static List<Integer> read() {
            var groups = new ArrayList<Integer>();
            try {
                for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                    if (line.startsWith("Groups:")) {
                        for (String group : line.substring(7).strip().split(" ", -1)) {
                            if (!group.isEmpty()) {
                                groups.add(Integer.parseUnsignedInt(group));
                            }
                        }
                    }
                }
            } catch (IOException e) {
                return List.of(); // without /proc root does without them
            }
            return groups;
        }
    }

    /// File work with a result.
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
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

    /// Does the work as the user and waits for its result; may be called on a virtual thread. What the confinement refuses comes
    /// with a message that says so ([ConfinementRefusal]).
    public <T extends @Nullable Object> T call(Work<T> work) throws IOException {
        if (direct) {
            return explained(work, OWN_UID, OWN_GID);
        }
        return Thread.currentThread() instanceof FileThread here
                ? here.act(this, work)
                : elsewhere(work);
    }

    /// As [#call], and never on the caller's thread: for work that waits long for the disk, as many virtual threads that wait for it
    /// would keep all others from running.
    public <T extends @Nullable Object> T callElsewhere(Work<T> work) throws IOException {
        return elsewhere(work);
    }

    private <T extends @Nullable Object> T elsewhere(Work<T> work) throws IOException {
        try {
            return Threads.ALL
                    .submit(() -> ((FileThread) Thread.currentThread()).begin(this, work))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw cause(e);
        }
    }

    /// Does work that acts as this user time and again ([#call]), on a thread where that needs no other thread: the work itself is the
    /// process's own, and may wait for a client. Returns when it is done, even to a thread that was interrupted.
    public <T extends @Nullable Object> T together(Work<T> work) throws IOException {
        if (direct || Thread.currentThread() instanceof FileThread) {
            return work.run();
        }
        Future<T> done = Threads.ALL.submit(() -> ((FileThread) Thread.currentThread()).own(work));
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return done.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw cause(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException cause(ExecutionException e) {
        return switch (e.getCause()) {
            case IOException io -> io;
            case RuntimeException r -> throw r;
            case Error error -> throw error;
            case null, default -> throw new IllegalStateException(e);
        };
    }

    public int uid() {
        return uid;
    }

    public int gid() {
        return gid;
    }

    private static <T extends @Nullable Object> T explained(Work<T> work, int uid, int gid)
            throws IOException {
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
