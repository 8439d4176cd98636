// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// A lock on a file (fcntl) that its holder's death releases, with the holder's process number in the file.
public final class HeldLock implements Closeable {
    private final FileChannel channel;

    private HeldLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Takes the lock and writes our process number into the file; empty if another holds it.
    public static Optional<HeldLock> take(Path file) throws IOException {
        var channel =
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-r--r--")));
        try {
            FileLock lock = tryLock(channel).orElse(null);
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            channel.truncate(0);
            byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
            FileSafe.writeFully(channel, ByteBuffer.wrap(pid));
            return Optional.of(new HeldLock(channel));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// Whether a process holds the lock now; false if the file does not exist.
    public static boolean isHeld(Path file) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Optional<FileLock> lock = tryLock(channel);
            if (lock.isPresent()) {
                lock.get().release();
                return false;
            }
            return true;
        } catch (java.nio.file.NoSuchFileException e) {
            return false;
        }
    }

    private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // held within this process
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
