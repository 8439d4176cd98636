// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.postino.util.FileSafe;

/// Modes of what a store makes: for the owner alone.
final class Private {
    static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    static final FileAttribute<Set<PosixFilePermission>> NEW_FILE =
            PosixFilePermissions.asFileAttribute(FILE);
    private static final FileAttribute<Set<PosixFilePermission>> NEW_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final int LARGEST = 8 << 20;

    private Private() {}

    /// The content of one of the small files beside the mail; one that is no file, or monstrous, was not made by us.
    static byte[] read(Path file) throws IOException {
        var about = Files.readAttributes(file, BasicFileAttributes.class);
        if (!about.isRegularFile() || about.size() > LARGEST) {
            throw new IOException(file + ": not a file of a mail store");
        }
        return Files.readAllBytes(file);
    }

    /// The lines of such a file.
    static List<String> lines(Path file, Charset charset) throws IOException {
        return new String(read(file), charset).lines().toList();
    }

    /// Writes such a file anew, in ISO 8859-1.
    static void replace(Path file, CharSequence text) throws IOException {
        replace(file, StandardCharsets.ISO_8859_1.encode(CharBuffer.wrap(text)));
    }

    /// Writes such a file anew: who looks sees the old one whole, or the new one. One writer at a time.
    static void replace(Path file, ByteBuffer content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(temporary);
        try (var channel =
                FileChannel.open(
                        temporary,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        NEW_FILE)) {
            FileSafe.writeFully(channel, content);
        }
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /// Makes a directory and its parents where they are missing.
    static void directories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            directories(parent);
        }
        try {
            Files.createDirectory(directory, NEW_DIRECTORY);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }
}
