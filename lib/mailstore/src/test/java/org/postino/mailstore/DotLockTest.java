// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lock files and what becomes of those that nobody holds any more.
final class DotLockTest {
    private static final Duration STALE = Duration.ofHours(1);

    @TempDir Path dir;
    private Path file;
    private Path lock;

    @BeforeEach
    void names() {
        file = dir.resolve("box");
        lock = dir.resolve("box.lock");
    }

    private DotLock take() throws IOException {
        return DotLock.take(file, Duration.ZERO, STALE, Clock.systemUTC());
    }

    private long files() throws IOException {
        try (var files = Files.list(dir)) {
            return files.count();
        }
    }

    @Test
    void theLockSaysWhoseItIsAndIsRemoved() throws IOException {
        try (var _ = take()) {
            assertEquals(
                    ProcessHandle.current().pid() + ":" + DotLock.hostName(),
                    Files.readString(lock));
            assertThrows(MailStoreException.class, this::take);
        }
        assertEquals(0, files());
    }

    @Test
    void whoseLockWasBrokenLeavesTheNextOneAlone() throws IOException {
        var first = take();
        Files.setLastModifiedTime(lock, FileTime.fromMillis(0));
        try (var _ = take()) {
            first.close();
            assertTrue(Files.exists(lock));
            assertThrows(MailStoreException.class, this::take);
        }
        assertEquals(0, files());
    }

    @Test
    void whatABreakLeftBehindIsNotInTheWayOfTheNext() throws IOException {
        Files.createFile(dir.resolve("box.lock.stale." + ProcessHandle.current().pid()));
        Files.writeString(lock, "4194999:" + DotLock.hostName());
        take().close();
        assertEquals(1, files());
    }

    @Test
    void aLockTakenAwayByMistakeComesBackUnlessThereIsANewOne() throws IOException {
        Path aside = Files.writeString(dir.resolve("aside"), "1:a");
        DotLock.putBack(aside, lock);
        assertEquals("1:a", Files.readString(lock));
        Files.writeString(aside, "2:b");
        assertThrows(FileAlreadyExistsException.class, () -> DotLock.putBack(aside, lock));
        assertEquals("1:a", Files.readString(lock));
        assertEquals(1, files());
    }
}
