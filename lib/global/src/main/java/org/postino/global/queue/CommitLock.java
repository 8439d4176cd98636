// SPDX-License-Identifier: Apache-2.0

package org.postino.global.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Says of a complete file in `incoming` that it is not on the disk yet, so that nobody delivers what may still be refused.
///
/// Its writer holds the lock from before the mode says that the file is complete until it was flushed, or is gone. When the writer
/// dies the kernel gives the lock up, and what stands there is judged by what reached the disk.
public final class CommitLock {
    private CommitLock() {}

    /// Locks a file that nobody else knows yet; given up by the result, or with the channel.
    public static FileLock take(FileChannel file) throws IOException {
        FileLock lock = file.tryLock();
        if (lock == null) {
            throw new IOException("a new queue file is locked by another process");
        }
        return lock;
    }

    /// Whether a file is being flushed; to be asked after [Spool#ready], not before.
    ///
    /// @throws java.nio.file.NoSuchFileException there is no such file
    public static boolean isHeld(Path path) throws IOException {
        try (var file =
                        FileChannel.open(
                                path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                @Nullable FileLock lock = file.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }
}
