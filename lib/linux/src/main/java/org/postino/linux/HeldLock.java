// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

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
        return take(file, LockableFile.create(file, EVERYBODY_READS));
    }

    /// Goes on with the lock of the program that has become us ([Inheritance#become]), which left the descriptors of the file open: it
    /// belongs to one of them, so that another opening of the file would find it taken.
    public static Optional<HeldLock> takeOver(Path file) throws IOException {
        for (int fd : Inheritance.of(file)) {
            var held = take(file, LockableFile.inherited(file, Inheritance.take(fd)));
            if (held.isPresent()) {
                return held;
            }
        }
        return take(file);
    }

    private static Optional<HeldLock> take(Path file, LockableFile lock) throws IOException {
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

    /// True if a process holds the lock now; false if the file does not exist.
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
