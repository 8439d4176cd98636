// SPDX-License-Identifier: Apache-2.0

package org.postino.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.DebianRoot;

/// The package's systemd unit on a Debian that systemd has booted: each test goes on where the one before has left the
/// machine.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServiceUnitTest {
    private static final String HOST = "mx.example.test";
    private static final String DROP_IN = "/etc/systemd/system/postino.service.d/test.conf";
    private static final String[] PACKAGES = {
        "adduser", "curl", "logrotate", "man-db", "procps", "systemd", "systemd-sysv", "ucf"
    };

    @TempDir static Path temporary = Path.of("");
    private static @Nullable DebianRoot booted;

    @BeforeAll
    static void bootAndInstall() throws IOException {
        DebianRoot root = BuiltPackage.debian(temporary.resolve("root"), PACKAGES);
        booted = root;
        try {
            root.boot(HOST);
        } catch (IOException e) {
            assumeTrue(false, "systemd cannot run here: " + e.getMessage());
        }
        sh(
                """
                adduser --quiet --disabled-password --gecos Anna anna
                adduser --quiet --disabled-password --gecos Bob bob
                adduser --quiet --disabled-password --gecos Carla carla
                echo anna:geheim | chpasswd
                cd /home/bob
                echo '"|cat >letter; id -un >user"' >.forward
                chown bob .forward
                cd /home/carla
                echo '/home/carla/Maildir/' >.forward
                chown carla .forward
                echo 'postino postino/main_mailer_type select Internet Site' | debconf-set-selections
                dpkg -i /opt/postino.deb
                """);
    }

    @AfterAll
    static void removeRoot() throws IOException {
        if (booted != null) {
            booted.close();
        }
    }

    private static DebianRoot debian() {
        if (booted == null) {
            throw new IllegalStateException("no root");
        }
        return booted;
    }

    private static String sh(String script) throws IOException {
        return debian().sh(script);
    }

    private static Command.Result systemctl(String... words) throws IOException {
        var all = new String[words.length + 1];
        all[0] = "systemctl";
        System.arraycopy(words, 0, all, 1, words.length);
        return debian().command(all).run();
    }

    private static String property(String name) throws IOException {
        return systemctl("show", "--property", name, "--value", "postino").ok().out().strip();
    }

    /// What the server says to a client that connects now; empty if the connection is refused.
    private static String greeting() throws IOException {
        return debian().command(
                        "bash",
                        "-c",
                        "exec 3<>/dev/tcp/127.0.0.1/25 && read -t 30 -r line <&3 && echo \"$line\"")
                .run()
                .out();
    }

    private static void assertGreets() throws IOException {
        String said = greeting();
        assertTrue(said.startsWith("220 " + HOST), said + journal(""));
    }

    private static void send(String user, String subject) throws IOException {
        debian().command("sendmail", "-f", "root@" + HOST, user)
                .input("Subject: " + subject + "\n\ntext of " + subject + "\n")
                .run()
                .ok();
    }

    private static void awaitLetter(String subject) {
        Await.until(
                subject + " in Anna's mailbox",
                Duration.ofSeconds(60),
                () -> debian().holds("/var/mail/anna", "Subject: " + subject),
                () -> journal(""));
    }

    /// A place in the journal.
    private static String now() throws IOException {
        String cursor =
                sh("journalctl --sync; journalctl -n 0 --show-cursor | sed -n 's/^-- cursor: //p'");
        assertFalse(cursor.isBlank());
        return cursor.strip();
    }

    /// What `journalctl -u postino` says since then; of all time if `since` is empty.
    private static String journal(String since, String... options) {
        var words = new ArrayList<>(List.of("journalctl", "--no-pager", "-u", "postino"));
        if (!since.isEmpty()) {
            words.add("--after-cursor=" + since);
        }
        words.addAll(List.of(options));
        try {
            sh("journalctl --sync");
            return debian().command(words.toArray(String[]::new)).run().ok().out();
        } catch (IOException e) {
            return "no journal: " + e;
        }
    }

    private static void awaitAnotherMaster(String pid) {
        Await.until(
                "another master than " + pid,
                Duration.ofSeconds(60),
                () -> !property("MainPID").equals(pid) && property("ActiveState").equals("active"),
                () -> journal(""));
    }

    @Test
    @Order(1)
    void theUnitIsWellFormedAndConfines() throws IOException {
        Command.Result verified =
                debian().command("systemd-analyze", "verify", "postino.service").run();
        assertEquals("", verified.out() + verified.err());
        assertEquals(0, verified.status());
        Command.Result security =
                debian().command(
                                "systemd-analyze",
                                "security",
                                "--no-pager",
                                "--threshold=40",
                                "postino.service")
                        .run();
        assertEquals(0, security.status(), security.out());
        assertEquals("enabled\n", systemctl("is-enabled", "postino").out());
    }

    @Test
    @Order(2)
    void aStartIsOverWhenTheServerGreets() throws IOException {
        systemctl("stop", "postino").ok();
        assertEquals("", greeting());
        // Not a moment between the two: who is not bound when `start` returns is found out.
        String first =
                debian().command(
                                "bash",
                                "-ec",
                                "systemctl start postino; exec 3<>/dev/tcp/127.0.0.1/25;"
                                        + " read -t 30 -r line <&3; echo \"$line\"")
                        .run()
                        .ok()
                        .out();
        assertTrue(first.startsWith("220 " + HOST), first);
        assertEquals("active", property("ActiveState"));
        String status = systemctl("status", "--no-pager", "postino").ok().out();
        assertTrue(
                status.lines()
                        .anyMatch(line ->
                                line.matches(
                                        " *Status: \"\\d+ services, \\d+ daemons, \\d+ sessions\"")),
                status);
    }

    @Test
    @Order(3)
    void usersGetAndReadMailUnderTheUnitsConfinement() throws IOException {
        for (String user : List.of("anna", "bob", "carla")) {
            send(user, "to-" + user);
        }
        awaitLetter("to-anna");
        Await.until("bob's command", () -> debian().holds("/home/bob/user", "bob"));
        assertTrue(debian().holds("/home/bob/letter", "text of to-bob"));
        Await.until(
                "a letter in Carla's home",
                Duration.ofSeconds(30),
                () -> sh("cat /home/carla/Maildir/new/*").contains("text of to-carla"),
                () -> journal(""));
        String read =
                sh(
                        "curl -sS --max-time 60 -k -u anna:geheim 'imaps://127.0.0.1/INBOX;MAILINDEX=1'");
        assertTrue(read.contains("text of to-anna"), read);
        // Nothing was denied that one of them wanted.
        assertEquals("-- No entries --\n", journal("", "-p", "warning"));
        String all = journal("");
        assertFalse(all.matches("(?is).*(denied|not permitted|read-only).*"), all);
    }

    @Test
    @Order(4)
    void linesOfDaemonsAreInTheJournalByTheirNames() throws IOException {
        assertGreets();
        String smtpd =
                debian().command("pgrep", "-f", "org.postino.smtpd").run().ok().out().strip();
        Await.until(
                "a line of smtpd",
                Duration.ofSeconds(20),
                () -> journal("", "-t", "postfix/smtpd", "-o", "cat").contains("connect from"),
                () -> journal(""));
        for (String daemon : List.of("smtpd", "pickup", "cleanup", "qmgr", "local")) {
            assertFalse(journal("", "-t", "postfix/" + daemon, "-o", "cat").isBlank(), daemon);
        }
        assertTrue(journal("", "-t", "dovecot", "-o", "cat").contains("imap-login: "));
        // Master writes the line (_PID), as the kernel knows; the line says whose it is.
        String fields = journal("", "-t", "postfix/smtpd", "-n", "1", "-o", "export");
        assertTrue(fields.contains("\nSYSLOG_PID=" + smtpd + "\n"), fields);
        assertTrue(fields.contains("\n_PID=" + property("MainPID") + "\n"), fields);
        assertTrue(fields.contains("\nSYSLOG_FACILITY=2\n"), fields);
    }

    @Test
    @Order(5)
    void aReloadKeepsSessions() throws IOException {
        String master = property("MainPID");
        var session = LongSession.begin(debian(), "bob@" + HOST, "anna@" + HOST, "over-reload");
        sh("postconf -e 'smtpd_banner = $myhostname reloaded'");
        systemctl("reload", "postino").ok();
        assertTrue(greeting().startsWith("220 " + HOST + " reloaded"));
        assertFalse(session.isOver());
        String dialogue = session.end();
        assertTrue(dialogue.contains("queued as"), dialogue);
        awaitLetter("over-reload");
        assertEquals(master, property("MainPID"));
    }

    @Test
    @Order(6)
    void bothWaysToRestartWork() throws IOException {
        for (String command : List.of("systemctl restart postino", "service postino restart")) {
            String before = property("MainPID");
            sh(command);
            assertGreets();
            assertNotEquals(before, property("MainPID"), command);
        }
        assertEquals("0", property("NRestarts"));
    }

    @Test
    @Order(7)
    void anUpgradeKeepsTheProcessAndSessions() throws IOException {
        BuiltPackage.makeNext(debian());
        String master = property("MainPID");
        var session = LongSession.begin(debian(), "bob@" + HOST, "anna@" + HOST, "over-upgrade");
        sh("dpkg -i /opt/next.deb </dev/null");
        assertGreets();
        assertFalse(session.isOver());
        String dialogue = session.end();
        assertTrue(dialogue.contains("queued as"), dialogue);
        awaitLetter("over-upgrade");
        assertEquals(master, property("MainPID"));
        assertEquals("active", property("ActiveState"));
        assertEquals("0", property("NRestarts"));
        assertTrue(property("StatusText").contains("services"), property("StatusText"));
    }

    @Test
    @Order(8)
    void aKilledMasterComesBack() throws IOException {
        String master = property("MainPID");
        sh("kill -KILL " + master);
        awaitAnotherMaster(master);
        assertEquals("1", property("NRestarts"));
        send("anna", "after-kill");
        awaitLetter("after-kill");
    }

    @Test
    @Order(9)
    void theWatchdogEndsAMasterThatHangs() throws IOException {
        Path file = debian().path(DROP_IN);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "[Service]\nWatchdogSec=2\n");
        sh("systemctl daemon-reload; systemctl restart postino");
        String master = property("MainPID");
        String here = now();
        sh("kill -STOP " + master);
        awaitAnotherMaster(master);
        String said = journal(here);
        assertTrue(said.contains("Watchdog timeout"), said);
        send("anna", "after-hang");
        awaitLetter("after-hang");
        // One that does not hang has kept it content meanwhile.
        assertFalse(journal(here).split("Watchdog timeout", -1).length > 2, journal(here));
        Files.delete(file);
        sh("systemctl daemon-reload; systemctl restart postino");
    }

    @Test
    @Order(10)
    void aBrokenConfigurationIsSaidOnceAndNotTriedAgain() throws IOException {
        sh("cp /etc/postino/main.cf /root/; echo 'no parameter' >>/etc/postino/main.cf");
        String here = now();
        assertEquals(1, systemctl("restart", "postino").status());
        // Otherwise it would be "activating": waiting for the next attempt.
        assertEquals("failed", property("ActiveState"));
        assertEquals("exit-code", property("Result"));
        String said = journal(here);
        assertTrue(said.contains("fatal: /etc/postino/main.cf, line "), said);
        assertTrue(said.contains("missing '='"), said);
        sh("cp /root/main.cf /etc/postino/main.cf; systemctl start postino");
        assertGreets();
    }

    @Test
    @Order(11)
    void anInstallationSaysWhyTheServerDoesNotStart() throws IOException {
        sh("cp /etc/postino/main.cf /root/; echo 'max_idle = soon' >>/etc/postino/main.cf");
        sh("systemctl stop postino");
        String said = sh("dpkg-reconfigure -f noninteractive postino 2>&1");
        assertTrue(said.contains("parameter max_idle = soon: must be a time"), said);
        assertTrue(said.contains("installed, but it does not run"), said);
        sh("cp /root/main.cf /etc/postino/main.cf; systemctl start postino");
        assertGreets();
    }

    /// By the unit of logrotate(8), which allows no memory that is both written and executed.
    @Test
    @Order(12)
    void theLogIsRotatedByTheSystem() throws IOException {
        sh("postconf -e maillog_file=/var/log/postino.log; systemctl restart postino");
        assertGreets();
        sh(
                """
                grep -q '^MemoryDenyWriteExecute=true' /usr/lib/systemd/system/logrotate.service \
                    || grep -q '^MemoryDenyWriteExecute=true' /lib/systemd/system/logrotate.service
                mkdir -p /etc/systemd/system/logrotate.service.d
                cat >/etc/systemd/system/logrotate.service.d/now.conf <<END
                [Service]
                ExecStart=
                ExecStart=/usr/sbin/logrotate --force /etc/logrotate.d/postino
                END
                systemctl daemon-reload
                systemctl start logrotate
                """);
        sh("for i in $(seq 100); do test -e /var/log/postino.log && break; sleep 0.1; done");
        sh("postlog after the rotation");
        assertTrue(debian().holds("/var/log/postino.log", "after the rotation"));
        assertTrue(debian().holds("/var/log/postino.log.1", "daemon started"));
    }

    @Test
    @Order(13)
    void aStopEndsAllProcesses() throws IOException {
        assertGreets();
        systemctl("stop", "postino").ok();
        assertEquals("inactive", property("ActiveState"));
        assertEquals("success", property("Result"));
        assertEquals("", debian().command("pgrep", "-f", "org.postino").run().out());
        assertEquals("", greeting());
        assertEquals(0, Integer.parseInt(property("NRestarts")));
    }
}
