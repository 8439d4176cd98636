// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
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
import org.postino.kit.Instance;

/// The life of the Debian package on a clean Debian: each test goes on where the one before has left the machine.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PackageTest {
    private static final String HOST = "mx.example.test";
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final String[] PACKAGES = {
        "bsd-mailx",
        "curl",
        "fetchmail",
        "libnet-ssleay-perl",
        "logrotate",
        "mutt",
        "netcat-openbsd",
        "procps",
        "swaks",
        "ucf"
    };

    @TempDir static Path temporary = Path.of("");
    private static @Nullable DebianRoot debian;
    private static Path deb = Path.of("");

    @BeforeAll
    static void makeRoot() throws IOException {
        Optional<String> whyNot = DebianRoot.whyNot();
        assumeTrue(whyNot.isEmpty(), whyNot.orElse(""));
        assumeTrue(Command.exists("dh"), "debhelper is not installed");
        Path out = temporary.resolve("deb");
        Command.Result built =
                new Command(
                                Instance.root().resolve("packaging/build-deb").toString(),
                                "--output",
                                out.toString())
                        .limit(LONG)
                        .run();
        assertEquals(0, built.status(), built.out() + built.err());
        try (var files = Files.list(out)) {
            deb = files.filter(f -> f.toString().endsWith(".deb")).findFirst().orElseThrow();
        }
        try {
            DebianRoot root = DebianRoot.create(temporary.resolve("root"), PACKAGES);
            debian = root.start(HOST);
            Files.copy(deb, root.path("/tmp/postino.deb"));
            upgrade(root);
        } catch (IOException e) {
            assumeTrue(false, "no Debian can be made: " + e.getMessage());
        }
    }

    /// The same package under a higher version.
    private static void upgrade(DebianRoot root) throws IOException {
        root.sh(
                """
                cd /tmp
                dpkg-deb -R postino.deb next
                sed -i 's/^Version: .*/Version: 999.0/' next/DEBIAN/control
                echo '# A later version says more.' >>next/usr/share/postino/master.cf
                dpkg-deb -Znone --root-owner-group -b next next.deb >/dev/null
                rm -r next
                """);
    }

    @AfterAll
    static void removeRoot() throws IOException {
        if (debian != null) {
            debian.close();
        }
    }

    private static DebianRoot debian() {
        if (debian == null) {
            throw new IllegalStateException("no root");
        }
        return debian;
    }

    private static String sh(String script) throws IOException {
        return debian().sh(script);
    }

    private static void swaks(String to, String subject) throws IOException {
        sh(
                "swaks --silent 2 --tls --server 127.0.0.1 --from bob@"
                        + HOST
                        + " --to "
                        + to
                        + " --header 'Subject: "
                        + subject
                        + "'");
    }

    private static boolean holds(String file, String text) {
        try {
            return Files.readString(
                            debian().path(file), java.nio.charset.StandardCharsets.ISO_8859_1)
                    .contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    private static void awaitMail(String user, String subject) {
        Await.until(
                subject + " in the mailbox of " + user,
                Duration.ofSeconds(60),
                () -> holds("/var/mail/" + user, "Subject: " + subject),
                PackageTest::log);
    }

    /// Whether a client is connected to port 25.
    private static boolean isTalking() throws IOException {
        return !sh("grep '0100007F:0019 [0-9A-F:]* 01' /proc/net/tcp || true").isEmpty();
    }

    private static String log() {
        try {
            return Files.readString(debian().path("/var/log/mail.log"));
        } catch (IOException e) {
            return "no log";
        }
    }

    @Test
    @Order(1)
    void lintianHasNothingToSay() throws IOException {
        assumeTrue(Command.exists("lintian"), "lintian is not installed");
        Command.Result result =
                new Command("lintian", "--fail-on", "none", "--allow-root", deb.toString())
                        .limit(LONG)
                        .run();
        assertEquals("", result.out());
    }

    @Test
    @Order(2)
    void itIsSmallEnough() throws IOException {
        assertTrue(Files.size(deb) <= 60_000_000, "package: " + Files.size(deb));
        long kib =
                Long.parseLong(
                        new Command("dpkg-deb", "-f", deb.toString(), "Installed-Size")
                                .run()
                                .ok()
                                .out()
                                .strip());
        assertTrue(kib <= 130_000, "installed: " + kib + " KiB");
    }

    @Test
    @Order(3)
    void itReplacesAnotherMailSystemAndAnInterruptedInstallationGoesOn() throws IOException {
        sh(
                """
                echo 'postino postino/main_mailer_type select Internet Site' | debconf-set-selections
                echo 'postino postino/root_address string anna' | debconf-set-selections
                """);
        // Some mail system had come with a package.
        assertTrue(sh("dpkg-query -W -f '${Status}' exim4-daemon-light").contains("ok installed"));
        sh("apt-get -y install /tmp/postino.deb");
        assertFalse(sh("dpkg-query -W -f '${Status}' exim4-daemon-light").contains("ok installed"));
        sh("dpkg --force-depends --purge postino; rm /etc/aliases; dpkg --unpack /tmp/postino.deb");
        long begun = System.nanoTime();
        sh("timeout -s KILL 1 dpkg --configure postino || true; dpkg --configure -a");
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertTrue(took.toSeconds() <= 20, "configured in " + took);
        assertEquals("install ok installed", sh("dpkg-query -W -f '${Status}' postino"));
    }

    @Test
    @Order(4)
    void itIsSetUpForThisMachine() throws IOException {
        assertEquals(HOST + "\n", sh("cat /etc/mailname"));
        assertEquals("myhostname = " + HOST + "\n", sh("postconf myhostname"));
        assertEquals("600 root\n", sh("stat -c '%a %U' /etc/postino/tls/key.pem"));
        assertTrue(sh("grep '^root:' /etc/aliases").contains("anna"));
        assertEquals("postino\n", sh("getent passwd postino | cut -d: -f1"));
        assertEquals("/usr/sbin/nologin\n", sh("getent passwd postino-imapd | cut -d: -f7"));
        assertEquals("", sh("postino check"));
    }

    @Test
    @Order(5)
    void itRunsByItsInitScript() throws IOException {
        assertEquals(3, debian().command("/etc/init.d/postino", "status").run().status());
        sh(
                """
                postconf -e maillog_file=/var/log/mail.log
                adduser --quiet --disabled-password --gecos Anna anna
                adduser --quiet --disabled-password --gecos Bob bob
                printf 'anna:geheim\\nbob:geheim\\n' | chpasswd
                service postino start
                service postino start
                service postino status
                """);
        assertTrue(sh("echo QUIT | nc -w 20 127.0.0.1 25").startsWith("220 " + HOST));
    }

    @Test
    @Order(6)
    void usersSendAndReadMail() throws IOException {
        sh("echo hello | mail -s by-mail anna");
        swaks("anna@" + HOST, "by-swaks");
        awaitMail("anna", "by-mail");
        awaitMail("anna", "by-swaks");
        sh("echo to the master | mail -s to-root root");
        awaitMail("anna", "to-root");
        assertEquals("600 anna\n", sh("stat -c '%a %U' /var/mail/anna"));
        assertTrue(sh("mailq").contains("Mail queue is empty"));

        assertTrue(
                sh("curl -sS --max-time 60 -u anna:geheim pop3://127.0.0.1/1").contains("hello"));
        assertTrue(
                sh("curl -sS --max-time 60 -k -u anna:geheim imaps://127.0.0.1/INBOX -X 'FETCH 1:3 FLAGS'")
                        .contains("* 3 FETCH"));
        assertTrue(
                sh("cd /home/anna && echo q | su anna -s /bin/sh -c \"mutt -f /var/mail/anna -e 'push q' -R\" 2>&1; echo")
                                .isBlank()
                        || holds("/var/mail/anna", "by-mail"));
        swaks("bob@" + HOST, "to-bob");
        awaitMail("bob", "to-bob");
        sh(
                """
                printf 'poll 127.0.0.1 protocol pop3 username bob password geheim is anna here\\n' >/root/.fetchmailrc
                chmod 600 /root/.fetchmailrc
                fetchmail --sslproto '' --nodetach --silent || [ $? = 1 ]
                """);
        awaitMail("anna", "to-bob");
    }

    @Test
    @Order(7)
    void reconfiguringChangesWhatRuns() throws IOException {
        sh("postconf -e 'smtpd_banner = $myhostname here' 'mynetworks = 127.0.0.0/8, 10.0.0.0/8'");
        sh(
                """
                echo 'postino postino/relayhost string [smart.example.test]' | debconf-set-selections
                echo 'postino postino/main_mailer_type select Internet with smarthost' | debconf-set-selections
                dpkg-reconfigure -f noninteractive postino
                """);
        assertEquals("relayhost = [smart.example.test]\n", sh("postconf relayhost"));
        // What the administrator wrote stays.
        assertEquals("mynetworks = 127.0.0.0/8, 10.0.0.0/8\n", sh("postconf mynetworks"));
        assertTrue(sh("echo QUIT | nc -w 20 127.0.0.1 25").startsWith("220 " + HOST + " here"));
        sh(
                """
                echo 'postino postino/main_mailer_type select Local only' | debconf-set-selections
                dpkg-reconfigure -f noninteractive postino
                """);
        assertEquals("inet_interfaces = loopback-only\n", sh("postconf inet_interfaces"));
        assertEquals("relayhost =\n", sh("postconf relayhost | sed 's/ *$//'"));
        assertFalse(sh("cat /proc/net/tcp").contains("00000000:0019"), "port 25 on all addresses");
    }

    @Test
    @Order(8)
    void anUpgradeKeepsConnectionsQueueMailAndEditedFiles() throws Exception {
        sh("echo '# edited here' >>/etc/postino/master.cf");
        sh("swaks --silent 2 --server 127.0.0.1 --from bob@" + HOST + " --to anna@" + HOST);
        String pid = sh("cat /var/spool/postino/pid/master.pid");
        String mail = sh("cksum /var/mail/bob");
        Path go = debian().path("/tmp/go");
        var session =
                new Command[] {
                    debian().command(
                                    "sh",
                                    "-c",
                                    """
                                    { echo "EHLO client.test"; sleep 2; echo "MAIL FROM:<bob@mx.example.test>"
                                      until [ -e /tmp/go ]; do sleep 0.2; done
                                      echo "RCPT TO:<anna@mx.example.test>"; sleep 1; echo "DATA"; sleep 1
                                      printf 'Subject: across\\r\\n\\r\\ntext\\r\\n.\\r\\n'; sleep 2; echo "QUIT"
                                    } | sed 's/\\r*$/\\r/' | nc -w 60 127.0.0.1 25
                                    """)
                            .limit(LONG)
                };
        var said = new java.util.concurrent.FutureTask<>(() -> session[0].run().out());
        Thread.ofVirtual().start(said);
        Await.until("the session", Duration.ofSeconds(60), () -> isTalking(), PackageTest::log);
        sh("dpkg -i /tmp/next.deb </dev/null");
        Files.writeString(go, "");
        assertTrue(said.get().contains("queued as"), said.get());
        awaitMail("anna", "across");
        assertEquals(pid, sh("cat /var/spool/postino/pid/master.pid"));
        assertEquals(mail, sh("cksum /var/mail/bob"));
        assertTrue(holds("/etc/postino/master.cf", "# edited here"));
        assertEquals("999.0", sh("dpkg-query -W -f '${Version}' postino"));
        assertTrue(sh("service postino status").contains("running"));
    }

    @Test
    @Order(9)
    void removedItLeavesConfigurationAndPurgedItsMailAlone() throws IOException {
        sh("service postino stop");
        sh("dpkg --force-depends -r postino");
        assertTrue(Files.exists(debian().path("/etc/postino/main.cf")));
        assertFalse(Files.exists(debian().path("/usr/lib/postino/lib")));
        sh("dpkg --force-depends -P postino");
        assertFalse(Files.exists(debian().path("/etc/postino")));
        assertFalse(Files.exists(debian().path("/var/spool/postino")));
        assertTrue(Files.exists(debian().path("/var/mail/anna")));
        assertTrue(Files.exists(debian().path("/etc/aliases")));
        Files.copy(
                debian().path("/tmp/postino.deb"),
                debian().path("/tmp/again.deb"),
                StandardCopyOption.REPLACE_EXISTING);
        sh("dpkg -i /tmp/again.deb && service postino start && service postino stop");
    }
}
