// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The descriptors that live on when this process becomes another program.
public final class Inheritance {
    private static final Path OPEN = Path.of("/proc/self/fd");
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int CLOEXEC = 1;
    private static final int FIRST = 3;

    private Inheritance() {}

    /// Becomes another program, as [Processes#become], with the standard streams and these descriptors; all others, the Java machine's
    /// own files among them, will be closed. Returns only by an exception; then every descriptor but the standard streams is
    /// close-on-exec.
    ///
    /// @throws IOException why it failed
    public static void become(List<String> arguments, Collection<Integer> kept) throws IOException {
        try {
            keepOnly(kept);
            Processes.become(arguments);
        } finally {
            keepOnly(List.of());
        }
    }

    private static void keepOnly(Collection<Integer> kept) throws IOException {
        for (int fd : open()) {
            if (fd >= FIRST) {
                Libc.call(Libc.Fn.FCNTL, fd, F_SETFD, kept.contains(fd) ? 0 : CLOEXEC);
            }
        }
    }

    /// Takes a descriptor over that the program before us has kept for us; it will not be passed on by accident.
    ///
    /// @throws IOException it is not open
    public static NativeFd take(int number) throws IOException {
        Libc.check("descriptor " + number, Libc.Fn.FCNTL, number, F_GETFD);
        Libc.call(Libc.Fn.FCNTL, number, F_SETFD, CLOEXEC);
        return new NativeFd(number);
    }

    /// The descriptors by which we have a file open.
    public static List<Integer> of(Path file) throws IOException {
        Path wanted = file.toRealPath();
        var found = new ArrayList<Integer>();
        for (int fd : open()) {
            try {
                if (Files.readSymbolicLink(OPEN.resolve(Integer.toString(fd))).equals(wanted)) {
                    found.add(fd);
                }
            } catch (NoSuchFileException e) {
                // Closed meanwhile: the one by which we list the directory.
            }
        }
        return found;
    }

    private static List<Integer> open() throws IOException {
        var numbers = new ArrayList<Integer>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(OPEN)) {
            for (Path entry : entries) {
                numbers.add(Integer.valueOf(String.valueOf(entry.getFileName())));
            }
        }
        return numbers;
    }
}
