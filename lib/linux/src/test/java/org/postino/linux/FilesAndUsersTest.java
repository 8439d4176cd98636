// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.util.FileSafe;

class FilesAndUsersTest {
    @TempDir Path dir;

    @Test
    void replaceLeavesNothingBesideTheFile() throws IOException {
        Path file = Files.writeString(dir.resolve("f"), "old");
        FileSafe.replace(file, "new".getBytes(StandardCharsets.US_ASCII), "rw-r-----");
        assertEquals("new", Files.readString(file));
        assertEquals(
                "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertThrows(
                IOException.class,
                () -> FileSafe.replace(dir.resolve("no/such"), new byte[1], "rw-------"));
        try (var all = Files.list(dir)) {
            assertEquals(1, all.count());
        }
    }

    @Test
    void aFilesStatusSaysWhatItIsAndWhetherItChanged() throws IOException {
        Path file = Files.writeString(dir.resolve("f"), "four");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        FileStatus is = FileStatus.of(file);
        assertTrue(is.isRegular() && !is.isDirectory() && !is.isLink());
        assertEquals(0640, is.permissions());
        assertEquals(4, is.size());
        assertEquals(1, is.links());
        assertEquals(Processes.ownUid(), is.uid());
        assertEquals(Files.getLastModifiedTime(file), is.modified());
        assertEquals(is, FileStatus.of(file));

        Path second = Files.createLink(dir.resolve("second"), file);
        assertEquals(2, FileStatus.of(second).links());
        assertEquals(is.inode(), FileStatus.of(second).inode());

        Path link = Files.createSymbolicLink(dir.resolve("link"), dir.resolve("d"));
        assertThrows(NoSuchFileException.class, () -> FileStatus.following(link));
        Files.createDirectory(dir.resolve("d"));
        assertTrue(FileStatus.of(link).isLink());
        assertTrue(FileStatus.following(link).isDirectory());
    }

    @Test
    void aLockIsHeldOnce() throws IOException {
        Path file = dir.resolve("pid");
        assertFalse(HeldLock.isHeld(file));
        var lock = HeldLock.take(file).orElseThrow();
        assertEquals(ProcessHandle.current().pid() + "\n", Files.readString(file));
        assertTrue(HeldLock.isHeld(file));
        assertEquals(Optional.empty(), HeldLock.take(file));
        lock.close();
        assertFalse(HeldLock.isHeld(file));
    }

    @Test
    void accountsAreFoundByNameAndNumber() throws IOException {
        SystemUser root = Users.byName("root").orElseThrow();
        assertEquals(0, root.uid());
        assertEquals(Optional.of(root), Users.byUid(0));
        assertEquals(Optional.empty(), Users.byName("no-such-user"));
        assertEquals(Optional.empty(), Users.byName(""));
        assertEquals(OptionalInt.of(0), Users.gidOf("root"));
        assertTrue(Users.groupsOf(root).contains(0));
        assertEquals("4123456", Users.nameOf(4_123_456));
    }

