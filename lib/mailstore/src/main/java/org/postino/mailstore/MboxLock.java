// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.postino.linux.CheckedFile;
import org.postino.linux.LockableFile;

/// The locks of an mbox: fcntl and flock on the file, and `FILE.lock`.
///
/// The kernel's belong to a descriptor of their own ([LockableFile]), so that nothing else that this process opens and closes
/// takes them away, and deliveries and sessions of one process exclude each other as those of two do.
///
/// Where the directory may not be written (`/var/mail` for an ordinary user) the kernel's alone must do for a reader, as with the
/// other programs.
final class MboxLock implements Closeable {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final LockableFile file;
    private final Deque<Closeable> held = new ArrayDeque<>();

    private MboxLock(LockableFile file) {
        this.file = file;
    }

    /// Waits for all locks of a file, which must be writable.
    ///
    /// @throws MailStoreException `IN_USE` after the time
    static MboxLock take(Path path, CheckedFile looked, MboxLocking how, Clock clock)
            throws IOException {
        long deadline = System.nanoTime() + how.timeout().toNanos();
        var dot = new DotLock.Waiting(path, how.stale(), clock);
        var lock = new MboxLock(LockableFile.of(looked));
        boolean done = false;
        try {
            Optional<MboxLocking.Kind> missing = lock.attempt(how, dot);
            while (missing.isPresent()) {
                if (System.nanoTime() > deadline) {
                    Object name = missing.get() == MboxLocking.Kind.DOTLOCK ? dot.name() : path;
                    throw new MailStoreException(
                            MailStoreException.Problem.IN_USE,
                            "unable to lock for exclusive access: another program holds " + name);
                }
                DotLock.pause(PAUSE);
                missing = lock.attempt(how, dot);
            }
            done = true;
            return lock;
        } finally {
            if (!done) {
                lock.close();
            }
        }
    }

    /// Takes all or none; which one was not to be had.
    private Optional<MboxLocking.Kind> attempt(MboxLocking how, DotLock.Waiting dot)
            throws IOException {
        for (MboxLocking.Kind kind : how.kinds()) {
            Optional<? extends Closeable> got =
                    switch (kind) {
                        case FCNTL -> kernel(LockableFile.Kind.FCNTL);
                        case FLOCK -> kernel(LockableFile.Kind.FLOCK);
                        case DOTLOCK -> dot(dot, how.dotMayFail());
                    };
            if (got.isEmpty()) {
                release();
                return Optional.of(kind);
            }
            held.push(got.get());
        }
        return Optional.empty();
    }

    private Optional<Closeable> kernel(LockableFile.Kind kind) throws IOException {
        return file.tryLock(kind) ? Optional.of(() -> file.unlock(kind)) : Optional.empty();
    }

    private static Optional<? extends Closeable> dot(DotLock.Waiting dot, boolean mayFail)
            throws IOException {
        try {
            return dot.attempt();
        } catch (NoSuchFileException e) {
            return Optional.empty(); // gone between two looks
        } catch (FileSystemException e) {
            if (mayFail) {
                return Optional.of(() -> {});
            }
            throw new FileSystemException(dot.name(), null, "cannot make the lock file: " + why(e));
        }
    }

    private static String why(FileSystemException e) {
        return e instanceof AccessDeniedException
                ? "Permission denied"
                : String.valueOf(e.getReason());
    }

    private void release() throws IOException {
        while (!held.isEmpty()) {
            held.pop().close();
        }
    }

    @Override
    public void close() throws IOException {
        try (file) {
            release();
        }
    }
}
