// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.linux.Credentials;
import org.postino.linux.FileStatus;
import org.postino.linux.Processes;

/// A file that was found by walking along its path step by step, links included, so that root can read it without being led
/// astray.
///
/// A path is safe if nobody but root can change where it leads. Each directory and each link on it belongs to root, and in these
/// directories others may not write, or at least not remove files of other users. Root reads no file that a user could have put
/// there.
///
/// @param target the file, by a path without links; if there is none, the name that was looked for
/// @param directories every directory on the path: a change in one of them may make it lead elsewhere
/// @param stamp a text that is the same as long as the file is unchanged; empty if there is no such file
/// @param unsafe a part of the path that somebody else could change; null if there is none
record SafeFile(Path target, Set<Path> directories, String stamp, @Nullable String unsafe) {
    private static final int LONGEST_WAY = 200;
    private static final long LARGEST = 64L << 20;
    private static final int STICKY = 01000;
    private static final int OTHERS_WRITE = 022;

    SafeFile {
        directories = Collections.unmodifiableSet(new LinkedHashSet<>(directories));
    }

    boolean exists() {
        return !stamp.isEmpty();
    }

    /// Finds a file by walking along its path.
    static SafeFile find(Path file) {
        return new Walk(file.toAbsolutePath()).walk();
    }

    /// Reads the file. The caller has checked that its path is safe.
    ///
    /// @throws IOException it cannot be read, has become a link, or is larger than 64 megabytes
    byte[] read() throws IOException {
        try (var channel =
                        FileChannel.open(
                                target, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                var in = Channels.newInputStream(channel)) {
            if (channel.size() > LARGEST) {
                throw new IOException(target + ": larger than 64 megabytes");
            }
            return in.readAllBytes();
        }
    }

    /// True if a process with these credentials could open the file, by the modes of the file and its directories.
    boolean isReadableFor(Credentials user) {
        try {
            for (Path directory : directories) {
                if (!permits(directory, user, 1)) {
                    return false;
                }
            }
            return permits(target, user, 4);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean permits(Path path, Credentials user, int right) throws IOException {
        FileStatus is = FileStatus.of(path);
        boolean group = is.gid() == user.gid() || user.groups().contains(is.gid());
        int shift = is.uid() == user.uid() ? 6 : group ? 3 : 0;
        return ((is.mode() >> shift) & right) == right;
    }

    private static final class Walk {
        private final Path wanted;
        private final Set<Path> directories = new LinkedHashSet<>();
        private final Deque<Path> ahead = new ArrayDeque<>();
        private Path here = Path.of("/");
        private @Nullable String unsafe;
        private String stamp = "";

        Walk(Path wanted) {
            this.wanted = wanted;
            wanted.forEach(ahead::add);
        }

        SafeFile walk() {
            try {
                directories.add(here);
                for (int steps = 0; !ahead.isEmpty(); steps++) {
                    if (steps > LONGEST_WAY) {
                        throw new IOException("too many links");
                    }
                    step(ahead.removeFirst());
                }
                return new SafeFile(here, directories, stamp, unsafe);
            } catch (IOException e) {
                return new SafeFile(wanted, directories, "", unsafe);
            }
        }

        private void step(Path name) throws IOException {
            String text = name.toString();
            if (text.equals(".") || text.isEmpty()) {
                return;
            }
            Path parent = here.getParent();
            Path next = text.equals("..") ? (parent == null ? here : parent) : here.resolve(name);
            FileStatus is = FileStatus.of(next);
            if (is.isDirectory() || is.isLink()) {
                judge(next, is.uid(), is.isDirectory() ? is.mode() : 0);
            }
            if (is.isLink()) {
                follow(Files.readSymbolicLink(next));
            } else {
                here = next;
                if (is.isDirectory()) {
                    directories.add(next);
                }
                if (ahead.isEmpty() && is.isRegular()) {
                    stamp = next + " " + is;
                }
            }
        }

        private void follow(Path link) {
            var names = new ArrayDeque<Path>();
            link.forEach(names::addFirst);
            names.forEach(ahead::addFirst);
            if (link.isAbsolute()) {
                here = Path.of("/");
            }
        }

        private void judge(Path path, int uid, int mode) {
            boolean ours = uid == 0 || (!Processes.isRoot() && uid == Processes.ownUid());
            boolean open = (mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0;
            // Who is not root has nothing to lose but what is theirs.
            if (Processes.isRoot() && (!ours || open) && unsafe == null) {
                unsafe = path + (ours ? " can be written by others" : " is not root's");
            }
        }
    }
}
