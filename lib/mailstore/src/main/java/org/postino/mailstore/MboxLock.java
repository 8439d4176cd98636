// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// The locks of an mbox: fcntl on the file, and `FILE.lock`.
///
/// Where the directory may not be written (`/var/mail` for an ordinary user) the first alone must do for a reader, as with the
/// other programs.
final class MboxLock implements Closeable {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Deque<Closeable> held;

    private MboxLock(Deque<Closeable> held) {
        this.held = held;
    }

    /// Waits for all locks of a file opened for reading and writing.
    ///
    /// @throws MailStoreException `IN_USE` after the time
    static MboxLock take(Path file, FileChannel channel, MboxLocking how) throws IOException {
        long deadline = System.nanoTime() + how.timeout().toNanos();
        var dot = new DotLock.Waiting(file, how.stale());
        while (true) {
            var held = new ArrayDeque<Closeable>();
            String missing = "";
            boolean done = false;
            try {
                for (MboxLocking.Kind kind : how.kinds()) {
                    Optional<? extends Closeable> lock =
                            switch (kind) {
                                case FCNTL -> fcntl(channel);
                                case DOTLOCK -> dot(dot, how.dotMayFail());
                            };
                    if (lock.isEmpty()) {
                        missing = kind == MboxLocking.Kind.FCNTL ? file.toString() : dot.name();
                        break;
                    }
                    held.push(lock.get());
                }
                done = missing.isEmpty();
            } finally {
                if (!done) {
                    release(held);
                }
            }
            if (done) {
                return new MboxLock(held);
            }
            if (System.nanoTime() > deadline) {
                throw new MailStoreException(
                        MailStoreException.Problem.IN_USE,
                        "unable to lock for exclusive access: another program holds " + missing);
            }
            DotLock.pause(PAUSE);
        }
    }

    private static Optional<Closeable> fcntl(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock == null
                    ? Optional.empty()
                    : Optional.of(() -> {
                        if (lock.isValid()) {
                            lock.release();
                        }
                    });
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // another session of this process has it
        }
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
        return e instanceof java.nio.file.AccessDeniedException
                ? "Permission denied"
                : String.valueOf(e.getReason());
    }

    private static void release(Deque<Closeable> held) throws IOException {
        while (!held.isEmpty()) {
            held.pop().close();
        }
    }

    @Override
    public void close() throws IOException {
        release(held);
    }
}
