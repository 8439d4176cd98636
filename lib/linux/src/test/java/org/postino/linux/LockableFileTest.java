// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LockableFileTest {
    @TempDir Path dir;
    private Path file;

    @BeforeEach
    void make() throws IOException {
        file = Files.writeString(dir.resolve("f"), "text");
    }

    @ParameterizedTest
    @EnumSource
    void twoOpeningsInOneProcessExcludeEachOther(LockableFile.Kind kind) throws IOException {
        try (var one = LockableFile.open(file)) {
            var two = LockableFile.open(file);
            assertTrue(one.tryLock(kind));
            assertTrue(one.tryLock(kind));
            assertFalse(two.tryLock(kind));
            one.unlock(kind);
            assertTrue(two.tryLock(kind));
            assertFalse(one.tryLock(kind));
            two.close();
            two.close(); // its descriptor may be another's by now
            assertTrue(one.tryLock(kind));
        }
    }

    /// What takes every lock of POSIX from a process that holds one by `FileChannel.lock`.
    @Test
    void nothingElseThatIsDoneWithTheFileTakesTheLock() throws IOException {
        try (var lock = LockableFile.open(file)) {
            assertTrue(lock.tryLock(LockableFile.Kind.FCNTL));
            Files.readString(file);
            Files.setLastModifiedTime(file, FileTime.fromMillis(0));
            Files.copy(file, dir.resolve("copy"), StandardCopyOption.COPY_ATTRIBUTES);
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(1);
            }
            try (var second = LockableFile.open(file)) {
                assertFalse(second.tryLock(LockableFile.Kind.FCNTL));
            }
            assertEquals("held", otherProcess());
        }
        assertEquals("free", otherProcess());
    }

    @Test
    void aFileIsSeenToBeLockedWithoutBeingLocked() throws IOException {
        assertFalse(LockableFile.isLocked(file));
        try (var lock = LockableFile.open(file)) {
            assertTrue(lock.tryLock(LockableFile.Kind.FCNTL));
            assertTrue(LockableFile.isLocked(file));
            lock.unlock(LockableFile.Kind.FCNTL);
            assertFalse(LockableFile.isLocked(file));
        }
        // A lock of POSIX, which this process holds in Java's own way.
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
                var _ = channel.lock();
                var lock = LockableFile.open(file)) {
            assertFalse(lock.tryLock(LockableFile.Kind.FCNTL));
        }
        assertThrows(NoSuchFileException.class, () -> LockableFile.isLocked(dir.resolve("none")));
    }

    @ParameterizedTest
    @EnumSource
    void whoeverWaitsGetsTheLockWhenItIsGivenUp(LockableFile.Kind kind) throws Exception {
        try (var one = LockableFile.open(file);
                var two = LockableFile.open(file)) {
            one.lock(kind);
            var waiting =
                    CompletableFuture.runAsync(() -> {
                        try {
                            two.lock(kind);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
            assertFalse(waiting.isDone());
            one.unlock(kind);
            waiting.get();
            assertFalse(one.tryLock(kind));
        }
    }

    @Test
    void aFileThatWasReplacedIsAnother() throws IOException {
        try (var lock = LockableFile.open(file)) {
            assertTrue(lock.isStill());
            Files.move(
                    Files.writeString(dir.resolve("new"), ""),
                    file,
                    StandardCopyOption.REPLACE_EXISTING);
            assertFalse(lock.isStill());
        }
    }

    @Test
    void whatCannotBeOpenedIsSaidAsJavaSaysIt() throws IOException {
        assertThrows(NoSuchFileException.class, () -> LockableFile.open(dir.resolve("none")));
        try (CheckedFile directory = CheckedFile.look(dir)) {
            var e = assertThrows(IOException.class, () -> LockableFile.of(directory));
            assertEquals(dir + ": not a regular file", e.getMessage());
        }
        LockableFile.create(dir.resolve("fresh"), 0600).close();
        assertEquals(0600, FileStatus.of(dir.resolve("fresh")).permissions());
    }

    /// Whether a second Java machine can lock the file by `F_SETLK`.
    private String otherProcess() throws IOException {
        var process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                OtherLocker.class.getName(),
                                file.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    /// The second machine's program.
    static final class OtherLocker {
        static void main(String[] args) throws IOException {
            try (var channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
                System.out.print(channel.tryLock() == null ? "held" : "free");
            }
        }
    }
}
