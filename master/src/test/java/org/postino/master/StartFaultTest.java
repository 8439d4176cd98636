// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Command;

/// What can be wrong when the suite is started: it says what, and leaves nothing half done.
class StartFaultTest {
    @TempDir Path dir;
    private TestSuite suite;

    @BeforeEach
    void create() throws IOException {
        suite = new TestSuite(dir.resolve("mx"));
    }

    @AfterEach
    void close() throws Exception {
        suite.close();
    }

    @Test
    void whoHasTheTakenPortIsSaid() throws Exception {
        try (var taken = new ServerSocket(suite.port(), 1, InetAddress.getLoopbackAddress())) {
            String said = suite.start();
            String who =
                    "master.cf, line 1: cannot listen on 127.0.0.1:"
                            + taken.getLocalPort()
                            + ": Address already in use by process "
                            + ProcessHandle.current().pid()
                            + " (java)";
            assertTrue(said.contains(who), said);
        }
        assertEquals("", suite.start(), "nothing was left behind");
    }

    @Test
    void aStalePidFileHoldsNobodyUp() throws Exception {
        Path file = Files.createDirectories(suite.spool().resolve("pid")).resolve("master.pid");
        Files.writeString(file, "1\n");
        assertEquals("", suite.start());
        assertEquals("" + suite.master().pid(), Files.readString(file).strip());
    }

    @Test
    void aMasterThatWasKilledLeavesNothingInTheWay() throws Exception {
        assertEquals("", suite.start());
        Process killed = suite.master();
        killed.destroyForcibly();
        assertTrue(killed.waitFor(30, TimeUnit.SECONDS));
        assertEquals("", suite.start());
        try (var client = suite.connect()) {
            client.greeting();
        }
    }

    @Test
    void aQueueDirectoryThatCannotBeIsNamed() throws Exception {
        Files.writeString(dir.resolve("file"), "");
        suite.mainCf("queue_directory = " + dir.resolve("file/spool"));
        String said = suite.start();
        assertTrue(said.startsWith("postino: fatal: "), said);
        assertTrue(said.contains(dir.resolve("file").toString()), said);
        assertFalse(said.contains("Exception"), said);
        suite.mainCf("queue_directory = /proc/postino");
        said = suite.start();
        assertTrue(said.startsWith("postino: fatal: /proc/postino"), said);
        assertFalse(said.contains("Exception"), said);
    }

    @Test
    void aFullDiskIsNamed() throws Exception {
        Path full = Files.createDirectories(dir.resolve("full"));
        boolean mounted =
                new Command("mount", "-t", "tmpfs", "-o", "size=64k", "full", full.toString())
                                .run()
                                .status()
                        == 0;
        Assumptions.assumeTrue(mounted, "needs root");
        try {
            new Command("sh", "-c", "cat /dev/zero >" + full.resolve("fill")).run();
            suite.mainCf("queue_directory = " + full.resolve("spool"));
            String said = suite.start();
            assertTrue(said.startsWith("postino: fatal: "), "[" + said + "]");
            assertTrue(said.contains("No space left on device"), "[" + said + "]");
        } finally {
            new Command("umount", full.toString()).run().ok();
        }
    }
}
