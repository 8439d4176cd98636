// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;

/// Starting, watching, reloading and stopping real processes.
class MasterProcessTest {
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
    void aServiceStartsWithItsFirstConnectionAndServesTheNext() throws Exception {
        assertEquals("", suite.start());
        assertEquals("listening", suite.state("smtpd"));
        int pid;
        try (var client = suite.connect()) {
            pid = client.greeting();
            assertEquals("250 hello", client.ask("hello"));
        }
        try (var client = suite.connect()) {
            assertEquals(pid, client.greeting());
            assertEquals(pid, Integer.parseInt(suite.status("smtpd").get(4)));
            Await.until("the session is counted", () -> suite.status("smtpd").get(5).equals("1"));
        }
    }

    @Test
    void linesInTheLogHavePostfixForm() throws Exception {
        suite.smtpd("-", 10, "-o syslog_name=postino/$process_name/submission");
        assertEquals("", suite.start());
        int pid;
        try (var client = suite.connect()) {
            pid = client.greeting();
        }
        suite.awaitLog(" mx postino/smtpd/submission/smtpd[" + pid + "]: connect from ");
        assertTrue(
                suite.logged(
                        " mx postino/master["
                                + suite.master().pid()
                                + "]: daemon started -- version "));
        String line = suite.log().getFirst();
        assertTrue(line.matches("[A-Z][a-z]{2} [ 1-3][0-9] \\d\\d:\\d\\d:\\d\\d mx .*"), line);
        suite.ask("log\twarning\tpostlog\t42\tfrom a script");
        suite.awaitLog(" postino/postlog[42]: warning: from a script");
    }

    @Test
    void aStrayPrintDisturbsNothingAndIsLogged() throws Exception {
        assertEquals("", suite.start());
        try (var client = suite.connect()) {
            client.greeting();
            suite.awaitLog("warning: a stray line on standard output");
        }
    }

    @Test
    void aServiceLeavesWhenIdleAndNoConnectionIsLost() throws Exception {
        suite.mainCf("max_idle = 1s");
        assertEquals("", suite.start());
        for (int offset : new int[] {960, 985, 1000, 1010, 1040}) {
            try (var client = suite.connect()) {
                client.greeting();
            }
            // What is tested is the moment in which the daemon decides to leave.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(offset));
        }
        Await.until("smtpd has left", () -> suite.state("smtpd").equals("listening"));
        assertFalse(suite.logged("smtpd pid"), "left in order");
    }

    @Test
    void aDaemonThatDiesIsStartedAnewAndTheNewsIsLoud() throws Exception {
        assertEquals("", suite.start());
        int pid;
        try (var client = suite.connect()) {
            pid = client.greeting();
            client.say("HALT");
            assertEquals("null", client.line());
        }
        try (var client = suite.connect()) {
            assertNotEquals(pid, client.greeting());
        }
        suite.awaitLog("warning: process smtpd pid " + pid + " exit status 3");
    }

    @Test
    void aBugEndsTheSessionAndNotTheDaemon() throws Exception {
        assertEquals("", suite.start());
        int pid;
        try (var client = suite.connect()) {
            pid = client.greeting();
            assertEquals("null", client.ask("PANIC"));
        }
        try (var client = suite.connect()) {
            assertEquals(pid, client.greeting());
        }
        suite.awaitLog("panic: session: java.lang.IllegalStateException: as asked");
    }

