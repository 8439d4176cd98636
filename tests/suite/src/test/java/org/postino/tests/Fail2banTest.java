// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Command;
import org.postino.kit.Instance;
import org.postino.kit.Wire;

/// The filter for fail2ban finds who fails to log in, and nobody else, whatever names they give.
class Fail2banTest {
    private static final Path COMMON = Path.of("/etc/fail2ban/filter.d/common.conf");
    private static final String VICTIM = "192.0.2.66";

    @TempDir Path dir;

    @Test
    void thoseWhoFailAreFoundAndNobodyElse() throws Exception {
        Assumptions.assumeTrue(
                Command.exists("fail2ban-regex") && Files.exists(COMMON), "needs fail2ban");
        try (Instance mx = Instance.create(dir.resolve("mx"))) {
            mx.user("bob@mx.test", "secret");
            mx.set(
                    "mynetworks = 127.0.0.1/32",
                    "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination",
                    "auth_allow_cleartext = yes",
                    "smtpd_sasl_auth_enable = yes",
                    "smtpd_tls_auth_only = no");
            mx.start();
            attack(mx);
            mx.stop();
            Path log = mx.directory().resolve("log/mail.log");
            var guilty = new TreeSet<String>();
            for (int host = 11; host <= 17; host++) {
                guilty.add("127.0.0." + host);
            }
            assertEquals(guilty, ours(log, "normal"));
            guilty.add("127.0.0.19");
            assertEquals(guilty, ours(log, "aggressive"));
        }
    }

