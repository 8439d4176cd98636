// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A lock that one queue manager holds for as long as it lives.
///
/// On a reload two queue managers run side by side for a while: the old one ends its deliveries, the new one already takes
/// new mail. Only the holder of the lock may take the active queue's leftovers for abandoned.
final class OwnerLock implements AutoCloseable {
    private final Path file;
    private @Nullable FileChannel channel;

    OwnerLock(Path file) {
        this.file = file;
    }

    /// Takes the lock if nobody has it; true if it is ours.
    synchronized boolean tryLock() {
        if (channel != null) {
            return true;
        }
        try {
            Path parent = file.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            var c = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (held(c)) {
                channel = c;
                return true;
            }
            c.close();
            return false;
        } catch (IOException e) {
            throw new IllegalStateException("cannot lock " + file + ": " + e, e);
        }
    }

    private static boolean held(FileChannel c) throws IOException {
        try {
            FileLock lock = c.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        FileChannel c = channel;
        channel = null;
        if (c != null) {
            try {
                c.close();
            } catch (IOException e) {
                // the lock goes with the process
            }
        }
    }
}
