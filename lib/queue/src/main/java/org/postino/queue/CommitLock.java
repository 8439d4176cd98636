// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;
import java.nio.file.Path;
import org.postino.linux.LockableFile;

/// Says of a complete file in `incoming` that it is not on the disk yet, so that nobody delivers what may still be refused.
///
/// Its writer holds the lock from before the mode says that the file is complete until it was flushed, or is gone. When the writer
/// dies the kernel gives the lock up, and what stands there is judged by what reached the disk.
public final class CommitLock {
    private CommitLock() {}

    /// Locks a file that nobody else knows yet; given up when the result is closed.
    public static LockableFile take(Path file) throws IOException {
        var lock = LockableFile.open(file);
        if (lock.tryLock(LockableFile.Kind.FCNTL)) {
            return lock;
        }
        lock.close();
        throw new IOException("a new queue file is locked by another process");
    }

    /// True while a file is being flushed. Ask [Spool#ready] first: a file that is not ready yet may not be locked yet either.
    ///
    /// @throws java.nio.file.NoSuchFileException there is no such file
    public static boolean isHeld(Path path) throws IOException {
        return LockableFile.isLocked(path);
    }
}
