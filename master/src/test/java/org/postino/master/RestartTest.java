// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.linux.HeldLock;

/// A new master in the place of the old.
class RestartTest {
    @TempDir Path dir;
    private TestSuite suite;

    @BeforeEach
    void create() throws IOException {
        suite = new TestSuite(dir.resolve("mx"));
        suite.environment("POSTINO_JAVA_OPTIONS", String.join(" ", TestSuite.standIns()));
    }

    @AfterEach
    void close() throws Exception {
        suite.close();
    }

    @Test
    void noConnectionIsRefusedAndNoSessionBroken() throws Exception {
        suite.smtpd("-", 100, "");
        assertEquals("", suite.start());
        long pid = suite.master().pid();
        try (var patient = suite.connect();
                var load = Load.ofSessions(suite, 4)) {
            patient.greeting();
            for (int round = 1; round <= 2; round++) {
                load.await(20);
                suite.mainCf("mail_name = Round" + round);
                assertEquals(List.of("ok"), suite.ask("restart"));
                assertEquals(pid + "\n", Files.readString(suite.spool().resolve("pid/master.pid")));
                assertTrue(HeldLock.isHeld(suite.spool().resolve("pid/master.pid")));
            }
            load.end();
            assertEquals("250 still here", patient.ask("still here"));
        }
        try (var client = suite.connect()) {
            assertTrue(client.line().endsWith(" Round2"));
        }
        Await.until("the old daemons have left", () -> daemons() == 1);
        assertTrue(suite.master().isAlive());
    }

    @Test
    void aQueueThatMovedRefusesIt() throws Exception {
        assertEquals("", suite.start());
        suite.mainCf("queue_directory = " + dir.resolve("elsewhere"));
        List<String> answer = suite.ask("restart");
        assertEquals("failed", answer.getLast());
        assertTrue(answer.getFirst().contains("queue_directory"), answer.toString());
        try (var client = suite.connect()) {
            client.greeting();
        }
    }

    @Test
    void afterANewMasterThatCannotBeExecutedTheOldOneIsAsItWas() throws Exception {
        suite.option("-Dpostino.home=" + dir.resolve("removed"));
        assertEquals("", suite.start());
        List<String> answer = suite.ask("restart");
        assertEquals("failed", answer.getLast());
        assertTrue(answer.getFirst().contains("removed/bin/postino"), answer.toString());
        try (var client = suite.connect()) {
            client.greeting();
            String found = client.ask("SOCKETS");
            assertTrue(found.matches("250 \\[2=pipe:\\[\\d+\\]\\]"), found);
        }
        long master = suite.master().pid();
        TestSuite.suspend(master);
        try {
            assertEquals(List.of(), socketsForChildren(master));
        } finally {
            TestSuite.resume(master);
        }
    }

    /// Lists the sockets and pipes of a process that a child would have, too, if nobody closed them.
    private static List<String> socketsForChildren(long pid) throws IOException {
        Path process = Path.of("/proc/" + pid);
        var found = new ArrayList<String>();
        try (var numbers = Files.newDirectoryStream(process.resolve("fdinfo"))) {
            for (Path info : numbers) {
                String number = info.getFileName().toString();
                String what = Files.readSymbolicLink(process.resolve("fd/" + number)).toString();
                boolean ours = what.startsWith("socket:") || what.startsWith("pipe:");
                if (ours && Integer.parseInt(number) > 2 && !isClosedByExec(info)) {
                    found.add(number + "=" + what);
                }
            }
        }
        return found;
    }

    private static boolean isClosedByExec(Path info) throws IOException {
        for (String line : Files.readAllLines(info)) {
            if (line.startsWith("flags:")) {
                return (Integer.parseInt(line.substring(6).strip(), 8) & 02000000) != 0;
            }
        }
        throw new IOException(info + " has no flags");
    }

    private long daemons() {
        try {
            return suite.ask("status").stream().filter(l -> l.contains("\tsmtpd\t")).count();
        } catch (IOException e) {
            return 0;
        }
    }
}
