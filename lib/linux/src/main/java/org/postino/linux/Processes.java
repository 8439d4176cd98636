// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Processes by number.
public final class Processes {
    public static final int SIGTERM = 15;
    public static final int SIGKILL = 9;

    private static final int SIGHUP = 1;
    private static final int SIG_IGN = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int P_ALL = 0;
    private static final int SIGINFO = 128;
    private static final int SIGINFO_PID = 16;
    private static final int ESRCH = 3;
    private static final Duration FOREVER = Duration.ofDays(20);

    private Processes() {}

    /// The end of a process: by itself with a status, or by a signal.
    public sealed interface Exit {
        record Status(int code) implements Exit {
            @Override
            public String toString() {
                return "exit status " + code;
            }
        }

        record Signal(int number) implements Exit {
            @Override
            public String toString() {
                return "signal " + number;
            }
        }

        /// True if it ended by itself with status 0.
        default boolean isSuccess() {
            return this instanceof Status(int code) && code == 0;
        }
    }

    /// True if a process with this number runs.
    public static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /// True if there is surely no process with this number: one that may only not be seen from here counts as running.
    public static boolean gone(long pid) {
        return pid > 0 && pid <= Integer.MAX_VALUE && Libc.call(Libc.Fn.KILL, pid, 0) == -ESRCH;
    }

    /// Sends a signal; false if there is no such process or it is not ours to signal.
    public static boolean signal(int pid, int number) {
        return pid > 1 && Libc.call(Libc.Fn.KILL, pid, number) == 0;
    }

    /// Sends a signal to a process group; false if there is none.
    ///
    /// A group that belongs to a user as whom we started a command is signalled as that user: the right to take on ids
    /// is not the right to signal others' processes.
    public static boolean signalGroup(int group, int number) {
        if (group <= 1) {
            return false;
        }
        long result = Libc.call(Libc.Fn.KILL, -(long) group, number);
        if (result == -Libc.EPERM && Capabilities.mayChangeIds()) {
            return signalGroupAsItsUser(group, number);
        }
        return result == 0;
    }

    private static boolean signalGroupAsItsUser(int group, int number) {
        Path leader = Path.of("/proc/" + group);
        try {
            var user =
                    new Credentials(
                            (Integer) Files.getAttribute(leader, "unix:uid"),
                            (Integer) Files.getAttribute(leader, "unix:gid"),
                            List.of());
            return OneShot.call(() -> {
                user.assume();
                return Libc.call(Libc.Fn.KILL, -(long) group, number) == 0;
            });
        } catch (IOException e) {
            return false; // gone meanwhile
        }
    }

    /// Collects a child of ours that has ended; empty while it runs.
    public static Optional<Exit> reap(int pid) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
            int got = Libc.check("waitpid", Libc.Fn.WAITPID, pid, status.address(), WNOHANG);
            return got == 0
                    ? Optional.empty()
                    : Optional.of(exit(status.get(ValueLayout.JAVA_INT, 0)));
        }
    }

    /// A child of ours that has ended and was not collected, whoever started it; it stays uncollected. 0 if there is none.
    public static int ended() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(SIGINFO, 8);
            long got =
                    Libc.call(
                            Libc.Fn.WAITID, P_ALL, 0, info.address(), WEXITED | WNOHANG | WNOWAIT);
            return got < 0 ? 0 : info.get(ValueLayout.JAVA_INT, SIGINFO_PID);
        }
    }

    /// Waits for a child of ours; blocks the thread, so not for virtual ones.
    public static Exit await(int pid) throws IOException {
        return await(pid, FOREVER).orElseThrow();
    }

    /// Waits for a child of ours at most so long; empty if it still runs then.
    public static Optional<Exit> await(int pid, Duration timeout) throws IOException {
        try (NativeFd process = NativeFd.ofProcess(pid)) {
            long end = System.nanoTime() + timeout.toNanos();
            while (true) {
                Optional<Exit> exit = reap(pid);
                long left = end - System.nanoTime();
                if (exit.isPresent() || left <= 0) {
                    return exit;
                }
                Poller.await(List.of(process), Duration.ofNanos(left).plusMillis(1));
            }
        }
    }

    /// The user this process acts as, found without a native call.
    public static int ownUid() {
        return own("unix:uid");
    }

    /// The group this process acts as.
    public static int ownGid() {
        return own("unix:gid");
    }

    /// True if this process is the superuser's.
    public static boolean isRoot() {
        return ownUid() == 0;
    }

    /// Becomes another program; the process number stays. Returns only if that fails.
    ///
    /// @throws IOException why it failed
    public static void become(List<String> arguments) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = arena.allocate(ValueLayout.ADDRESS, arguments.size() + 1L);
            for (int i = 0; i < arguments.size(); i++) {
                table.setAtIndex(ValueLayout.ADDRESS, i, Libc.string(arena, arguments.get(i)));
            }
            MemorySegment path = table.getAtIndex(ValueLayout.ADDRESS, 0);
            Libc.check(arguments.getFirst(), Libc.Fn.EXECV, path.address(), table.address());
        }
    }

    /// Prepares native calls on a thread of its own, so that they are ready when the caller has done something else meanwhile.
    public static void warmUp() {
        Thread.ofPlatform().daemon().name("warm-up").start(Processes::ignoreHangup);
    }

    /// Lets this process live on when its terminal hangs up.
    public static void ignoreHangup() {
        Libc.call(Libc.Fn.SIGNAL, SIGHUP, SIG_IGN);
    }

    /// Points standard input, output and error at `/dev/null`, so that nobody who reads them waits for us any longer.
    public static void closeStandardStreams() throws IOException {
        try (NativeFd nothing = NativeFd.devNull()) {
            for (int fd = 0; fd <= 2; fd++) {
                Libc.check("dup2", Libc.Fn.DUP2, nothing.number(), fd);
            }
        }
    }

    /// Makes this process the leader of a session of its own, free of the terminal it was started from.
    public static void detach() {
        Libc.call(Libc.Fn.SETSID);
    }

    private static int own(String attribute) {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), attribute);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Exit exit(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? new Exit.Status((status >> 8) & 0xff) : new Exit.Signal(signal);
    }
}
