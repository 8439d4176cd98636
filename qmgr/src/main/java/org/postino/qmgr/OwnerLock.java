// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.postino.linux.LockableFile;

/// A lock that one queue manager holds for as long as it lives.
///
/// On a reload two queue managers run side by side for a while: the old one ends its deliveries, the new one already takes
/// new mail. Only the holder of the lock may take the active queue's leftovers for abandoned.
final class OwnerLock implements AutoCloseable {
    private static final int EVERYBODY_READS = 0644;

    private final Path file;
    private @Nullable LockableFile lock;

    OwnerLock(Path file) {
        this.file = file;
    }

    /// Takes the lock if nobody has it; true if it is ours.
    synchronized boolean tryLock() {
        if (lock != null) {
            return true;
        }
        try {
            Path parent = file.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            var attempt = LockableFile.create(file, EVERYBODY_READS);
            if (attempt.tryLock(LockableFile.Kind.FCNTL)) {
                lock = attempt;
                return true;
            }
            attempt.close();
            return false;
        } catch (IOException e) {
            throw new IllegalStateException("cannot lock " + file + ": " + e, e);
        }
    }

    @Override
    public synchronized void close() {
        LockableFile held = lock;
        lock = null;
        if (held != null) {
            held.close();
        }
    }
}
