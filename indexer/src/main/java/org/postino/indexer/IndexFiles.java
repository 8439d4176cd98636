// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;
import org.jspecify.annotations.Nullable;

/// The directory of an index, which belongs to a user, who may have put anything there. All is done as that user.
///
/// Files are read and not mapped into memory: one that the user makes shorter meanwhile is an error then and no fault of the machine.
final class IndexFiles {
    /// The name of the directory, in that of a mailbox.
    static final String NAME = "postino.fts";

    private static final int MOST = 1000;

    private IndexFiles() {}

    /// One directory among all that ever stood at a path.
    record Identity(Path path, @Nullable Object key, FileTime born) {}

    /// The directory that stands there now, if there is one.
    static Optional<Identity> identity(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        var about = Files.readAttributes(directory, BasicFileAttributes.class);
        return Optional.of(new Identity(directory, about.fileKey(), about.creationTime()));
    }

    /// Opens a directory that is there.
    ///
    /// @throws DamagedIndexException something is in it that Lucene does not put there
    static Directory open(Path directory) throws IOException {
        int n = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                // whoever opens a pipe waits for its writer
                if (!Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS) || ++n > MOST) {
                    throw new DamagedIndexException(entry.getFileName() + " does not belong there");
                }
            }
        } catch (NotDirectoryException e) {
            throw new DamagedIndexException("it is no directory");
        }
        return new NIOFSDirectory(directory);
    }

    /// Makes the directory where it is missing, for its owner alone.
    static void make(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(directory);
            Files.createDirectory(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
    }

    /// Removes the index. What is there of a stranger's goes too: the directory's name is ours.
    static void delete(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                for (Path entry : entries) {
                    delete(entry);
                }
            }
        }
        Files.deleteIfExists(directory);
    }
}