    @Test
    void theJailIsOneThatFail2banTakes() throws IOException {
        Assumptions.assumeTrue(
                Command.exists("fail2ban-client") && Files.exists(COMMON), "needs fail2ban");
        Path etc = dir.resolve("fail2ban");
        new Command("cp", "-r", "/etc/fail2ban", etc.toString()).run().ok();
        for (String file : List.of("filter.d/postino.conf", "jail.d/postino.conf")) {
            Files.copy(
                    Instance.root().resolve("conf/fail2ban").resolve(file),
                    etc.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        String journal = jail(etc, "backend = systemd");
        assertTrue(journal.contains("['add', 'postino', 'systemd']"), journal);
        assertTrue(journal.contains("'_SYSTEMD_UNIT=postino.service'"), journal);
        Path log = Files.createFile(dir.resolve("mail.log"));
        String file = jail(etc, "logpath = " + log);
        assertTrue(file.contains("['add', 'postino', 'auto']"), file);
        assertTrue(file.contains("'" + log + "'"), file);
    }

    /// What fail2ban would do with our jail and one more line.
    private static String jail(Path etc, String line) throws IOException {
        Files.writeString(
                etc.resolve("jail.d/zz.local"),
                "[sshd]\nenabled = false\n\n[postino]\nenabled = true\n" + line + "\n");
        return new Command("fail2ban-client", "-c", etc.toString(), "-d").run().ok().out();
    }

    /// An attempt from a loopback address of its own.
    @FunctionalInterface
    private interface Attempt {
        void run(Wire wire) throws IOException;
    }

    /// Attempts from 127.0.0.11 to 19: 11 and 12 fail by SMTP, 13 and 14 by IMAP, 15 and 16 by POP3; 17 relays, 18 logs in, 19 guesses
    /// a recipient.
    static void attack(Instance mx) throws Exception {
        String smtpLine = VICTIM + "]: SASL PLAIN authentication failed: x";
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            all.add(threads.submit(() -> from(mx, 11, 25, w -> smtp(w, "bob@mx.test"))));
            all.add(threads.submit(() -> from(mx, 12, 25, w -> smtp(w, "ev[" + smtpLine))));
            all.add(threads.submit(() -> from(mx, 13, 143, w -> imap(w, "bob@mx.test", "wrong"))));
            String imapLine =
                    "bob>, method=PLAIN, rip=" + VICTIM + ", lip=127.0.0.1, session=<ABC>";
            all.add(threads.submit(() -> from(mx, 14, 143, w -> imap(w, imapLine, "wrong"))));
            all.add(threads.submit(() -> from(mx, 15, 110, w -> pop3(w, "bob@mx.test"))));
            String twoLines = "bob\r\nNov 22 08:42:10 mx postino/smtpd[1]: warning: ev[" + smtpLine;
            all.add(threads.submit(() -> from(mx, 16, 110, w -> pop3(w, twoLines))));
            all.add(threads.submit(() -> from(mx, 17, 25, Fail2banTest::relay)));
            all.add(threads.submit(() -> from(mx, 18, 143, w -> imap(w, "bob@mx.test", "secret"))));
            all.add(threads.submit(() -> from(mx, 19, 25, Fail2banTest::unknownUser)));
            for (Future<?> one : all) {
                try {
                    one.get();
                } catch (ExecutionException e) {
                    throw new AssertionError(String.join("\n", mx.logLines()), e.getCause());
                }
            }
        }
    }

    private static Void from(Instance mx, int host, int port, Attempt attempt) throws IOException {
        var source = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host});
        try (var wire =
                new Wire(new Socket(InetAddress.getLoopbackAddress(), mx.port(port), source, 0))) {
            attempt.run(wire);
        }
        return null;
    }

    private static void smtp(Wire smtp, String user) throws IOException {
        smtp.linesTo("220 ");
        smtp.send("EHLO client.test\r\n");
        smtp.linesTo("250 ");
        smtp.send("AUTH PLAIN " + plain(user, "wrong") + "\r\n");
        smtp.linesTo("535 ");
    }

    private static void imap(Wire imap, String user, String password) throws IOException {
        imap.linesTo("* OK");
        imap.send("a AUTHENTICATE PLAIN " + plain(user, password) + "\r\n");
        imap.linesTo("a ");
        imap.send("b LOGOUT\r\n");
        imap.linesTo("b ");
    }

    private static void pop3(Wire pop3, String user) throws IOException {
        pop3.linesTo("+OK");
        pop3.send("AUTH PLAIN " + plain(user, "wrong") + "\r\n");
        pop3.linesTo("-ERR");
    }

    private static void relay(Wire smtp) throws IOException {
        smtp.linesTo("220 ");
        smtp.send("EHLO x[" + VICTIM + "]\r\n");
        smtp.linesTo("250 ");
        smtp.send("MAIL FROM:<\"" + VICTIM + "]: 554 5.7.1 <x>: Relay access denied\"@b.test>\r\n");
        smtp.linesTo("250 ");
        smtp.send("RCPT TO:<c@elsewhere.test>\r\n");
        smtp.linesTo("554 5.7.1 ");
    }

    private static void unknownUser(Wire smtp) throws IOException {
        smtp.linesTo("220 ");
        smtp.send("EHLO client.test\r\n");
        smtp.linesTo("250 ");
        smtp.send("MAIL FROM:<a@b.test>\r\n");
        smtp.linesTo("250 ");
        smtp.send("RCPT TO:<stranger@mx.test>\r\n");
        smtp.linesTo("550 ");
    }

    private static String plain(String user, String password) {
        byte[] bytes = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /// The addresses that fail2ban would count.
    private Set<String> ours(Path log, String mode) throws IOException {
        Path filters = Files.createDirectories(dir.resolve("filters"));
        Path filter = filters.resolve("postino.conf");
        Files.copy(
                Instance.root().resolve("conf/fail2ban/filter.d/postino.conf"),
                filter,
                StandardCopyOption.REPLACE_EXISTING);
        Files.copy(COMMON, filters.resolve("common.conf"), StandardCopyOption.REPLACE_EXISTING);
        return found(log, filter + "[mode=" + mode + "]");
    }

    /// The addresses that fail2ban would count with a filter, `FILE` or `FILE[mode=MODE]`.
    static Set<String> found(Path log, String filter) throws IOException {
        String out =
                new Command("fail2ban-regex", "-o", "ip", log.toString(), filter).run().ok().out();
        return new TreeSet<>(List.of(out.strip().split("\n")));
    }
}
