// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.ConfigException;

class ForeignRowsTest {
    @TempDir Path dir;

    private Plan plan(String rows) throws Exception {
        return plan("", rows);
    }

    private Plan plan(String more, String rows) throws Exception {
        String main = "inet_interfaces = loopback-only\nmyhostname = mx.example.test\n" + more;
        Files.writeString(dir.resolve("main.cf"), main);
        Files.writeString(dir.resolve("master.cf"), rows);
        return Plan.load(dir);
    }

    @Test
    void rowsWhoseWorkIsDoneOtherwiseAreLeftOutAndExplained() throws Exception {
        Plan plan =
                plan(
                        """
                        127.0.0.1:10025 inet n - y - - smtpd
                        tlsmgr unix - - y 1000? 1 tlsmgr
                        defer unix - - y - 0 bounce
                        postlog unix-dgram n - n - 1 postlogd
                        smtpd pass - - y - - smtpd
                        """);
        assertEquals(
                List.of("smtpd", "bounce", "auth", "auth-worker"),
                plan.services().stream().map(s -> s.program().word()).toList());
        assertEquals(List.of(), plan.warnings());
        String file = dir.resolve("master.cf").toString();
        assertEquals(
                List.of(
                        file
                                + ", line 2: program tlsmgr is not needed here: each program keeps its own TLS sessions",
                        file
                                + ", line 4: program postlogd is not needed here: master writes the log",
                        file + ", line 5: not needed here: no program passes connections on",
                        file + ": there is no row for auth: one is added: -  -  n  -  0",
                        file + ": there is no row for auth-worker: one is added: -  n  n  -  -",
                        file
                                + ", line 1: chroot = y, as in 4 rows, has no effect: each program is confined to its own files without it"),
                plan.notes().stream().map(Plan.Note::toString).toList());
    }

    @Test
    void theRowOfPostscreenHasWhatThatOfSmtpdBehindItHas() throws Exception {
        Plan plan =
                plan(
                        """
                        628 inet n - n - - qmqpd
                        127.0.0.1:10025 inet n - y - 1 postscreen -o syslog_name=x
                        smtpd pass - - y - 20 smtpd -o smtpd_sender_restrictions=reject
                        dnsblog unix - - y - 0 dnsblog
                        tlsproxy unix - - y - 0 tlsproxy
                        """);
        assertEquals(120, plan.services().get(0).limit());
        assertEquals("reject", plan.services().get(0).config().text("smtpd_sender_restrictions"));
        assertEquals(
                List.of(
                        "127.0.0.1:10025 postscreen [-o, syslog_name=x, -o, smtpd_sender_restrictions=reject]",
                        "auth auth []",
                        "auth-worker auth-worker []"),
                plan.services().stream()
                        .map(s -> s.name() + " " + s.program().word() + " " + s.row().args())
                        .toList());
        assertEquals(1, plan.warnings().size());
    }

    @Test
    void wordsOfTheCommandOfAPipeRowAreNoOptionsOfTheRow() throws Exception {
        Plan plan =
                plan(
                        """
                        spamassassin unix - n n - - pipe
                          user=nobody argv=/usr/bin/spamc -f -e /usr/sbin/sendmail -oi -f ${sender} ${recipient}
                        """);
        assertEquals("pipe", plan.services().getFirst().program().word());
        assertEquals(List.of(), plan.warnings());
    }

    /// Most rows of Debian's file are for users that the machine does not have.
    @Test
    void theUserOfACommandMattersWhereItsTransportIsUsed() throws Exception {
        String row = "far unix - n n - - pipe user=no-such-user argv=/bin/true $recipient\n";
        assertEquals(List.of(), plan(row).warnings());
        assertEquals(
                List.of(
                        "warning: "
                                + dir.resolve("master.cf")
                                + ", line 1: far: pipe will deliver nothing: user=no-such-user: no such user of this system"),
                plan("default_transport = far:x\n", row).warnings().stream()
                        .map(Plan.Note::toString)
                        .toList());
    }

