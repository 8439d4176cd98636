// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.util.HeldLock;

/// A new master in the place of the old.
class RestartTest {
    @TempDir Path dir;
    private TestSuite suite;

    @BeforeEach
    void create() throws IOException {
        suite = new TestSuite(dir.resolve("mx"));
        var standIns = new ArrayList<String>();
        for (String program : List.of("Smtpd", "Qmgr", "Pickup", "Auth")) {
            standIns.add(
                    "-Dpostino.program."
                            + program.toLowerCase(java.util.Locale.ROOT)
                            + "=org.postino.master.StandIn"
                            + program);
        }
        suite.environment("POSTINO_JAVA_OPTIONS", String.join(" ", standIns));
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
        var failure = new AtomicReference<Throwable>();
        var done = new AtomicBoolean();
        var sessions = new AtomicInteger();
        var clients = new ArrayList<Thread>();
        try (var patient = suite.connect()) {
            patient.greeting();
            for (int i = 0; i < 4; i++) {
                clients.add(Thread.ofVirtual().start(() -> load(done, sessions, failure)));
            }
            for (int round = 1; round <= 2; round++) {
                int mark = sessions.get() + 20;
                Await.until("load", () -> sessions.get() >= mark || failure.get() != null);
                suite.mainCf("mail_name = Round" + round);
                assertEquals(List.of("ok"), suite.ask("restart"));
                assertEquals(pid + "\n", Files.readString(suite.spool().resolve("pid/master.pid")));
                assertTrue(HeldLock.isHeld(suite.spool().resolve("pid/master.pid")));
            }
            done.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertEquals("250 still here", patient.ask("still here"));
        }
        if (failure.get() != null) {
            throw new AssertionError("after " + sessions + " sessions", failure.get());
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

    private void load(
            AtomicBoolean done, AtomicInteger sessions, AtomicReference<Throwable> failure) {
        try {
            while (!done.get()) {
                try (var client = suite.connect()) {
                    client.greeting();
                    String answer = client.ask("hello");
                    if (!answer.equals("250 hello")) {
                        throw new IOException("answer: " + answer);
                    }
                }
                sessions.incrementAndGet();
            }
        } catch (IOException e) {
            failure.compareAndSet(null, e);
        }
    }
}
