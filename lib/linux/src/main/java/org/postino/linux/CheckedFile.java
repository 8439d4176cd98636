// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Set;

/// A file that is looked at before it is opened; what is opened then is what was looked at, whatever became of its name.
///
/// For files in directories that somebody else controls: looking neither waits at a FIFO nor wakes a device, and a symbolic link
/// as the last part of the name is looked at itself. The thread's credentials count, when looking and when opening.
public final class CheckedFile implements Closeable {
    private static final int O_PATH = 010000000;

    private final Path name;
    private final Path open;
    private final NativeFd fd;
    private final FileStatus status;

    private CheckedFile(Path name, NativeFd fd) throws IOException {
        this.name = name;
        this.fd = fd;
        this.open = Path.of("/proc/self/fd/" + fd.number());
        this.status = FileStatus.following(open);
    }

    /// Looks at a file.
    ///
    /// @throws FileSystemException as the classes of `java.nio.file` throw it: missing, not a directory, permission denied
    public static CheckedFile look(Path file) throws IOException {
        NativeFd fd = NativeFd.open(file, O_PATH | Machine.NOFOLLOW, 0);
        try {
            return new CheckedFile(file, fd);
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    Path name() {
        return name;
    }

    public boolean isRegular() {
        return status.isRegular();
    }

    public int uid() {
        return status.uid();
    }

    public int gid() {
        return status.gid();
    }

    /// The permission bits.
    public int permissions() {
        return status.permissions();
    }

    /// The number of names (hard links) of the file.
    public int links() {
        return status.links();
    }

    public long size() {
        return status.size();
    }

    public FileTime modified() {
        return status.modified();
    }

    /// Names the file itself, whatever it is called: device and inode.
    public String key() {
        return status.device() + ":" + status.inode();
    }

    /// Opens just this file, which must be a regular one.
    ///
    /// @param options to read or write; nothing that would create
    public FileChannel open(Set<? extends OpenOption> options) throws IOException {
        requireRegular();
        try {
            return FileChannel.open(open, options);
        } catch (AccessDeniedException e) {
            throw new AccessDeniedException(name.toString());
        }
    }

    /// Opens the file as a descriptor that Java's own classes do not know.
    NativeFd openNative(int flags) throws IOException {
        requireRegular();
        try {
            return NativeFd.open(open, flags, 0);
        } catch (AccessDeniedException e) {
            throw new AccessDeniedException(name.toString());
        }
    }

    private void requireRegular() throws FileSystemException {
        if (!isRegular()) {
            throw new FileSystemException(name.toString(), null, "not a regular file");
        }
    }

    /// The content of a regular file, as much of it as `most` allows.
    public byte[] read(int most) throws IOException {
        try (FileChannel channel = open(Set.of(StandardOpenOption.READ))) {
            var buffer = ByteBuffer.allocate((int) Math.min(most, Math.max(size(), 4096)));
            while (buffer.hasRemaining() && channel.read(buffer) > 0) {}
            return Arrays.copyOf(buffer.array(), buffer.position());
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