    @Test
    void aRowWhoseCommandCannotRunIsWarnedOf() throws Exception {
        for (String[] wrong :
                new String[][] {
                    {"argv=/bin/true", "user= is missing, the account as which the command runs"},
                    {"user=root argv=/bin/true", "user=root: a command never runs as root"}
                }) {
            Plan plan = plan("far unix - n n - - pipe " + wrong[0] + "\n");
            assertEquals(
                    "warning: "
                            + dir.resolve("master.cf")
                            + ", line 1: far: pipe will deliver nothing: "
                            + wrong[1],
                    plan.warnings().getFirst().toString());
        }
        assertEquals(
                "warning: "
                        + dir.resolve("master.cf")
                        + ", line 1: policy: spawn will serve nobody: user=no-such-user: no such user of this system",
                plan("policy unix - n n - 0 spawn user=no-such-user argv=/bin/true $x\n")
                        .warnings()
                        .getFirst()
                        .toString());
        Plan plan =
                plan(
                        "far_time_limit = soon\n",
                        "far unix - n n - - pipe user=nobody argv=/bin/true\n");
        assertTrue(
                plan.warnings().toString().contains("parameter far_time_limit"),
                plan.warnings()::toString);
    }

    @Test
    void anotherProgramsAuthSocketIsLeftToIt() throws Exception {
        Path queue = dir.resolve("queue");
        Files.createDirectories(queue.resolve("private"));
        Path socket = queue.resolve("private/auth");
        String script =
                "import socket,sys;s=socket.socket(socket.AF_UNIX);s.bind(sys.argv[1]);s.listen();print(1,flush=True);sys.stdin.read()";
        Process other;
        try {
            other = new ProcessBuilder("python3", "-c", script, socket.toString()).start();
        } catch (IOException e) {
            Assumptions.abort("needs python3: " + e.getMessage());
            return;
        }
        try {
            assertEquals('1', other.getInputStream().read());
            Plan plan =
                    plan("queue_directory = " + queue + "\n", "tlsmgr unix - - y 1000? 1 tlsmgr\n");
            assertEquals("postino-auth", plan.services().getFirst().name());
            assertEquals(
                    "private/postino-auth",
                    plan.services().getFirst().config().text("smtpd_sasl_path"));
            assertTrue(
                    plan.warnings().toString().contains("process " + other.pid()),
                    plan.warnings()::toString);
        } finally {
            other.destroy();
            other.waitFor();
        }
    }

    @Test
    void aNameThatNobodyKnowsIsAnError() {
        var e =
                assertThrows(
                        ConfigException.class,
                        () -> plan("127.0.0.1:10025 inet n - n - - smptd\n"));
        assertTrue(
                e.problems().getFirst().text().startsWith("unknown program \"smptd\""),
                e.toString());
    }

    @Test
    void aHostNameThatNobodyCanLookUpIsWarnedOf() throws Exception {
        for (String name : List.of("vm", "vm.localdomain")) {
            Files.writeString(dir.resolve("master.cf"), "127.0.0.1:10025 inet n - n - - smtpd\n");
            Files.writeString(dir.resolve("main.cf"), "biff = no\nmyhostname = " + name + "\n");
            assertEquals(
                    "warning: "
                            + dir.resolve("main.cf")
                            + ", line 2: myhostname is "
                            + name
                            + ", which other mail servers cannot look up: set it to the full name of this machine",
                    load().warnings().getFirst().toString());
        }
    }

    @Test
    void theFilesOfDebiansPostfixAreGood() throws Exception {
        Path master = Path.of("/usr/share/postfix/master.cf.dist");
        Path main = Path.of("/usr/share/postfix/main.cf.debian");
        Assumptions.assumeTrue(Files.exists(master) && Files.exists(main), "needs postfix");
        Files.writeString(dir.resolve("main.cf"), DEBIAN_MAIN_CF + Files.readString(main));
        Files.copy(master, dir.resolve("master.cf"));
        Plan plan = load();
        assertTrue(plan.services().size() >= 12, plan.services().toString());
        assertEquals(List.of(), plan.warnings());
    }

    private Plan load() throws IOException {
        try {
            return Plan.load(dir);
        } catch (ConfigException e) {
            throw new AssertionError(e.problems().toString(), e);
        }
    }

    /// What the installation of Debian's package adds for an Internet site, with its certificate.
    private static final String DEBIAN_MAIN_CF =
            """
            smtpd_tls_cert_file=/etc/ssl/certs/ssl-cert-snakeoil.pem
            smtpd_tls_key_file=/etc/ssl/private/ssl-cert-snakeoil.key
            smtpd_tls_security_level=may
            smtp_tls_CApath=/etc/ssl/certs
            smtp_tls_security_level=may
            smtp_tls_session_cache_database = btree:${data_directory}/smtp_scache
            smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
            myhostname = vm.example.test
            alias_maps = hash:/etc/aliases
            alias_database = hash:/etc/aliases
            mydestination = $myhostname, vm, localhost.localdomain, , localhost
            relayhost =
            mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128
            mailbox_size_limit = 0
            recipient_delimiter = +
            inet_interfaces = loopback-only
            inet_protocols = all
            """;
}