    @Test
    void aDaemonThatCannotStartIsThrottled() throws Exception {
        suite.rows(
                "auth unix - - n - - auth", "127.0.0.1:" + suite.port() + " inet n - n - - smtpd");
        assertEquals("", suite.start());
        Path socket = suite.spool().resolve("private/auth");
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            suite.awaitLog("auth: bad command startup -- throttling for 2s");
            assertTrue(suite.logged("warning: cannot do it"));
            assertTrue(suite.logged("warning: process auth pid "));
            Await.until("throttled", () -> suite.state("auth").equals("throttled"));
            assertTrue(channel.isConnected());
        }
        assertTrue(Integer.parseInt(suite.status("auth").get(6)) <= 3, "not restarted in a loop");
    }

    @Test
    void aSessionBeyondTheLimitWaits() throws Exception {
        suite.smtpd("-", 2, "");
        assertEquals("", suite.start());
        var first = suite.connect();
        first.greeting();
        try (var second = suite.connect();
                var third = suite.connect()) {
            second.greeting();
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            assertFalse(third.hasInput(), "the third session has begun");
            suite.awaitLog("has reached its limit of 2 sessions: new clients wait");
            first.close();
            third.greeting();
        }
    }

    @Test
    void allErrorsOfBothFilesAreReportedAndNothingStarts() throws Exception {
        suite.mainCf("max_idle = soon", "message_size_limit = many");
        suite.rows(
                "smtp inet n - n - - smptd",
                "relay unix - - n",
                "127.0.0.1:99999 inet n - n - - smtpd");
        String said = suite.start();
        for (String part :
                List.of(
                        "max_idle",
                        "message_size_limit",
                        "main.cf, line 8",
                        "master.cf, line 2",
                        "99999")) {
            assertTrue(said.contains(part), part + " in: " + said);
        }
        assertEquals(1, suite.master().exitValue());
        assertFalse(Files.exists(suite.spool().resolve("pid/master.pid")));
    }

    @Test
    void anUnknownProgramIsReported() throws Exception {
        suite.rows("smtp inet n - n - - smptd");
        String said = suite.start();
        assertTrue(said.contains("master.cf, line 1: unknown program \"smptd\""), said);
    }

    @Test
    void aPortInUseIsReportedWithItsRow() throws Exception {
        try (var taken = new ServerSocket(suite.port(), 1, InetAddress.getLoopbackAddress())) {
            String said = suite.start();
            assertTrue(
                    said.contains(
                            "master.cf, line 1: cannot listen on 127.0.0.1:"
                                    + taken.getLocalPort()),
                    said);
        }
    }

    @Test
    void aSecondMasterOnTheSameSpoolIsRefused() throws Exception {
        assertEquals("", suite.start());
        try (var second = new TestSuite(dir.resolve("other"))) {
            Files.copy(
                    dir.resolve("mx/main.cf"),
                    dir.resolve("other/main.cf"),
                    StandardCopyOption.REPLACE_EXISTING);
            String said = second.start();
            assertTrue(
                    said.contains(
                            "already running on this queue_directory, process "
                                    + suite.master().pid()),
                    said);
        }
        try (var client = suite.connect()) {
            client.greeting();
        }
    }

    @Test
    void reloadRefusesNoConnectionAndBreaksNoSession() throws Exception {
        suite.smtpd("-", 100, "");
        assertEquals("", suite.start());
        try (var patient = suite.connect();
                var load = Load.ofSessions(suite, 8)) {
            patient.greeting();
            for (int round = 1; round <= 3; round++) {
                load.await(40);
                suite.mainCf("mail_name = Round" + round);
                assertEquals(List.of("ok"), suite.ask("reload"));
            }
            load.end();
            assertEquals("250 still here", patient.ask("still here"));
        }
        try (var client = suite.connect()) {
            assertTrue(client.line().endsWith(" Round3"));
        }
    }

    @Test
    void whoWaitsForAClientIsServedUntilTheSuccessorIsReady() throws Exception {
        suite.smtpd("-", 100, "");
        assertEquals("", suite.start());
        int before;
        try (var client = suite.connect()) {
            before = client.greeting();
        }
        Path ready = suite.spool().resolve("ready");
        suite.mainCf("mail_name = " + ready);
        try (var reload = Executors.newVirtualThreadPerTaskExecutor()) {
            var answer = reload.submit(() -> suite.ask("reload"));
            suite.awaitLog("reload -- version");
            for (int i = 0; i < 3; i++) {
                try (var client = suite.connect()) {
                    assertEquals(before, client.greeting());
                }
            }
            assertFalse(answer.isDone(), "what was reloaded is not in force yet");
            Files.createFile(ready);
            assertEquals(List.of("ok"), answer.get());
        }
        try (var client = suite.connect()) {
            assertNotEquals(before, client.greeting());
        }
    }

    @Test
    void aReloadWhoseDaemonDoesNotStartFails() throws Exception {
        suite.smtpd("-", 100, "");
        assertEquals("", suite.start());
        int before;
        try (var client = suite.connect()) {
            before = client.greeting();
        }
        suite.mainCf("mail_name = Broken");
        List<String> answer = suite.ask("reload");
        assertEquals("failed", answer.getLast());
        assertTrue(
                answer.getFirst()
                        .endsWith(
                                ": the new configuration is not in force: its next daemon did not"
                                        + " start, and the one before serves on"),
                answer.toString());
        try (var client = suite.connect()) {
            assertEquals(before, client.greeting());
        }
        suite.mainCf("mail_name = Mended");
        assertEquals(List.of("ok"), suite.ask("reload"));
        try (var client = suite.connect()) {
            assertTrue(client.line().endsWith(" Mended"));
        }
    }

    @Test
    void aReloadIsInForceOnceTheDaemonBeforeAcceptsNoMore() throws Exception {
        suite.smtpd("-", 100, "");
        assertEquals("", suite.start());
        int before;
        try (var client = suite.connect()) {
            before = client.greeting();
        }
        suite.mainCf("mail_name = Next");
        TestSuite.suspend(before);
        try (var reload = Executors.newVirtualThreadPerTaskExecutor()) {
            var answer = reload.submit(() -> suite.ask("reload"));
            try (var client = suite.connect()) {
                assertTrue(client.line().endsWith(" Next"));
            }
            assertFalse(answer.isDone(), "the daemon before has not heard of it");
            TestSuite.resume(before);
            assertEquals(List.of("ok"), answer.get());
        } finally {
            TestSuite.resume(before);
        }
    }

    @Test
    void aReloadWithErrorsChangesNothing() throws Exception {
        assertEquals("", suite.start());
        int pid;
        try (var client = suite.connect()) {
            pid = client.greeting();
        }
        suite.mainCf("max_idle = soon", "mail_name = Broken");
        List<String> answer = suite.ask("reload");
        assertEquals("failed", answer.getLast());
        assertTrue(answer.getFirst().contains("max_idle"), answer.toString());
        try (var client = suite.connect()) {
            assertEquals(pid, client.greeting());
        }
    }

    @Test
    void aHalfEditedMainCfHurtsNobodyBeforeTheReload() throws Exception {
        assertEquals("", suite.start());
        suite.mainCf("mail_name = Broken");
        try (var client = suite.connect()) {
            assertTrue(client.line().endsWith(" Postino"));
        }
    }

    @Test
    void reloadBindsNewRowsAndReleasesThoseThatVanished() throws Exception {
        assertEquals("", suite.start());
        try (var next = new TestSuite(dir.resolve("ports"))) {
            suite.rows("127.0.0.1:" + next.port() + " inet n - n - - smtpd");
            assertEquals(List.of("ok"), suite.ask("reload"));
            try (var client = new TestSuite.Client(next.port())) {
                client.greeting();
            }
            Await.until("the old port is closed", () -> isRefused(suite.port()));
        }
    }

    @Test
    void aRowThatVanishedRefusesClientsWhileItsSessionsGoOn() throws Exception {
        assertEquals("", suite.start());
        try (var next = new TestSuite(dir.resolve("ports"));
                var patient = suite.connect()) {
            patient.greeting();
            suite.rows("127.0.0.1:" + next.port() + " inet n - n - - smtpd");
            assertEquals(List.of("ok"), suite.ask("reload"));
            assertTrue(isRefused(suite.port()));
            assertEquals("250 still here", patient.ask("still here"));
        }
        assertFalse(suite.logged("accept: "));
    }

    @Test
    void whileReloadChangesTheAddressOfAPortNobodyIsRefused() throws Exception {
        suite.rows("0.0.0.0:" + suite.port() + " inet n - n - 100 smtpd");
        assertEquals("", suite.start());
        try (var patient = suite.connect();
                var load = Load.ofConnections(suite, 1)) {
            patient.greeting();
            for (String address : List.of("127.0.0.1", "0.0.0.0", "127.0.0.1")) {
                load.await(10);
                suite.rows(address + ":" + suite.port() + " inet n - n - 100 smtpd");
                assertEquals(List.of("ok"), suite.ask("reload"));
                try (var client = suite.connect()) {
                    client.greeting();
                }
            }
            load.end();
            assertEquals("250 still here", patient.ask("still here"));
        }
    }

    private static boolean isRefused(int port) {
        try (var client = new TestSuite.Client(port)) {
            client.greeting();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void stopFinishesWhatIsUnderWay() throws Exception {
        assertEquals("", suite.start());
        try (var busy = suite.connect();
                var quiet = suite.connect()) {
            busy.greeting();
            quiet.greeting();
            busy.say("SLOW 1500");
            Await.until("both are counted", () -> suite.status("smtpd").get(5).equals("2"));
            assertEquals(List.of("ok"), suite.ask("stop"));
            assertEquals("250 done", busy.line());
            assertEquals("421 draining", quiet.line());
        }
        assertTrue(suite.master().waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, suite.master().exitValue());
    }

    @Test
    void sigtermStopsInOrder() throws Exception {
        assertEquals("", suite.start());
        int pid;
        try (var client = suite.connect()) {
            pid = client.greeting();
        }
        suite.master().destroy();
        assertTrue(suite.master().waitFor(30, TimeUnit.SECONDS));
        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        assertEquals(0, suite.master().exitValue());
        assertTrue(suite.logged("terminating on signal 15"));
    }

    @Test
    void daemonsOfAKilledMasterLeave() throws Exception {
        suite.rows(
                "qmgr unix n - n 300 1 qmgr",
                "127.0.0.1:" + suite.port() + " inet n - n - - smtpd");
        assertEquals("", suite.start());
        Await.until("qmgr runs from the start", () -> suite.state("qmgr").equals("running"));
        int pid;
        int qmgr = Integer.parseInt(suite.status("qmgr").get(4));
        try (var client = suite.connect()) {
            pid = client.greeting();
            suite.master().destroyForcibly();
            suite.master().waitFor();
            Await.until(
                    "orphans have left",
                    () ->
                            List.of(pid, qmgr).stream()
                                    .noneMatch(p ->
                                            ProcessHandle.of(p)
                                                    .map(ProcessHandle::isAlive)
                                                    .orElse(false)));
        }
        assertEquals("", suite.start(), "the next master takes over the sockets left behind");
    }

    @Test
    void aFileInMaildropWakesPickupOnceItIsComplete() throws Exception {
        suite.rows("pickup unix n - n 0 1 pickup");
        assertEquals("", suite.start());
        Path maildrop = suite.spool().resolve("maildrop");
        try (var letter = Files.newOutputStream(maildrop.resolve("written"))) {
            letter.write(1);
            assertEquals("0", suite.status("pickup").get(6), "nobody was woken up");
        }
        suite.awaitLog("woken up");
        Path elsewhere = Files.createFile(suite.spool().resolve("elsewhere"));
        long before = wakeUps();
        Files.move(elsewhere, maildrop.resolve("moved"));
        Await.until("pickup", () -> wakeUps() > before);
    }

    @Test
    void pickupIsWokenUpAgainAndAgain() throws Exception {
        suite.rows("pickup unix n - n 1 1 pickup");
        assertEquals("", suite.start());
        Await.until("two wake-ups", () -> wakeUps() >= 2);
        assertEquals("1", suite.status("pickup").get(6));
    }

    private long wakeUps() {
        return suite.log().stream().filter(line -> line.endsWith("woken up")).count();
    }

    @Test
    void theResidentDaemonIsStartedAgainWhenItWasKilled() throws Exception {
        suite.rows("qmgr unix n - n 300 1 qmgr");
        assertEquals("", suite.start());
        Await.until("qmgr runs", () -> suite.state("qmgr").equals("running"));
        int pid = Integer.parseInt(suite.status("qmgr").get(4));
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        suite.awaitLog("process qmgr pid " + pid + " killed by signal 9");
        Await.until(
                "another qmgr runs",
                () ->
                        suite.state("qmgr").equals("running")
                                && !suite.status("qmgr").get(4).equals(Integer.toString(pid)));
    }

    @Test
    void aRowMayListenOnSeveralAddresses() throws Exception {
        Assumptions.assumeTrue(
                Files.exists(Path.of("/proc/net/if_inet6"))
                        && Files.readString(Path.of("/proc/net/if_inet6")).contains("lo"),
                "no IPv6 loopback here");
        suite.rows("localhost:" + suite.port() + " inet n - n - - smtpd");
        assertEquals("", suite.start());
        for (String host : List.of("127.0.0.1", "::1", "127.0.0.1", "::1")) {
            try (var client = new TestSuite.Client(InetAddress.getByName(host), suite.port())) {
                client.greeting();
                assertEquals("250 hello", client.ask("hello"));
            }
        }
    }

    @Test
    void noDescriptorOfMasterReachesADaemon() throws Exception {
        assertEquals("", suite.start());
        try (var client = suite.connect()) {
            client.greeting();
            String found = client.ask("SOCKETS");
            assertTrue(found.matches("250 \\[2=pipe:\\[\\d+\\]\\]"), found);
        }
    }

    @Test
    void privateSocketsAreForTheOwnerAlone() throws Exception {
        suite.rows("auth unix - - n - - auth", "qmgr unix n - n 300 1 qmgr");
        assertEquals("", suite.start());
        assertEquals(0700, mode("private"));
        assertEquals(0666, mode("private/auth"));
        assertEquals(0600, mode("private/master"));
        assertEquals(0755, mode("public"));
        assertEquals(0666, mode("public/qmgr"));
        assertEquals(01733, mode("maildrop"));
        assertEquals(0700, mode("incoming"));
    }

    private int mode(String name) throws IOException {
        return (Integer) Files.getAttribute(suite.spool().resolve(name), "unix:mode") & 07777;
    }
}
