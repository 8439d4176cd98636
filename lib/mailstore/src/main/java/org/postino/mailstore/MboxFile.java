// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Set;
import org.postino.linux.CheckedFile;

/// Opens an mbox together with its locks, and only if it is what it should be: a regular file, not a link, with one name, of the
/// owner expected.
final class MboxFile {
    /// The owner is not looked at.
    static final int ANYBODY = -1;

    private static final int RETRIES = 10;
    private static final Set<StandardOpenOption> READ_WRITE =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

    private final Path file;
    private final int owner;
    private final boolean create;
    private final boolean follow;

    /// @param owner the user it must belong to, or [#ANYBODY]
    /// @param create make it, for its owner alone, where it is missing
    MboxFile(Path file, int owner, boolean create) {
        this(file, owner, create, false);
    }

    private MboxFile(Path file, int owner, boolean create, boolean follow) {
        this.file = file;
        this.owner = owner;
        this.create = create;
        this.follow = follow;
    }

    /// A file of the caller's own, which may be a symbolic link.
    static MboxFile following(Path file, boolean create) {
        return new MboxFile(file, ANYBODY, create, true);
    }

    /// An open and locked mbox.
    record Held(FileChannel channel, MboxLock lock) implements Closeable {
        @Override
        public void close() throws IOException {
            try (channel) {
                lock.close();
            }
        }
    }

    /// A part of an open mbox, which stands there whole.
    static byte[] read(FileChannel mbox, long offset, int length) throws IOException {
        var into = ByteBuffer.allocate(length);
        while (into.hasRemaining()) {
            if (mbox.read(into, offset + into.position()) < 0) {
                throw new IOException("mbox file became shorter while it was read");
            }
        }
        return into.array();
    }

    /// The text that must stand between the end of an mbox and a new message: nothing, or an empty line that somebody left out.
    static String gap(FileChannel mbox) throws IOException {
        int length = (int) Math.min(3, mbox.size());
        String last =
                new String(read(mbox, mbox.size() - length, length), StandardCharsets.ISO_8859_1);
        if (last.isEmpty() || last.endsWith("\n\n") || last.equals("\n\r\n")) {
            return "";
        }
        return last.endsWith("\n") ? "\n" : "\n\n";
    }

    Path path() {
        return file;
    }

    /// Opens and locks. A file that was replaced while we waited for its lock is left, and the new one opened.
    ///
    /// @throws NoSuchFileException it is missing and shall not be made
    /// @throws MailStoreException `IN_USE` if the lock is not to be had; `NO_PERMISSION` if it is not a file to write to
    Held take(MboxLocking how, Clock clock) throws IOException {
        for (int i = 0; ; i++) {
            try (CheckedFile looked = look()) {
                Held held = hold(looked, how, clock);
                boolean keep = false;
                try {
                    keep = i >= RETRIES || isStill(looked);
                    if (keep) {
                        return held;
                    }
                } finally {
                    if (!keep) {
                        held.close();
                    }
                }
            }
        }
    }

    private Held hold(CheckedFile looked, MboxLocking how, Clock clock) throws IOException {
        FileChannel channel = looked.open(READ_WRITE);
        boolean done = false;
        try {
            var held = new Held(channel, MboxLock.take(file, looked, how, clock));
            done = true;
            return held;
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    private CheckedFile look() throws IOException {
        while (true) {
            CheckedFile looked;
            try {
                looked = CheckedFile.look(target());
            } catch (NoSuchFileException e) {
                if (!create) {
                    throw e;
                }
                make();
                continue;
            }
            try {
                check(looked);
                return looked;
            } catch (IOException e) {
                looked.close();
                throw e;
            }
        }
    }

    private Path target() throws IOException {
        return follow && Files.isSymbolicLink(file) ? file.toRealPath() : file;
    }

    private void make() throws IOException {
        Path parent = file.getParent();
        if (follow && parent != null) {
            Private.directories(parent);
        }
        try {
            Files.createFile(file, Private.NEW_FILE);
        } catch (FileAlreadyExistsException e) {
            // Another program was faster.
        }
    }

    private void check(CheckedFile looked) throws IOException {
        if (!looked.isRegular()) {
            throw new FileSystemException(file.toString(), null, "not a regular file");
        }
        if (owner != ANYBODY && looked.uid() != owner) {
            throw new MailStoreException(
                    MailStoreException.Problem.NO_PERMISSION, file + " is not owned by recipient");
        }
        if (owner != ANYBODY && looked.links() > 1) {
            throw new MailStoreException(
                    MailStoreException.Problem.NO_PERMISSION, file + " has more than one name");
        }
    }

    private boolean isStill(CheckedFile looked) throws IOException {
        try (CheckedFile now = CheckedFile.look(target())) {
            return now.key().equals(looked.key());
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
