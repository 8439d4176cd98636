// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.FreePort;
import org.postino.kit.Instance;

/// Mail goes through AMaViS, which asks ClamAV and SpamAssassin, by the rows that tutorials have.
class AmavisTest {
    private static final String ROWS =
            """
            smtp-amavis unix        -       -       n       -       2       smtp
                    -o smtp_data_done_timeout=1200
                    -o smtp_send_xforward_command=yes
                    -o disable_dns_lookups=yes
                    -o max_use=20
                    -o smtp_tls_security_level=none

            amavisfeed unix    -       -       n        -      2     lmtp
                    -o lmtp_data_done_timeout=1200
                    -o lmtp_send_xforward_command=yes
                    -o disable_dns_lookups=yes
                    -o max_use=20

            127.0.0.1:$back inet n  -       n       -       -       smtpd
                    -o content_filter=
                    -o smtpd_delay_reject=no
                    -o smtpd_client_restrictions=permit_mynetworks,reject
                    -o smtpd_helo_restrictions=
                    -o smtpd_sender_restrictions=
                    -o smtpd_recipient_restrictions=permit_mynetworks,reject
                    -o smtpd_data_restrictions=reject_unauth_pipelining
                    -o smtpd_end_of_data_restrictions=
                    -o smtpd_restriction_classes=
                    -o mynetworks=127.0.0.0/8
                    -o smtpd_error_sleep_time=0
                    -o smtpd_soft_error_limit=1001
                    -o smtpd_hard_error_limit=1000
                    -o smtpd_client_connection_count_limit=0
                    -o smtpd_client_connection_rate_limit=0
                    -o smtpd_authorized_xforward_hosts=127.0.0.0/8
                    -o receive_override_options=no_header_body_checks,no_unknown_recipient_checks,no_milters,no_address_mappings
                    -o local_header_rewrite_clients=
            """;

    @TempDir Path dir;
    private FilterPrograms filters;
    private Instance mx;
    private int port;
    private int back;

    @BeforeEach
    void start() throws IOException {
        FilterPrograms.assumeThere("amavisd", "amavisd-new");
        filters = new FilterPrograms(dir);
        assumeTrue(
                filters.user().equals("nobody"),
                "amavisd wants settings that its user cannot write, so this needs root");
        port = FreePort.find();
        back = FreePort.find();
        mx = Instance.create(dir.resolve("mx"));
        Files.writeString(
                mx.directory().resolve("master.cf"),
                ROWS.replace("$back", Integer.toString(back)),
                StandardOpenOption.APPEND);
        mx.user("bob@mx.test", "b")
                .set(
                        "minimal_backoff_time = 1s",
                        "maximal_backoff_time = 2s",
                        "queue_run_delay = 1s",
                        "transport_retry_time = 1s");
    }

    private void startInstance(String transport) throws IOException {
        mx.set("content_filter = " + transport + ":[127.0.0.1]:" + port).start();
    }

    @AfterEach
    void stop() throws IOException {
        mx.close();
        filters.close();
    }

    private void startAmavis() throws IOException {
        filters.startClamd();
        filters.rulesOfSpamAssassin();
        Path quarantine = Files.createDirectories(filters.home().resolve("quarantine"));
        Files.setPosixFilePermissions(quarantine, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path settings =
                filters.settings(
                        "amavisd.conf",
                        "amavisd.conf",
                        "USER",
                        filters.user(),
                        "GROUP",
                        filters.group(),
                        "PORT",
                        "" + port,
                        "BACK",
                        "" + back);
        filters.startAt(port, "amavisd", "-c", settings.toString(), "foreground");
    }

    @Test
    void mailComesBackWithItsScoreAndVirusesDoNot() throws IOException {
        startAmavis();
        startInstance("smtp-amavis");
        String id = mx.send("a@x.test", "bob@mx.test", "Subject: clean\n\ntext");
        String clean = await(1, "Subject: clean");
        assertTrue(clean.contains("\nX-Virus-Scanned: amavis at mx.test\n"), clean);
        assertTrue(clean.contains("\nX-Spam-Flag: NO\nX-Spam-Score: 0.1\n"), clean);
        mx.awaitLog(", orig_queue_id=" + id + ", orig_client=localhost[127.0.0.1]");

        mx.send("a@x.test", "bob@mx.test", "Subject: offer\n\nthe-word-of-spam");
        String spam = await(2, "offer");
        assertTrue(spam.contains("\nX-Spam-Flag: YES\nX-Spam-Score: 7.6\n"), spam);
        assertTrue(spam.contains("\nSubject: ***SPAM*** offer\n"), spam);

        mx.send("a@x.test", "bob@mx.test", "Subject: bad\n\nthe-marker-of-a-virus");
        String line = mx.awaitLog("INFECTED: Postino.Marker");
        assertTrue(line.contains("status=sent (250 2.7.0 Ok, discarded"), line);
        try (Stream<Path> kept = Files.list(filters.home().resolve("quarantine"))) {
            String virus = Files.readString(kept.toList().getFirst());
            assertTrue(virus.contains("\nX-Envelope-To: <bob@mx.test>\n"), virus);
        }
        mx.awaitEmptyQueue();
        assertEquals(2, mx.inbox("bob@mx.test").size());
    }

    @Test
    void whileAmavisIsDownMailWaitsForItsLmtp() throws IOException {
        startInstance("amavisfeed");
        String id = mx.send("a@x.test", "bob@mx.test", "Subject: patience\n\ntext");
        String line = mx.awaitLog(id + ": to=<bob@mx.test>");
        assertTrue(line.contains("status=deferred (connect to 127.0.0.1["), line);
        startAmavis();
        mx.command("postqueue", "-f").run().ok();
        String text = await(1, "Subject: patience");
        assertTrue(text.contains("\nX-Spam-Score: 0.1\n"), text);
        mx.awaitLog(", orig_queue_id=" + id + ", orig_client=localhost[127.0.0.1]");
    }

    /// Waits for the mailbox's n-th message; the one that contains a text.
    private String await(int count, String text) throws IOException {
        Await.until("message " + count, () -> mx.inbox("bob@mx.test").size() == count);
        for (Path file : mx.inbox("bob@mx.test")) {
            String message = Files.readString(file);
            if (message.contains(text)) {
                return message;
            }
        }
        throw new AssertionError("no message with " + text);
    }
}
