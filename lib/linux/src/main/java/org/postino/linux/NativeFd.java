// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/// A file descriptor that Java's own classes do not know: close-on-exec, closed once.
public final class NativeFd implements Closeable {
    static final int CLOEXEC = 02000000;
    private static final int NONBLOCK = 04000;
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int ENOTDIR = 20;
    private static final int ELOOP = 40;
    private static final int ECONNRESET = 104;

    private final int number;
    private boolean closed;

    NativeFd(int number) {
        this.number = number;
    }

    /// Two ends that belong together.
    public record Pair(NativeFd first, NativeFd second) {}

    /// A pipe: `first` is read, `second` is written.
    public static Pair pipe() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fds = arena.allocate(ValueLayout.JAVA_INT, 2);
            Libc.check("pipe", Libc.Fn.PIPE2, fds.address(), CLOEXEC);
            return pair(fds);
        }
    }

    /// Two connected stream sockets.
    public static Pair socketPair() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fds = arena.allocate(ValueLayout.JAVA_INT, 2);
            Libc.check(
                    "socketpair",
                    Libc.Fn.SOCKETPAIR,
                    AF_UNIX,
                    SOCK_STREAM | CLOEXEC,
                    0,
                    fds.address());
            return pair(fds);
        }
    }

    /// `/dev/null`, open for reading and writing.
    public static NativeFd devNull() throws IOException {
        return open(Path.of("/dev/null"), 2, 0);
    }

    /// Opens a file by its name.
    ///
    /// @param mode the permissions of one that is made
    /// @throws FileSystemException as the classes of `java.nio.file` throw it: missing, not a directory, permission denied
    static NativeFd open(Path file, int flags, int mode) throws IOException {
        String name = file.toString();
        long got;
        try (Arena arena = Arena.ofConfined()) {
            got =
                    Libc.call(
                            Libc.Fn.OPEN,
                            Libc.string(arena, file).address(),
                            (long) flags | CLOEXEC,
                            mode);
        }
        if (got >= 0) {
            return new NativeFd((int) got);
        }
        throw switch ((int) -got) {
            case Libc.ENOENT -> new NoSuchFileException(name);
            case Libc.EACCES -> new AccessDeniedException(name);
            case ENOTDIR -> new NotDirectoryException(name);
            case ELOOP -> new FileSystemLoopException(name);
            default -> new FileSystemException(name, null, Libc.text((int) -got));
        };
    }

    /// The next connection on a listening socket, whose descriptor must be readable.
    public NativeFd accept() throws IOException {
        return new NativeFd(
                Libc.check("accept", Libc.Fn.ACCEPT4, number, 0, 0, CLOEXEC | NONBLOCK));
    }

    /// A descriptor that becomes readable when the process has ended.
    public static NativeFd ofProcess(int pid) throws IOException {
        long fd = Libc.syscall(SystemCall.PIDFD_OPEN, pid, 0);
        if (fd < 0) {
            throw new IOException("process " + pid + ": " + Libc.text((int) -fd));
        }
        return new NativeFd((int) fd);
    }

    private static Pair pair(MemorySegment fds) {
        return new Pair(
                new NativeFd(fds.getAtIndex(ValueLayout.JAVA_INT, 0)),
                new NativeFd(fds.getAtIndex(ValueLayout.JAVA_INT, 1)));
    }

    public int number() {
        return number;
    }

    /// True until [#close()] is called.
    public boolean isOpen() {
        return !closed;
    }

    /// Lets reads and writes return at once when there is nothing to do.
    public void nonBlocking() throws IOException {
        Libc.check("fcntl", Libc.Fn.FCNTL, number, F_SETFL, NONBLOCK);
    }

    /// Reads what there is: the number of bytes, 0 when there is nothing now, -1 at the end.
    public int read(byte[] into) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(into.length);
            long n = Libc.call(Libc.Fn.READ, number, buffer.address(), into.length);
            if (n == -Libc.EAGAIN || n == -Libc.EINTR) {
                return 0;
            }
            if (n == -ECONNRESET) {
                return -1; // the other end went without reading what we had said
            }
            if (n < 0) {
                throw new IOException("read: " + Libc.text((int) -n));
            }
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, 0, (int) n);
            return n == 0 ? -1 : (int) n;
        }
    }

    /// Writes bytes in one call; false if the other end is gone or takes no more.
    public boolean write(byte[] data) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocateFrom(ValueLayout.JAVA_BYTE, data);
            return Libc.call(Libc.Fn.WRITE, number, buffer.address(), data.length) == data.length;
        }
    }

    /// Gives the same open file a second descriptor, with a number not below `atLeast`.
    NativeFd copyAbove(int atLeast) throws IOException {
        return new NativeFd(Libc.check("dup", Libc.Fn.FCNTL, number, F_DUPFD_CLOEXEC, atLeast));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Libc.call(Libc.Fn.CLOSE, number);
        }
    }

    @Override
    public String toString() {
        return "fd " + number;
    }
}
