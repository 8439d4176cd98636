// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// Files in memory (`memfd_create(2)`) whose content nobody can change: a way to show bytes to a process that may not open the
/// file they come from.
///
/// A process to which one was handed over reads it under the path [#path]; each opening begins at the first byte, and Landlock
/// has no say in it.
public final class MemoryFile {
    private static final int CLOEXEC = 1;
    private static final int ALLOW_SEALING = 2;
    private static final int F_ADD_SEALS = 1033;
    private static final int ALL_SEALS = 0xf;
    private static final int READABLE = 0444;
    private static final int CHUNK = 1 << 20;

    private MemoryFile() {}

    /// Makes one.
    ///
    /// @param name for `/proc`, at most 200 bytes
    public static NativeFd of(String name, byte[] content) throws IOException {
        var fd = new NativeFd(create(name));
        try {
            write(fd, content);
            check("fchmod", Libc.syscall(SystemCall.FCHMOD, fd.number(), READABLE));
            Libc.check("seal", Libc.Fn.FCNTL, fd.number(), F_ADD_SEALS, ALL_SEALS);
            return fd;
        } catch (IOException e) {
            fd.close();
            throw e;
        }
    }

    /// The path by which a process opens its descriptor of this number again.
    public static Path path(int descriptor) {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    private static int create(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return check(
                    "memfd_create",
                    Libc.syscall(
                            SystemCall.MEMFD_CREATE,
                            Libc.string(arena, name).address(),
                            CLOEXEC | ALLOW_SEALING));
        }
    }

    private static void write(NativeFd fd, byte[] content) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment chunk = arena.allocate(Math.max(1, Math.min(CHUNK, content.length)));
            int done = 0;
            while (done < content.length) {
                int length = Math.min(CHUNK, content.length - done);
                MemorySegment.copy(content, done, chunk, ValueLayout.JAVA_BYTE, 0, length);
                done +=
                        check(
                                "write",
                                Libc.call(Libc.Fn.WRITE, fd.number(), chunk.address(), length));
            }
        }
    }

    private static int check(String what, long result) throws IOException {
        if (result < 0) {
            throw new IOException(what + ": " + Libc.text((int) -result));
        }
        return (int) result;
    }
}
