// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// A file that is open to be locked and for nothing else.
///
/// A lock belongs to this opening of the file (fcntl's open file description locks, flock), not to the process: whatever else the
/// process opens, reads and closes under the same name takes nothing away, and two openings in one process exclude each other as
/// two processes do. POSIX's locks of other programs (`F_SETLK`, `lockf`) conflict with [Kind#FCNTL].
///
/// It ends with [#unlock], with [#close()] or with the process. Not for use by several threads at once.
public final class LockableFile implements Closeable {
    private static final int WRITE_ONLY = 1;
    private static final int CREATE = 0100;

    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final int F_OFD_SETLKW = 38;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;

    /// `struct flock` where `long` has 64 bits: type and whence, start, length (0: to the end, wherever that comes to lie), process.
    private static final int STRUCT_FLOCK = 32;

    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;

    /// The two ways in which the kernel locks a whole file. A file locked in one way can be locked in the other by anybody.
    public enum Kind {
        /// The lock that `fcntl` and `lockf` see.
        FCNTL,
        /// The lock that `flock` sees.
        FLOCK
    }

    private final Path name;
    private final NativeFd fd;
    private boolean closed;

    private LockableFile(Path name, NativeFd fd) {
        this.name = name;
        this.fd = fd;
    }

    /// Opens a file, which must be writable.
    ///
    /// @throws java.nio.file.FileSystemException as the classes of `java.nio.file` throw it: missing, permission denied
    public static LockableFile open(Path file) throws IOException {
        return new LockableFile(file, NativeFd.open(file, WRITE_ONLY, 0));
    }

    /// Opens a file, and makes it where it is missing.
    ///
    /// @param mode its permissions if it is made, less what the mask takes away
    public static LockableFile create(Path file, int mode) throws IOException {
        return new LockableFile(file, NativeFd.open(file, WRITE_ONLY | CREATE, mode));
    }

    /// Opens the file that was looked at.
    ///
    /// @throws java.nio.file.FileSystemException not a regular file, permission denied
    public static LockableFile of(CheckedFile looked) throws IOException {
        return new LockableFile(looked.name(), looked.openNative(WRITE_ONLY));
    }

    /// Goes on with an opening of the file that the program before us has left, and with its locks.
    static LockableFile inherited(Path file, NativeFd fd) {
        return new LockableFile(file, fd);
    }

    /// True if somebody holds the lock of [Kind#FCNTL] on a file, be it another process or another opening in this one.
    ///
    /// @throws java.nio.file.NoSuchFileException there is no such file
    public static boolean isLocked(Path file) throws IOException {
        try (NativeFd fd = NativeFd.open(file, Machine.NOFOLLOW, 0);
                Arena arena = Arena.ofConfined()) {
            MemorySegment wanted = whole(arena, F_WRLCK);
            Libc.check(file.toString(), Libc.Fn.FCNTL, fd.number(), F_OFD_GETLK, wanted.address());
            return wanted.get(ValueLayout.JAVA_SHORT, 0) != F_UNLCK;
        }
    }

    /// Takes the lock if nobody has it; true if it is ours.
    public boolean tryLock(Kind kind) throws IOException {
        long result =
                switch (kind) {
                    case FCNTL -> fcntl(F_OFD_SETLK, F_WRLCK);
                    case FLOCK -> flock(LOCK_EX | LOCK_NB);
                };
        if (result == -Libc.EAGAIN || result == -Libc.EACCES) {
            return false;
        }
        require(result);
        return true;
    }

    /// Waits for the lock, in a system call: for platform threads.
    public void lock(Kind kind) throws IOException {
        require(
                switch (kind) {
                    case FCNTL -> fcntl(F_OFD_SETLKW, F_WRLCK);
                    case FLOCK -> flock(LOCK_EX);
                });
    }

    /// Gives the lock up.
    public void unlock(Kind kind) throws IOException {
        require(
                switch (kind) {
                    case FCNTL -> fcntl(F_OFD_SETLK, F_UNLCK);
                    case FLOCK -> flock(LOCK_UN);
                });
    }

    private long fcntl(int command, short type) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment lock = whole(arena, type);
            long result;
            do {
                result = Libc.call(Libc.Fn.FCNTL, fd.number(), command, lock.address());
            } while (result == -Libc.EINTR);
            return result;
        }
    }

    private static MemorySegment whole(Arena arena, short type) {
        MemorySegment lock = arena.allocate(STRUCT_FLOCK, Long.BYTES);
        lock.set(ValueLayout.JAVA_SHORT, 0, type);
        return lock;
    }

    private long flock(int operation) {
        long result;
        do {
            result = Libc.call(Libc.Fn.FLOCK, fd.number(), operation);
        } while (result == -Libc.EINTR);
        return result;
    }

    private void require(long result) throws IOException {
        if (result < 0) {
            throw new IOException("cannot lock " + name + ": " + Libc.text((int) -result));
        }
    }

    /// True if the name still leads to this file, and not to one that was put in its place.
    public boolean isStill() throws IOException {
        var own = FileStatus.following(Path.of("/proc/self/fd/" + fd.number()));
        var there = FileStatus.following(name);
        return own.device() == there.device() && own.inode() == there.inode();
    }

    /// Gives up every lock, too: explicitly, as a process that is just being started may have the file open for a moment.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (fd) {
            fcntl(F_OFD_SETLK, F_UNLCK);
            flock(LOCK_UN);
        }
    }
}
