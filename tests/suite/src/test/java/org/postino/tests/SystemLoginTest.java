// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Command;
import org.postino.kit.Instance;
import org.postino.kit.PrivateAccounts;
import org.postino.kit.Wire;

/// Users of the system log in through PAM, to a whole instance as root.
@Timeout(180)
class SystemLoginTest {
    private static final String YESCRYPT =
            "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$iLMagHjBvrahXhlULvb9yW5faxBRfc3sREKM24WCe2C";

    @TempDir Path dir;
    private PrivateAccounts accounts;
    private Instance mx;
    private boolean running;

    @BeforeEach
    void create() throws IOException {
        PrivateAccounts.assumePossible();
        Assumptions.assumeTrue(
                Files.exists(Path.of("/etc/pam.d/common-auth")), "not a Debian system");
        Files.setAttribute(dir, "unix:mode", 0755);
        Path home = Files.createDirectories(dir.resolve("home/alice"));
        PrivateAccounts.own(home, 61001);
        accounts =
                PrivateAccounts.create(Files.createDirectory(dir.resolve("etc")))
                        .add("alice", 61001, home, YESCRYPT + ":19000:0:99999:7:::")
                        .add("gone", 61002, home, YESCRYPT + ":19000:0:99999:7::10000:")
                        .add("daemonic", 499, home, YESCRYPT + ":19000:0:99999:7:::")
                        .service(
                                "postino",
                                Files.readString(
                                        Instance.imageDirectory().resolve("conf/pam.d/postino")));
        mx = Instance.create(dir.resolve("mx"));
        mx.set("auth_passdb = pam, passwd-file", "auth_failure_delay = 0");
        mx.user("vera@mx.test", "verasecret");
    }

    @AfterEach
    void stop() throws IOException {
        if (running) {
            mx.stop();
        }
    }

    /// Starts the instance among the accounts of this test.
    private void start() throws IOException {
        among("postino", "-c", mx.directory().toString(), "start").run().ok();
        running = true;
    }

    private Command among(String command, String... arguments) {
        var words = new ArrayList<String>();
        words.add(Instance.imageDirectory().resolve("bin").resolve(command).toString());
        words.addAll(List.of(arguments));
        return new Command(accounts.command(words).toArray(String[]::new));
    }

    private String smtp(String user, String password) throws IOException {
        try (Wire wire = mx.wire(587)) {
            wire.line();
            wire.send("EHLO client.test\r\n");
            String line = wire.line();
            while (line.startsWith("250-")) {
                line = wire.line();
            }
            wire.send("AUTH PLAIN " + plain(user, password) + "\r\n");
            return wire.line().substring(0, 3);
        }
    }

    private String imap(String user, String password) throws IOException {
        try (Wire wire = mx.wire(143)) {
            wire.line();
            wire.send("a LOGIN " + user + " " + password + "\r\n");
            String line = wire.line();
            return line.substring(0, Math.min(line.length(), 4)).strip();
        }
    }

    private String pop3(String user, String password) throws IOException {
        try (Wire wire = mx.wire(110)) {
            wire.line();
            wire.send("USER " + user + "\r\n");
            wire.line();
            wire.send("PASS " + password + "\r\n");
            return wire.line().split(" ", 2)[0];
        }
    }

