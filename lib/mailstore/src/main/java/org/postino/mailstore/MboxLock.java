// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The locks of an mbox in the order that Postfix, Dovecot and Debian's policy agree on: fcntl on the file, then `FILE.lock`.
///
/// Where the directory may not be written (`/var/mail` for an ordinary user) the first alone must do, as with the others.
final class MboxLock implements Closeable {
    private static final Duration STALE = Duration.ofSeconds(500);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final FileLock fcntl;
    private final @Nullable DotLock dot;

    private MboxLock(FileLock fcntl, @Nullable DotLock dot) {
        this.fcntl = fcntl;
        this.dot = dot;
    }

    /// Waits for both locks of a file opened for reading and writing.
    ///
    /// @throws MailStoreException `IN_USE` after `timeout`
    static MboxLock take(Path file, FileChannel channel, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        FileLock lock = fcntl(file, channel, deadline);
        boolean done = false;
        try {
            Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
            var both = new MboxLock(lock, dot(file, left));
            done = true;
            return both;
        } finally {
            if (!done) {
                lock.release();
            }
        }
    }

    private static FileLock fcntl(Path file, FileChannel channel, long deadline)
            throws IOException {
        while (true) {
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException e) {
                // Another session of this process has it: wait as for others.
            }
            if (System.nanoTime() > deadline) {
                throw new MailStoreException(
                        MailStoreException.Problem.IN_USE,
                        "Timeout while waiting for lock on " + file);
            }
            DotLock.pause(PAUSE);
        }
    }

    private static @Nullable DotLock dot(Path file, Duration timeout) throws IOException {
        try {
            return DotLock.take(file, timeout, STALE);
        } catch (AccessDeniedException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (dot != null) {
                dot.close();
            }
        } finally {
            if (fcntl.isValid()) {
                fcntl.release();
            }
        }
    }
}
