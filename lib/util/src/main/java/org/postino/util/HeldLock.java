// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// A lock on a file (fcntl) that its holder's death releases, with the holder's process number in the file.
public final class HeldLock implements Closeable {
    private static final int EVERYBODY_READS = 0644;

    private final LockableFile lock;

    private HeldLock(LockableFile lock) {
        this.lock = lock;
    }

    /// Takes the lock and writes our process number into the file; empty if another holds it.
    public static Optional<HeldLock> take(Path file) throws IOException {
        var lock = LockableFile.create(file, EVERYBODY_READS);
        boolean taken = false;
        try {
            if (!lock.tryLock(LockableFile.Kind.FCNTL)) {
                return Optional.empty();
            }
            byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
            Files.write(file, pid);
            taken = true;
            return Optional.of(new HeldLock(lock));
        } finally {
            if (!taken) {
                lock.close();
            }
        }
    }

    /// Whether a process holds the lock now; false if the file does not exist.
    public static boolean isHeld(Path file) throws IOException {
        try {
            return LockableFile.isLocked(file);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void close() {
        lock.close();
    }
}