    private static String plain(String user, String password) {
        return Base64.getEncoder()
                .encodeToString(("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void usersOfTheSystemLogInEverywhere() throws IOException {
        start();
        assertEquals("235", smtp("alice", "geheim"));
        assertEquals("235", smtp("Alice@mx.test", "geheim"));
        assertEquals("235", smtp("vera@mx.test", "verasecret"));
        assertEquals("535", smtp("alice", "falsch"));
        assertEquals("535", smtp("alice@elsewhere.test", "geheim"));
        assertEquals("535", smtp("gone", "geheim"));
        assertEquals("535", smtp("daemonic", "geheim"));
        assertEquals("535", smtp("root", "geheim"));
        assertEquals("535", smtp("no-such-user", "geheim"));
        assertEquals("a OK", imap("alice", "geheim"));
        assertEquals("a NO", imap("alice", "falsch"));
        assertEquals("+OK", pop3("alice", "geheim"));
        assertEquals("-ERR", pop3("alice", "falsch"));
        mx.awaitLog("SASL PLAIN authentication failed: user is disabled"); // for the log alone
    }

    @Test
    void theWorkerIsRootWithoutItsPower() throws IOException {
        start();
        assertEquals("235", smtp("alice", "geheim"));
        String status = Files.readString(Path.of("/proc", worker(), "status"));
        assertTrue(status.contains("\nUid:\t0\t0\t0\t0\n"), status);
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            assertTrue(status.contains("\n" + set + ":\t0000000000000000\n"), status);
        }
        assertTrue(status.contains("\nNoNewPrivs:\t1\n"), status);
    }

    @Test
    void aDeadWorkerIsReplaced() throws IOException {
        start();
        assertEquals("235", smtp("alice", "geheim"));
        new Command("kill", "-9", worker()).run().ok();
        // not the remembered answer: another password, then the right one after a change of the
        // files
        assertEquals("535", smtp("alice", "falsch"));
        accounts.shadow("alice", YESCRYPT + ":19001:0:99999:7:::");
        assertEquals("235", smtp("alice", "geheim"));
    }

    @Test
    void aChangedPasswordCountsAtOnce() throws IOException {
        start();
        assertEquals("a OK", imap("alice", "geheim"));
        accounts.shadow("alice", "!" + YESCRYPT + ":19000:0:99999:7:::");
        assertEquals("a NO", imap("alice", "geheim"));
        accounts.shadow("alice", YESCRYPT + ":19000:0:99999:7:::");
        assertEquals("a OK", imap("alice", "geheim"));
    }

    @Test
    void shadowHashesServeWithoutPam() throws IOException {
        mx.set("auth_passdb = shadow");
        start();
        assertEquals("235", smtp("alice", "geheim"));
        assertEquals("535", smtp("alice", "falsch"));
        assertEquals("535", smtp("gone", "geheim"));
    }

    @Test
    void doveadmIsAnswered() throws IOException {
        Assumptions.assumeTrue(Command.exists("doveadm"), "doveadm is not installed");
        start();
        String socket = mx.spool().resolve("private/auth").toString();
        var right = new Command("doveadm", "auth", "test", "-a", socket, "alice", "geheim").run();
        assertTrue(right.ok().out().contains("alice auth succeeded"), right.out());
        var wrong = new Command("doveadm", "auth", "test", "-a", socket, "alice", "falsch").run();
        assertTrue(wrong.out().contains("alice auth failed"), wrong.out());
        var user = new Command("doveadm", "user", "-a", socket, "alice").run().ok();
        assertTrue(user.out().contains("61001"), user.out());
        assertFalse(
                new Command("doveadm", "user", "-a", socket, "nobody-here").run().status() == 0);
    }

    /// A client in a network of its own, whose address is not a loopback one.
    @Test
    void passwordsInClearAreRefusedFromOutside() throws IOException {
        Assumptions.assumeTrue(Command.exists("ip") && Command.exists("bash"), "no ip or bash");
        Path rows = mx.directory().resolve("master.cf");
        Files.writeString(rows, Files.readString(rows).replace("127.0.0.1:", "192.0.2.1:"));
        mx.set("inet_interfaces = all", "smtpd_peername_lookup = no");
        Path script = Files.writeString(dir.resolve("outside"), outside());
        var result =
                new Command(
                                accounts.command(
                                                List.of("unshare", "-n", "bash", script.toString()))
                                        .toArray(String[]::new))
                        .run()
                        .ok();
        String out = result.out().replace("\r", "");
        assertFalse(out.contains("250-AUTH"), out);
        assertTrue(out.contains("250-STARTTLS"), out);
        assertTrue(out.contains("538 5.7.0 Encryption required"), out);
        assertTrue(out.contains("LOGINDISABLED"), out);
        assertTrue(out.contains("a NO [PRIVACYREQUIRED]"), out);
        assertTrue(out.contains("-ERR [AUTH] Cleartext authentication disallowed"), out);
        mx.awaitLog(
                "imap-login: Disconnected: Aborted login by logging out (tried to use disallowed plaintext auth): user=<>, rip=192.0.2.1, lip=192.0.2.1");
    }

    private String outside() {
        String postino = Instance.imageDirectory().resolve("bin/postino") + " -c " + mx.directory();
        return """
        set -e
        ip link set lo up
        ip address add 192.0.2.1/32 dev lo
        POSTINO start
        trap 'POSTINO stop' EXIT
        # talk PORT LAST LINE...: each line is sent when a line came that matches LAST
        talk() {
            exec 3<>/dev/tcp/192.0.2.1/$1; local last=$2; shift 2
            for line in "$@" ""; do
                while read -t 20 -r answer <&3; do
                    echo "$answer"
                    [[ $answer =~ $last ]] && break
                done
                printf '%s\\r\\n' "$line" >&3
            done
            exec 3>&-
        }
        talk SMTP '^[0-9]+ ' 'EHLO client.test' 'AUTH PLAIN PLAINTEXT' QUIT
        talk IMAP '^([a-z]|[*]) (OK|NO)' 'a LOGIN alice geheim' 'b LOGOUT'
        talk POP3 '^([+]OK|-ERR)' 'USER alice' QUIT
        """
                .replace("POSTINO", postino)
                .replace("PLAINTEXT", plain("alice", "geheim"))
                .replace("SMTP", "" + mx.port(587))
                .replace("IMAP", "" + mx.port(143))
                .replace("POP3", "" + mx.port(110));
    }

    /// The process of the one auth-worker.
    private String worker() throws IOException {
        for (String line : mx.command("postino", "status").run().ok().out().split("\n")) {
            if (line.startsWith("auth-worker ")) {
                return line.split("\\s+")[4];
            }
        }
        throw new AssertionError("no auth-worker");
    }
}
