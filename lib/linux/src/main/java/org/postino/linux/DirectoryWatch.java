// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// Tells that something has changed in one of several directories (inotify); what it was, the caller must look up.
public final class DirectoryWatch implements Closeable {
    private static final int CLOEXEC = 02000000;
    private static final int NONBLOCK = 04000;

    /// Written and closed, attributes, moved out, moved in, made, removed; the directory itself removed or moved.
    private static final int ANYTHING = 0x8 | 0x4 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800;

    /// Written and closed, moved in.
    private static final int NEW_FILES = 0x8 | 0x80;

    private static final int ONLY_DIRECTORIES = 0x0100_0000;

    private final NativeFd fd;
    private final int events;
    private final Set<Path> watched = new HashSet<>();

    private DirectoryWatch(NativeFd fd, int events) {
        this.fd = fd;
        this.events = events;
    }

    /// Watches for changes of any kind; nothing yet.
    public static DirectoryWatch open() throws IOException {
        return open(ANYTHING);
    }

    /// Watches for files that are complete: closed by their writer, or moved in; nothing yet.
    public static DirectoryWatch forNewFiles() throws IOException {
        return open(NEW_FILES);
    }

    private static DirectoryWatch open(int events) throws IOException {
        long fd = Libc.syscall(SystemCall.INOTIFY_INIT1, CLOEXEC | NONBLOCK);
        if (fd < 0) {
            throw new IOException("inotify: " + Libc.text((int) -fd));
        }
        return new DirectoryWatch(new NativeFd((int) fd), events);
    }

    /// Becomes readable when there is news.
    public NativeFd fd() {
        return fd;
    }

    /// Watches these directories too; one that is not there, or that the kernel has no room for, is left out.
    ///
    /// @return those left out
    public Set<Path> add(Collection<Path> directories) {
        var left = new HashSet<Path>();
        for (Path directory : directories) {
            if (!watched.contains(directory)) {
                if (add(directory)) {
                    watched.add(directory);
                } else {
                    left.add(directory);
                }
            }
        }
        return left;
    }

    private boolean add(Path directory) {
        try (Arena arena = Arena.ofConfined()) {
            return Libc.syscall(
                            SystemCall.INOTIFY_ADD_WATCH,
                            fd.number(),
                            Libc.string(arena, directory).address(),
                            events | ONLY_DIRECTORIES)
                    >= 0;
        }
    }

    /// Takes all news there is.
    public void clear() throws IOException {
        var buffer = new byte[64 * 1024];
        while (fd.read(buffer) > 0) {
            // which event it was does not matter
        }
        // A directory may have been replaced by another of its name.
        watched.clear();
    }

    @Override
    public void close() {
        fd.close();
    }
}
