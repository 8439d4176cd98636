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

/// A file as it is found by walking to it step by step, links included, so that root can read it without being led astray.
///
/// A way is safe when nobody but root can change where it leads: each directory and each link on it is root's, and others may
/// not write in these directories, or not remove there what is not theirs. What a user could have put there, root does not read.
///
/// @param target the file itself, with no link on the way to it; where there is none, the name looked for
/// @param directories every directory that was passed: a change in one of them may lead elsewhere
/// @param stamp what tells this state of the file from another; empty: there is no such file
/// @param unsafe what on the way somebody else could change; null: nothing
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

    /// Walks to a file.
    static SafeFile find(Path file) {
        return new Walk(file.toAbsolutePath()).walk();
    }

    /// The content of a file whose way is safe.
    ///
    /// @throws IOException also if it is not a regular file, or too large to be held in memory
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

    /// Whether a process with these credentials could open the file, as far as modes tell.
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
