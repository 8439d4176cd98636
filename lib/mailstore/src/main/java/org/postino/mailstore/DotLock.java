// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postino.linux.CheckedFile;
import org.postino.linux.Processes;

/// A lock file, `NAME.lock`, as Dovecot and others make it: created exclusively, holding `pid:host`.
///
/// A lock whose process is dead on this host is broken at once; one that nobody has touched for the stale time, too.
final class DotLock implements Closeable {
    private static final Duration POLL_MIN = Duration.ofNanos(200_000);
    private static final Duration POLL_MAX = Duration.ofMillis(20);
    private static final int LONGEST_MARK = 400;

    private final Path path;
    private final Clock clock;

    /// The file that is our lock. Open, so that no other file can get its inode and look like it.
    private final CheckedFile own;

    private boolean held = true;

    private DotLock(Path path, CheckedFile own, Clock clock) {
        this.clock = clock;
        this.path = path;
        this.own = own;
    }

    /// Waits for the lock beside `file`.
    ///
    /// @throws MailStoreException `IN_USE` after `timeout`
    static DotLock take(Path file, Duration timeout, Duration stale, Clock clock)
            throws IOException {
        var waiting = new Waiting(file, stale, clock);
        long deadline = System.nanoTime() + timeout.toNanos();
        Duration pause = POLL_MIN;
        while (true) {
            Optional<DotLock> lock = waiting.attempt();
            if (lock.isPresent()) {
                return lock.get();
            }
            if (System.nanoTime() > deadline) {
                throw new MailStoreException(
                        MailStoreException.Problem.IN_USE,
                        "Timeout while waiting for lock " + waiting.lock);
            }
            pause(pause);
            pause =
                    pause.multipliedBy(2).compareTo(POLL_MAX) < 0
                            ? pause.multipliedBy(2)
                            : POLL_MAX;
        }
    }

    /// Somebody who wants the lock beside a file, and what he has seen of the one in his way.
    static final class Waiting {
        private final Path lock;
        private final Duration stale;
        private final Clock clock;
        private final byte[] mark = mark();
        private @Nullable Watched watched;

        Waiting(Path file, Duration stale, Clock clock) {
            this.clock = clock;
            this.lock = file.resolveSibling(file.getFileName() + ".lock");
            this.stale = stale;
        }

        String name() {
            return lock.toString();
        }

        /// Takes the lock if nobody has it, or if the one that has it is gone.
        Optional<DotLock> attempt() throws IOException {
            for (int i = 0; i < 3; i++) {
                CheckedFile own =
                        Files.exists(lock, LinkOption.NOFOLLOW_LINKS) ? null : create(lock, mark);
                if (own != null) {
                    return Optional.of(new DotLock(lock, own, clock));
                }
                watched = Watched.look(lock, watched);
                if (watched != null && !watched.isStale(stale, clock)) {
                    break;
                }
                if (watched != null) {
                    breakLock(lock, watched);
                    watched = null;
                }
            }
            return Optional.empty();
        }
    }

    /// Makes the lock with its content in one step: one that a crash left empty would say nothing of its owner. Null if another
    /// has it.
    private static @Nullable CheckedFile create(Path lock, byte[] mark) throws IOException {
        Path draft =
                lock.resolveSibling(
                        lock.getFileName()
                                + "."
                                + ProcessHandle.current().pid()
                                + "."
                                + Thread.currentThread().threadId());
        CheckedFile own = null;
        boolean made = false;
        try {
            Files.write(draft, mark, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            own = CheckedFile.look(draft);
            Files.createLink(lock, draft);
            made = true;
            return own;
        } catch (FileAlreadyExistsException e) {
            return null; // the lock, or a draft that a crash left: next time
        } finally {
            if (own != null && !made) {
                own.close();
            }
            Files.deleteIfExists(draft);
        }
    }

    private static byte[] mark() {
        return (ProcessHandle.current().pid() + ":" + hostName()).getBytes(StandardCharsets.UTF_8);
    }

    static String hostName() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            if (!name.isEmpty()) {
                return name;
            }
        } catch (IOException e) {
            // A sandbox without /proc: the resolver knows the name, too.
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    static void pause(Duration time) throws InterruptedIOException {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a lock");
        }
    }

    /// Takes the foreign lock away by renaming it, and looks whether it was the one judged.
    private static void breakLock(Path lock, Watched judged) throws IOException {
        // a name that nobody has left behind: an old one would be in the way of every later attempt
        Path aside = lock.resolveSibling(lock.getFileName() + ".stale." + UUID.randomUUID());
        try {
            Files.move(lock, aside);
            Watched moved = Watched.look(aside, null);
            if (moved != null && !moved.isSame(judged)) {
                putBack(aside, lock);
            } else {
                Files.deleteIfExists(aside);
            }
        } catch (FileSystemException e) {
            // Another process was faster, or the lock is not ours to take away.
        }
    }

    /// Gives a lock that was taken away by mistake its name back, unless somebody has made one there since.
    static void putBack(Path aside, Path lock) throws IOException {
        try {
            Files.createLink(lock, aside);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    /// Tells other programs that the lock is alive; for work that takes long.
    void touch() throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(clock.instant()));
    }

    @Override
    public void close() throws IOException {
        if (!held) {
            return;
        }
        held = false;
        try (own;
                CheckedFile there = CheckedFile.look(path)) {
            if (there.key().equals(own.key())) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            // Broken by somebody who thought us dead; nothing to give back.
        }
    }

    /// A lock of somebody else, and since when it has looked like this.
    ///
    /// @param content empty if it may not be read, or is no regular file
    private record Watched(String key, String content, FileTime modified, long since) {
        static @Nullable Watched look(Path lock, @Nullable Watched before) throws IOException {
            try (CheckedFile there = CheckedFile.look(lock)) {
                if (before != null
                        && before.key.equals(there.key())
                        && before.modified.equals(there.modified())) {
                    return before;
                }
                return new Watched(
                        there.key(), content(there), there.modified(), System.nanoTime());
            } catch (NoSuchFileException e) {
                return null;
            }
        }

        private static String content(CheckedFile there) throws IOException {
            try {
                return there.isRegular()
                        ? new String(there.read(LONGEST_MARK), StandardCharsets.ISO_8859_1)
                        : "";
            } catch (FileSystemException e) {
                return "";
            }
        }

        /// True if it is the same file, and nobody has touched it; a key alone can come back with another file.
        boolean isSame(Watched other) {
            return key.equals(other.key) && modified.equals(other.modified);
        }

        boolean isStale(Duration stale, Clock clock) {
            long age = clock.millis() - modified.toMillis();
            boolean untouched =
                    age > stale.toMillis() || System.nanoTime() - since > stale.toNanos();
            return untouched || ownerIsDead();
        }

        private boolean ownerIsDead() {
            int colon = content.indexOf(':');
            if (colon <= 0 || !content.substring(colon + 1).equals(hostName())) {
                return false;
            }
            try {
                long pid = Long.parseLong(content.substring(0, colon));
                return Processes.gone(pid);
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }
}
