// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.FreePort;
import org.postino.kit.Instance;

/// Milters of Debian's, asked by the lines of main.cf that tutorials have: what they add and whom they refuse arrives.
class DebianMiltersTest {
    @TempDir Path dir;
    private FilterPrograms filters;
    private Instance mx;
    private int port;

    @BeforeEach
    void create() throws IOException {
        filters = new FilterPrograms(dir);
        mx = Instance.create(dir.resolve("mx"));
        port = FreePort.find();
    }

    @AfterEach
    void stop() throws IOException {
        mx.close();
        filters.close();
    }

    private void startInstance() throws IOException {
        mx.user("bob@mx.test", "b")
                .set(
                        "smtpd_milters = inet:127.0.0.1:" + port,
                        "non_smtpd_milters = $smtpd_milters",
                        "milter_protocol = 6",
                        "milter_default_action = accept",
                        "milter_mail_macros = i {mail_addr} {client_addr} {client_name} {auth_authen}")
                .start();
    }

    /// Sends a message of a@x.test; the reply to its end.
    private String say(String... content) throws IOException {
        try (var smtp = mx.wire(25)) {
            smtp.linesTo("220 ");
            smtp.ask("HELO client.test");
            smtp.ask("MAIL FROM:<a@x.test>");
            smtp.ask("RCPT TO:<bob@mx.test>");
            smtp.ask("DATA");
            return String.valueOf(smtp.ask(String.join("\r\n", content) + "\r\n."));
        }
    }

    /// Bob's only message.
    private String delivered() throws IOException {
        Await.until("mail", () -> !mx.inbox("bob@mx.test").isEmpty());
        assertEquals(1, mx.inbox("bob@mx.test").size());
        return Files.readString(mx.inbox("bob@mx.test").getFirst());
    }

    @Test
    void rspamdMarksAndRefuses() throws IOException {
        FilterPrograms.assumeThere("rspamd", "rspamd");
        filters.settings("rspamd.lua", "rspamd.lua");
        Path settings = filters.settings("rspamd.conf", "rspamd.conf", "PORT", "" + port);
        filters.startAt(port, "rspamd", "-f", "-c", settings.toString());
        startInstance();
        assertEquals(
                "554 5.7.1 no word of this kind",
                say("From: a@x.test", "Subject: no", "", "the-word-of-refusal"));
        mx.awaitLog(
                "milter-reject: END-OF-MESSAGE from localhost[127.0.0.1]: 554 5.7.1 no word of this kind;");
        String reply = say("From: a@x.test", "Subject: offer", "", "the-word-of-spam");
        assertTrue(reply.startsWith("250 "), reply);
        String text = delivered();
        assertTrue(text.contains("\nX-Spam: Yes\n"), text);
    }

    @Test
    void opendmarcSaysWhatItFoundAndRefusesTwoAuthors() throws IOException {
        FilterPrograms.assumeThere("opendmarc", "opendmarc");
        Path settings = filters.settings("opendmarc.conf", "opendmarc.conf", "PORT", "" + port);
        filters.startAt(port, "opendmarc", "-f", "-c", settings.toString());
        startInstance();
        String refused = say("From: a@x.test", "From: b@x.test", "Subject: two authors", "", "x");
        assertTrue(refused.startsWith("550 5.7.1 "), refused);
        String reply = say("From: a@x.test", "Date: Sun, 29 Nov 2026 10:00:00 +0000", "", "x");
        assertTrue(reply.startsWith("250 "), reply);
        String text = delivered();
        assertTrue(text.contains("\nAuthentication-Results: mx.test; dmarc="), text);
        assertTrue(text.contains(" header.from=x.test\n"), text);
    }

    @Test
    void clamavRefusesVirusesAndSaysThatItLookedAtTheRest() throws IOException {
        FilterPrograms.assumeThere("clamav-milter", "clamav-milter");
        filters.startClamd();
        Path settings =
                filters.settings("clamav-milter.conf", "clamav-milter.conf", "PORT", "" + port);
        filters.startAt(port, "clamav-milter", "-c", settings.toString());
        startInstance();
        String refused = say("From: a@x.test", "Subject: bad", "", "the-marker-of-a-virus");
        assertTrue(refused.startsWith("550 5.7.1 infected by Postino.Marker"), refused);
        String reply = say("From: a@x.test", "Subject: good", "X-Virus-Status: forged", "", "x");
        assertTrue(reply.startsWith("250 "), reply);
        String text = delivered();
        assertTrue(text.contains("\nX-Virus-Status: Clean\n"), text);
        assertTrue(!text.contains("forged"), text);
    }

    @Test
    void spamassMilterMarksAndRefuses() throws IOException {
        FilterPrograms.assumeThere("spamass-milter", "spamass-milter");
        String spamd = Integer.toString(filters.startSpamd());
        filters.startAt(
                port,
                "spamass-milter",
                "-p",
                "inet:" + port + "@127.0.0.1",
                "-r",
                "50",
                "--",
                "-d",
                "127.0.0.1",
                "-p",
                spamd);
        startInstance();
        String refused = say("From: a@x.test", "Subject: no", "", "the-word-of-refusal");
        assertEquals("550 5.7.1 Blocked by SpamAssassin", refused);
        String reply = say("From: a@x.test", "Subject: offer", "", "the-word-of-spam");
        assertTrue(reply.startsWith("250 "), reply);
        String text = delivered();
        assertTrue(text.contains("\nSubject: [SPAM] offer\n"), text);
        assertTrue(text.contains("\nX-Spam-Flag: YES\n"), text);
    }
}
