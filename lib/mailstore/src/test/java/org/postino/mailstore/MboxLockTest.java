// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.OtherProgram;

class MboxLockTest {
    @TempDir Path dir;
    private Path box;

    @BeforeEach
    void make() {
        box = dir.resolve("box");
    }

    private static MboxLocking only(MboxLocking.Kind... kinds) {
        return new MboxLocking(
                List.of(kinds), Duration.ofMillis(50), Duration.ofSeconds(500), false);
    }

    private MboxFile.Held take(MboxLocking how) throws IOException {
        return new MboxFile(box, MboxFile.ANYBODY, true).take(how, Clock.systemUTC());
    }

    @Test
    void eachKindIsWhatOtherProgramsKnowByItsName() throws IOException {
        try (var _ = take(only(MboxLocking.Kind.FCNTL))) {
            assertTrue(OtherProgram.findsFcntl(box));
            assertFalse(OtherProgram.findsFlock(box));
            assertFalse(Files.exists(dir.resolve("box.lock")));
        }
        try (var _ = take(only(MboxLocking.Kind.FLOCK))) {
            assertFalse(OtherProgram.findsFcntl(box));
            assertTrue(OtherProgram.findsFlock(box));
        }
        try (var _ = take(only(MboxLocking.Kind.values()))) {
            assertTrue(OtherProgram.findsFcntl(box));
            assertTrue(OtherProgram.findsFlock(box));
            assertTrue(Files.exists(dir.resolve("box.lock")));
        }
        assertFalse(OtherProgram.findsFcntl(box));
        assertFalse(OtherProgram.findsFlock(box));
        assertFalse(Files.exists(dir.resolve("box.lock")));
    }

    @Test
    void whatElseTheProcessDoesWithTheFileTakesNoLock() throws IOException {
        try (var _ = take(MboxLocking.DEFAULT)) {
            var e =
                    assertThrows(
                            MailStoreException.class,
                            () -> take(only(MboxLocking.Kind.FCNTL)).close());
            assertEquals(MailStoreException.Problem.IN_USE, e.problem());
            Files.readString(box);
            Files.setLastModifiedTime(box, FileTime.fromMillis(0));
            Files.copy(box, dir.resolve("copy"));
            assertTrue(OtherProgram.findsFcntl(box));
        }
    }

    /// The kernel's locks are given back as well when the last of them is not to be had.
    @Test
    void whoeverGetsNotAllLocksKeepsNone() throws IOException {
        try (var _ = take(only(MboxLocking.Kind.FLOCK))) {
            assertThrows(
                    MailStoreException.class, () -> take(only(MboxLocking.Kind.values())).close());
            assertFalse(OtherProgram.findsFcntl(box));
            assertFalse(Files.exists(dir.resolve("box.lock")));
        }
    }

    /// One delivery takes the lock between the moments in which another gives it up and closes the file.
    @Test
    void aDeliveryThatEndsTakesNoLockFromTheNext() throws IOException {
        var first = take(only(MboxLocking.Kind.FCNTL));
        first.lock().close();
        try (var _ = take(only(MboxLocking.Kind.FCNTL))) {
            first.close();
            assertTrue(OtherProgram.findsFcntl(box));
        }
    }

    @Test
    void aDeliveryIsLockedToItsEndWhileOthersReadTheMailbox() throws IOException {
        var delivery = new MboxDelivery(Clock.systemUTC(), MboxLocking.DEFAULT);
        var text =
                new ByteArrayInputStream(
                        "Subject: x\n\nbody\n".getBytes(StandardCharsets.US_ASCII));
        var seen = new ArrayList<Boolean>();
        InputStream watched =
                new FilterInputStream(text) {
                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        int n = super.read(into, offset, length);
                        if (n < 0) {
                            Files.readString(box);
                            seen.add(OtherProgram.findsFcntl(box));
                        }
                        return n;
                    }
                };
        delivery.deliver(new MboxDelivery.Target(box, null, 0), "a@x.test", new byte[0], watched);
        assertTrue(!seen.isEmpty() && seen.stream().allMatch(held -> held), seen.toString());
    }
}
