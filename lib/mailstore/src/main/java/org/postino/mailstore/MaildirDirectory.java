// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The three directories of a Maildir and plain operations on them.
final class MaildirDirectory {
    private static final Duration ABANDONED = Duration.ofHours(36);

    final Path root;
    final Path tmp;
    final Path fresh;
    final Path cur;

    private final Clock clock;

    MaildirDirectory(Path root, Clock clock) {
        this.root = root;
        this.clock = clock;
        this.tmp = root.resolve("tmp");
        this.fresh = root.resolve("new");
        this.cur = root.resolve("cur");
    }

    /// Makes what is missing.
    void create() throws IOException {
        Private.directories(root);
        Private.directories(cur);
        Private.directories(fresh);
        Private.directories(tmp);
    }

    /// Makes `tmp` and the others where a Maildir lacks them: another program made just the directory.
    void complete() throws IOException {
        if (!Files.isDirectory(tmp) && Files.isDirectory(root)) {
            create();
        }
    }

    /// Removes what crashes left in `tmp`: nobody writes a message for so long.
    void cleanTmp() throws IOException {
        clean(tmp, "*", clock);
    }

    /// Removes old files whose names match; a missing directory is clean.
    static void clean(Path directory, String names, Clock clock) throws IOException {
        long oldest = clock.millis() - ABANDONED.toMillis();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, names)) {
            for (Path entry : entries) {
                if (Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS).toMillis()
                        < oldest) {
                    deleteTree(entry);
                }
            }
        } catch (NoSuchFileException e) {
            // Somebody else cleans, too.
        }
    }

    /// Removes a file, or a directory with all it has.
    static void deleteTree(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                for (Path entry : entries) {
                    deleteTree(entry);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    /// One directory among all that ever stood at a path. The number of a file is given again, its time of birth is not.
    ///
    /// @param key null if there is none
    record Identity(@Nullable Object key, @Nullable FileTime born) {}

    /// The number of a file and its file system; null if there is no such file.
    static @Nullable Object keyOf(Path file, LinkOption... options) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, options).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /// The identity of the Maildir.
    Identity identity() throws IOException {
        try {
            var about = Files.readAttributes(root, BasicFileAttributes.class);
            return new Identity(about.fileKey(), about.creationTime());
        } catch (NoSuchFileException e) {
            return new Identity(null, null);
        }
    }

    /// Modification time in nanoseconds. A directory that is missing in a Maildir that is there is made.
    ///
    /// @throws MailStoreException `MAILBOX_GONE` if the Maildir itself is away
    long modified(Path directory) throws IOException {
        try {
            return Files.getLastModifiedTime(directory).to(TimeUnit.NANOSECONDS);
        } catch (NoSuchFileException e) {
            if (!Files.isDirectory(root)) {
                throw new MailStoreException(
                        MailStoreException.Problem.MAILBOX_GONE, "Mailbox was deleted");
            }
            create();
            return Files.getLastModifiedTime(directory).to(TimeUnit.NANOSECONDS);
        }
    }

    /// The files of a directory: base to suffix.
    ///
    /// @param modified time of the directory before and, if `stable`, after the listing
    record Listing(Map<String, String> files, long modified) {}

    /// Lists a directory so that a file renamed meanwhile is not missed: again until its time stands still, and if it never
    /// does, all that was seen.
    Listing list(Path directory) throws IOException {
        var files = new HashMap<String, String>();
        long before = modified(directory);
        for (int attempt = 0; ; attempt++) {
            if (attempt < 6) {
                files.clear();
            }
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                for (Path entry : entries) {
                    String name = String.valueOf(entry.getFileName());
                    if (MaildirName.isMessage(name)) {
                        var parsed = MaildirName.parse(name);
                        files.put(parsed.base(), parsed.suffix());
                    }
                }
            } catch (NotDirectoryException e) {
                throw new IOException(directory + " is not a directory", e);
            }
            long after = modified(directory);
            if (after == before || attempt > 10) {
                return new Listing(files, after);
            }
            before = after;
        }
    }

    /// The present path of the file with this base, whatever its flags; null if it is nowhere.
    @Nullable Path find(String base) throws IOException {
        for (Path directory : List.of(fresh, cur)) {
            String suffix = list(directory).files().get(base);
            if (suffix != null) {
                return directory.resolve(base + suffix);
            }
        }
        return null;
    }

    Path path(MaildirMessage m) {
        return (m.inNew() ? fresh : cur).resolve(m.fileName());
    }

    static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
}
