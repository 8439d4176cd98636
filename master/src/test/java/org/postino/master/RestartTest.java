// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private long daemons() {
        try {
            return suite.ask("status").stream().filter(l -> l.contains("\tsmtpd\t")).count();
        } catch (IOException e) {
            return 0;
        }
    }
}
