// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A lock file, `NAME.lock`, as Dovecot and others make it: created exclusively, holding `pid:host`.
///
/// A lock whose process is dead on this host is broken at once; one that nobody has touched for the stale time, too.
final class DotLock implements Closeable {
    private static final Duration POLL_MIN = Duration.ofNanos(200_000);
    private static final Duration POLL_MAX = Duration.ofMillis(20);

    private final Path path;
    private final byte[] mark;
    private boolean held = true;

    private DotLock(Path path, byte[] mark) {
        this.path = path;
        this.mark = mark;
    }

    /// Waits for the lock beside `file`.
    ///
    /// @throws MailStoreException `IN_USE` after `timeout`
    static DotLock take(Path file, Duration timeout, Duration stale) throws IOException {
        Path lock = file.resolveSibling(file.getFileName() + ".lock");
        byte[] mark = mark();
        long deadline = System.nanoTime() + timeout.toNanos();
        Duration pause = POLL_MIN;
        @Nullable Watched watched = null;
        while (true) {
            if (!Files.exists(lock, LinkOption.NOFOLLOW_LINKS) && create(lock, mark)) {
                return new DotLock(lock, mark);
            }
            watched = Watched.look(lock, watched);
            if (watched != null && watched.isStale(stale)) {
                breakLock(lock, watched);
                watched = null;
                continue;
            }
            if (System.nanoTime() > deadline) {
                throw new MailStoreException(
                        MailStoreException.Problem.IN_USE,
                        "Timeout while waiting for lock " + lock);
            }
            pause(pause);
            pause =
                    pause.multipliedBy(2).compareTo(POLL_MAX) < 0
                            ? pause.multipliedBy(2)
                            : POLL_MAX;
        }
    }

    /// Makes the lock with its content in one step: one that a crash left empty would say nothing of its owner.
    private static boolean create(Path lock, byte[] mark) throws IOException {
        Path draft =
                lock.resolveSibling(
                        lock.getFileName()
                                + "."
                                + ProcessHandle.current().pid()
                                + "."
                                + Thread.currentThread().threadId());
        try {
            Files.write(draft, mark);
            Files.createLink(lock, draft);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
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
        Path aside =
                lock.resolveSibling(lock.getFileName() + ".stale." + ProcessHandle.current().pid());
        try {
            Files.move(lock, aside);
            Watched moved = Watched.look(aside, null);
            if (moved != null && !moved.content.equals(judged.content)) {
                Files.move(aside, lock);
            } else {
                Files.deleteIfExists(aside);
            }
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            // Another process was faster.
        }
    }

    /// Tells other programs that the lock is alive; for work that takes long.
    void touch() throws IOException {
        Files.setLastModifiedTime(path, FileTime.fromMillis(System.currentTimeMillis()));
    }

    @Override
    public void close() throws IOException {
        if (!held) {
            return;
        }
        held = false;
        try {
            if (java.util.Arrays.equals(Files.readAllBytes(path), mark)) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            // Broken by somebody who thought us dead; nothing to give back.
        }
    }

    /// A lock of somebody else, and since when it has looked like this.
    private record Watched(String content, FileTime modified, long since) {
        static @Nullable Watched look(Path lock, @Nullable Watched before) throws IOException {
            try {
                String content = Files.readString(lock, StandardCharsets.ISO_8859_1);
                FileTime modified = Files.getLastModifiedTime(lock);
                if (before != null
                        && before.content.equals(content)
                        && before.modified.equals(modified)) {
                    return before;
                }
                return new Watched(content, modified, System.nanoTime());
            } catch (NoSuchFileException e) {
                return null;
            }
        }

        boolean isStale(Duration stale) {
            long age = System.currentTimeMillis() - modified.toMillis();
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
                return ProcessHandle.of(ProcessHandle.current().pid()).isPresent()
                        && ProcessHandle.of(pid).isEmpty();
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }
}
