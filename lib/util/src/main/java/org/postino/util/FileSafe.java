// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Files that are there entirely or not at all, whatever happens.
public final class FileSafe {
    private FileSafe() {}

    /// Puts `content` in the place of a file so that a reader sees the old or the new one, a power cut included.
    ///
    /// @param permissions like `rw-r--r--`
    public static void replace(Path file, byte[] content, String permissions) throws IOException {
        Path directory = directoryOf(file);
        Path temporary =
                directory.resolve(
                        "."
                                + file.getFileName()
                                + "."
                                + ProcessHandle.current().pid()
                                + "."
                                + Long.toString(System.nanoTime(), 36));
        Set<PosixFilePermission> mode = PosixFilePermissions.fromString(permissions);
        try {
            try (var channel =
                    FileChannel.open(
                            temporary,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(mode))) {
                // The mask may have taken bits away.
                Files.setPosixFilePermissions(temporary, mode);
                writeFully(channel, ByteBuffer.wrap(content));
                channel.force(true);
            }
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            forceDirectory(directory);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /// Writes all of a buffer.
    public static void writeFully(FileChannel channel, ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            channel.write(data);
        }
    }

    /// Makes what was created, renamed or removed in a directory survive a power cut.
    public static void forceDirectory(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path directoryOf(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("") : parent;
    }
}
