// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.Instance;
import org.postino.kit.Wire;

/// With `log_names = compatible` the tools for Postfix's and Dovecot's logs count right, as they come.
class CompatibleLogTest {
    private static final Path FILTERS = Path.of("/etc/fail2ban/filter.d");

    @TempDir Path dir;

    private Instance instance() throws IOException {
        Instance mx = Instance.create(dir.resolve("mx"));
        mx.user("bob@mx.test", "secret").user("carol@mx.test", "secret");
        mx.set(
                "log_names = compatible",
                "mynetworks = 127.0.0.1/32",
                "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination",
                "auth_allow_cleartext = yes",
                "smtpd_sasl_auth_enable = yes",
                "smtpd_tls_auth_only = no",
                "virtual_alias_maps = inline:{gone@mx.test=x@gone.test, later@mx.test=y@later.test}",
                "transport_maps = inline:{gone.test=error:gone, {later.test=retry:not now}}");
        return mx.start();
    }

    @Test
    void debiansFiltersFindThoseWhoFailAndNobodyElse() throws Exception {
        Assumptions.assumeTrue(
                Command.exists("fail2ban-regex") && Files.exists(FILTERS.resolve("dovecot.conf")),
                "needs fail2ban");
        try (Instance mx = instance()) {
            Fail2banTest.attack(mx);
            mx.stop();
            Path log = mx.directory().resolve("log/mail.log");
            assertEquals(hosts(17, 19), Fail2banTest.found(log, FILTERS + "/postfix.conf"));
            assertEquals(
                    hosts(11, 12), Fail2banTest.found(log, FILTERS + "/postfix.conf[mode=auth]"));
            assertEquals(hosts(13, 14, 15, 16), Fail2banTest.found(log, FILTERS + "/dovecot.conf"));
        }
    }

    private static Set<String> hosts(int... last) {
        var hosts = new TreeSet<String>();
        for (int host : last) {
            hosts.add("127.0.0." + host);
        }
        return hosts;
    }

    @Test
    void pflogsummCountsWhatHappened() throws Exception {
        Assumptions.assumeTrue(Command.exists("pflogsumm"), "needs pflogsumm");
        try (Instance mx = instance()) {
            mx.send("bob@mx.test", "carol@mx.test", "one");
            mx.send("carol@mx.test", "bob@mx.test", "two");
            submit(mx, "carol@mx.test", "bob@mx.test");
            mx.send("bob@mx.test", "gone@mx.test", "comes back");
            mx.send("bob@mx.test", "later@mx.test", "waits");
            Fail2banTest.attack(mx);
            Await.until("three letters for bob", () -> mx.inbox("bob@mx.test").size() == 3);
            mx.awaitLog("status=deferred");
            mx.stop();
            String report =
                    new Command("pflogsumm", mx.directory().resolve("log/mail.log").toString())
                            .run()
                            .ok()
                            .out();
            assertEquals(5, total(report, "received"), report); // four on port 25, one submitted
            assertEquals(
                    5, total(report, "delivered"), report); // two, one to two, the notification
            assertEquals(1, total(report, "deferred"), report);
            assertEquals(1, total(report, "bounced"), report);
            assertEquals(2, total(report, "rejected"), report);
            assertTrue(report.contains("User unknown"), report);
        }
    }

    private static void submit(Instance mx, String... recipients) throws IOException {
        String login = "\0bob@mx.test\0secret";
        try (Wire smtp = mx.wire(587)) {
            smtp.linesTo("220 ");
            smtp.send("EHLO client.test\r\n");
            smtp.linesTo("250 ");
            byte[] plain = login.getBytes(StandardCharsets.UTF_8);
            smtp.send("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain) + "\r\n");
            smtp.linesTo("235 ");
            smtp.send("MAIL FROM:<bob@mx.test>\r\n");
            smtp.linesTo("250 ");
            for (String recipient : recipients) {
                smtp.send("RCPT TO:<" + recipient + ">\r\n");
                smtp.linesTo("250 ");
            }
            smtp.send("DATA\r\n");
            smtp.linesTo("354 ");
            smtp.send("Subject: submitted\r\n\r\nto two\r\n.\r\n");
            smtp.linesTo("250 ");
            smtp.send("QUIT\r\n");
            smtp.linesTo("221 ");
        }
    }

    /// A number of the report's "Grand Totals".
    private static int total(String report, String what) {
        var line = Pattern.compile("(?m)^ +(\\d+) +" + what + "\\b").matcher(report);
        assertTrue(line.find(), report);
        return Integer.parseInt(line.group(1));
    }
}
