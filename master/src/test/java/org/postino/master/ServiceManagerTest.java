// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;

class ServiceManagerTest {
    @TempDir Path dir;

    @Test
    void itIsToldOfTheStartLifeAndStop() throws IOException {
        Path path = dir.resolve("notify");
        var now = new AtomicLong();
        var environment =
                Map.of("NOTIFY_SOCKET", path.toString(), "WATCHDOG_USEC", "2000", "X", "Y");
        try (var manager = new FakeDatagrams(path)) {
            var us = ServiceManager.of(environment, 42, now::get);
            us.ready();
            assertEquals("READY=1\nMAINPID=42", manager.next());
            us.turn();
            assertEquals("WATCHDOG=1", manager.next());
            assertEquals(1_000_000, us.pause(9_000_000), "half of the manager's time");
            now.addAndGet(999_999);
            us.turn();
            us.status("4 services");
            assertEquals("STATUS=4 services", manager.next());
            now.incrementAndGet();
            us.status("5 services");
            us.turn();
            assertEquals("WATCHDOG=1", manager.next(), "no status so soon");
            us.stopping();
            assertEquals("STOPPING=1\nSTATUS=finishing what is under way", manager.next());
        }
    }

    @Test
    void aWatchdogForAnotherProcessIsNotOurs() {
        var environment =
                Map.of("NOTIFY_SOCKET", "/nowhere", "WATCHDOG_USEC", "2000", "WATCHDOG_PID", "7");
        var us = ServiceManager.of(environment, 42, () -> 0);
        assertEquals(5, us.pause(5));
        us.ready(); // nobody listens: that is no reason not to work
    }

    @Test
    void aNameWithoutAFileIsReachedToo() throws Exception {
        String name = "@postino-test-" + ProcessHandle.current().pid();
        var reader = new ProcessBuilder("python3", "-c", ABSTRACT_READER, name).start();
        try (var said = reader.inputReader()) {
            assertEquals("bound", said.readLine());
            ServiceManager.of(Map.of("NOTIFY_SOCKET", name), 42, () -> 0).ready();
            assertEquals("READY=1", said.readLine());
        } finally {
            reader.destroy();
        }
    }

    private static final String ABSTRACT_READER =
            """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind("\\0" + sys.argv[1][1:])
            print("bound", flush=True)
            print(s.recv(4096).decode(), flush=True)
            """;

    @Test
    void theRealMasterReportsItselfAndReloadsOnHangup() throws Exception {
        Path path = dir.resolve("notify");
        try (var manager = new FakeDatagrams(path);
                var suite = new TestSuite(dir.resolve("mx"))) {
            suite.environment("NOTIFY_SOCKET", path.toString());
            suite.environment("WATCHDOG_USEC", "400000");
            assertEquals("", suite.start());
            long pid = suite.master().pid();
            assertEquals("READY=1\nMAINPID=" + pid, manager.next());
            awaitSaid(manager, "WATCHDOG=1");
            int smtpd;
            try (var client = suite.connect()) {
                smtpd = client.greeting();
            }
            String environment = Files.readString(Path.of("/proc/" + smtpd + "/environ"));
            assertFalse(environment.contains("NOTIFY_SOCKET"), "daemons are not the manager's");
            signal("HUP", pid);
            String reload = awaitSaid(manager, "RELOADING=1");
            assertTrue(reload.matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+"), reload);
            awaitSaid(manager, "READY=1");
            suite.awaitLog("reload -- version ");
            suite.mainCf("minimal_backoff_time = fish");
            signal("HUP", pid);
            suite.awaitLog("reload refused: the suite goes on as it was");
            try (var client = suite.connect()) {
                client.greeting();
            }
            signal("TERM", pid);
            awaitSaid(manager, "STOPPING=1");
            assertTrue(suite.master().waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, suite.master().exitValue());
        }
    }

    @Test
    void aLoopThatHangsGivesNoSignOfLife() throws Exception {
        Path path = dir.resolve("notify");
        try (var manager = new FakeDatagrams(path);
                var suite = new TestSuite(dir.resolve("mx"))) {
            suite.environment("NOTIFY_SOCKET", path.toString());
            suite.environment("WATCHDOG_USEC", "200000");
            assertEquals("", suite.start());
            awaitSaid(manager, "WATCHDOG=1");
            signal("STOP", suite.master().pid());
            Await.until("it is silent", () -> isSilent(manager));
            signal("CONT", suite.master().pid());
            awaitSaid(manager, "WATCHDOG=1");
        }
    }

    /// No datagram within twice the time after which the manager would act.
    private static boolean isSilent(FakeDatagrams manager) throws IOException {
        return manager.next(Duration.ofMillis(400)).isEmpty();
    }

    private static String awaitSaid(FakeDatagrams manager, String start) throws IOException {
        var others = new ArrayList<String>();
        for (int i = 0; i < 1000; i++) {
            String said = manager.next();
            if (said.startsWith(start)) {
                return said;
            }
            others.add(said);
        }
        throw new AssertionError("no " + start + " in " + others);
    }

    private static void signal(String name, long pid) throws Exception {
        int status = new ProcessBuilder(List.of("kill", "-" + name, "" + pid)).start().waitFor();
        assertEquals(0, status);
    }
}