    @Test
    void workAsAUserMakesTheUsersFilesAndSeesWhatTheUserSees() throws IOException {
        Assumptions.assumeTrue(Processes.isRoot(), "changing users needs root");
        SystemUser nobody = Users.byName("nobody").orElseThrow();
        Path secret = Files.writeString(dir.resolve("secret"), "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxrwx"));
        AsUser as = AsUser.of(nobody);
        for (String name : new String[] {"a", "b"}) {
            Path file = as.call(() -> Files.writeString(dir.resolve(name), "x"));
            assertEquals(nobody.uid(), Files.getAttribute(file, "unix:uid"));
        }
        assertThrows(AccessDeniedException.class, () -> as.call(() -> Files.readString(secret)));
        assertEquals("x", Files.readString(secret));
    }

    /// The thread, and the file system ids that the kernel says it has: the last of four in each line.
    private static String whoAmI() throws IOException {
        var ids = new StringBuilder();
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/status"))) {
            if (line.startsWith("Uid:") || line.startsWith("Gid:") || line.startsWith("Groups:")) {
                ids.append(line.substring(line.lastIndexOf('\t') + 1).strip()).append(' ');
            }
        }
        return ids.toString().strip();
    }

    @Test
    void oneThreadServesManyUsersAndIsEachOfThemAlone() throws Exception {
        Assumptions.assumeTrue(Processes.isRoot(), "changing users needs root");
        var threads = new HashSet<Thread>();
        for (int i = 0; i < 200; i++) {
            int id = 61_000 + i;
            String seen =
                    AsUser.of(id, id + 1000)
                            .call(() -> {
                                threads.add(Thread.currentThread());
                                return whoAmI();
                            });
            assertEquals(id + " " + (id + 1000) + " " + (id + 1000), seen);
        }
        assertTrue(threads.size() < 20, threads + " for 200 users, one after the other");
    }

    @Test
    void workAsOneUserMayAskForAnotherAndIsItselfAgain() throws IOException {
        Assumptions.assumeTrue(Processes.isRoot(), "changing users needs root");
        var seen = new ArrayList<String>();
        AsUser.of(61_001, 61_002)
                .call(() -> {
                    Thread outer = Thread.currentThread();
                    seen.add(whoAmI());
                    AsUser.of(61_003, 61_004)
                            .call(() -> {
                                assertSame(outer, Thread.currentThread());
                                return seen.add(whoAmI());
                            });
                    seen.add(whoAmI());
                    assertThrows(
                            NoSuchFileException.class,
                            () ->
                                    AsUser.of(61_005, 61_006)
                                            .call(() -> Files.readString(Path.of("/none"))));
                    return seen.add(whoAmI());
                });
        String outer = "61001 61002 61002";
        assertEquals(List.of(outer, "61003 61004 61004", outer, outer), seen);
    }

    @Test
    void aThreadWithoutWorkIsTheProcessItself() throws Exception {
        Assumptions.assumeTrue(Processes.isRoot(), "changing users needs root");
        AsUser.of(61_001, 61_002).call(FilesAndUsersTest::whoAmI);
        String own = groups(Files.readString(Path.of("/proc/self/status")));
        int found = 0;
        try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                if (Files.readString(task.resolve("comm")).strip().equals("files")) {
                    String status = Files.readString(task.resolve("status"));
                    assertTrue(status.contains("Uid:" + "\t0".repeat(4)), status);
                    assertEquals(own, groups(status));
                    found++;
                }
            }
        }
        assertTrue(found > 0);
    }

    private static String groups(String status) {
        int at = status.indexOf("Groups:");
        return status.substring(at, status.indexOf('\n', at)).strip();
    }

    @Test
    void workElsewhereIsNeverOnTheCallersThread() throws IOException {
        AsUser own = AsUser.of(Processes.ownUid(), Processes.ownGid());
        assertNotSame(Thread.currentThread(), own.callElsewhere(Thread::currentThread));
    }

    @Test
    void workTogetherIsTheProcessesOwnAndEachCallInItIsTheUsers() throws IOException {
        Assumptions.assumeTrue(Processes.isRoot(), "changing users needs root");
        AsUser as = AsUser.of(61_001, 61_002);
        var threads = new HashSet<Thread>();
        var seen = new ArrayList<String>();
        String own = whoAmI();
        as.together(() -> {
            for (int i = 0; i < 2; i++) {
                threads.add(Thread.currentThread());
                seen.add(whoAmI());
                as.call(() -> {
                    threads.add(Thread.currentThread());
                    return seen.add(whoAmI());
                });
            }
            return as.together(() -> threads.add(Thread.currentThread()));
        });
        assertEquals(1, threads.size());
        assertNotSame(Thread.currentThread(), threads.iterator().next());
        assertEquals(List.of(own, "61001 61002 61002", own, "61001 61002 61002"), seen);
        IOException thrown =
                assertThrows(
                        IOException.class,
                        () ->
                                as.together(() -> {
                                    throw new IOException("as it was");
                                }));
        assertEquals("as it was", thrown.getMessage());
    }

    @Test
    void workTogetherIsDoneBeforeAnInterruptedThreadGoesOn() throws Exception {
        Assumptions.assumeTrue(Processes.isRoot(), "changing users needs root");
        var begun = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var order = Collections.synchronizedList(new ArrayList<String>());
        Thread caller =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                AsUser.of(61_001, 61_002)
                                        .together(() -> {
                                            begun.countDown();
                                            awaitOf(mayEnd);
                                            return order.add("done");
                                        });
                            } catch (IOException e) {
                                order.add(e.toString());
                            }
                            order.add("interrupted " + Thread.currentThread().isInterrupted());
                        });
        begun.await();
        caller.interrupt();
        mayEnd.countDown();
        caller.join();
        assertEquals(List.of("done", "interrupted true"), order);
    }

    private static void awaitOf(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
