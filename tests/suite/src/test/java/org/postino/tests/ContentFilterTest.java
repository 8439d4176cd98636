// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.FreePort;
import org.postino.kit.Instance;

/// Mail goes through a content filter by the lines that tutorials for amavis have. The filter is another instance, which sends all it gets
/// back.
class ContentFilterTest {
    private static final String ROWS =
            """
            scan      unix  -       -       n       -       2       smtp
                -o smtp_data_done_timeout=1200
                -o smtp_send_xforward_command=yes
                -o disable_dns_lookups=yes
                -o max_use=20
            127.0.0.1:$back inet n  -       n       -       -       smtpd
                -o content_filter=
                -o local_recipient_maps=
                -o relay_recipient_maps=
                -o smtpd_restriction_classes=
                -o smtpd_delay_reject=no
                -o smtpd_client_restrictions=permit_mynetworks,reject
                -o smtpd_helo_restrictions=
                -o smtpd_sender_restrictions=
                -o smtpd_recipient_restrictions=permit_mynetworks,reject
                -o smtpd_data_restrictions=reject_unauth_pipelining
                -o smtpd_end_of_data_restrictions=
                -o mynetworks=127.0.0.0/8
                -o smtpd_error_sleep_time=0
                -o smtpd_soft_error_limit=1001
                -o smtpd_hard_error_limit=1000
                -o smtpd_client_connection_count_limit=0
                -o smtpd_client_connection_rate_limit=0
                -o receive_override_options=no_header_body_checks,no_unknown_recipient_checks,no_address_mappings
                -o smtpd_authorized_xforward_hosts=127.0.0.0/8
            """;

    @TempDir Path dir;
    private Instance mx;
    private Instance filter;

    @BeforeEach
    void start() throws IOException {
        mx = Instance.create(dir.resolve("mx"), "mx.test");
        filter = Instance.create(dir.resolve("filter"), "filter.test");
        int back = FreePort.find();
        Files.writeString(
                mx.directory().resolve("master.cf"),
                ROWS.replace("$back", Integer.toString(back)),
                StandardOpenOption.APPEND);
        filter.set("relayhost = [127.0.0.1]:" + back, "smtp_send_xforward_command = yes");
        filter.set("smtpd_authorized_xforward_hosts = 127.0.0.1");
        mx.user("bob@mx.test", "b")
                .user("carol@mx.test", "c")
                .set(
                        "content_filter = scan:[127.0.0.1]:" + filter.port(25),
                        "virtual_alias_maps = inline:{{all@mx.test=bob@mx.test carol@mx.test}}",
                        "minimal_backoff_time = 1s",
                        "maximal_backoff_time = 2s",
                        "queue_run_delay = 1s",
                        "transport_retry_time = 1s")
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        mx.close();
        filter.close();
    }

    @Test
    void mailFromTheNetworkGoesThroughTheFilterOnce() throws IOException {
        filter.start();
        String id = mx.send("a@x.test", "all@mx.test", "Subject: scanned\n\ntext");
        awaitMail("bob@mx.test", "carol@mx.test");
        String text = Files.readString(mx.inbox("bob@mx.test").getFirst());
        assertTrue(text.contains("by filter.test (Postino)"), text);
        String there = filter.awaitLog(": client=localhost[127.0.0.1], orig_queue_id=" + id);
        String here = mx.awaitLog(", orig_queue_id=");
        assertTrue(here.contains(", orig_queue_id=" + id), here + there);
    }

    @Test
    void whileTheFilterIsDownMailWaits() throws IOException {
        String id = mx.send("a@x.test", "bob@mx.test", "Subject: patience\n\ntext");
        String line = mx.awaitLog(id + ": to=<bob@mx.test>");
        assertTrue(line.contains("status=deferred (connect to 127.0.0.1["), line);
        filter.start();
        mx.command("postqueue", "-f").run().ok();
        awaitMail("bob@mx.test");
    }

    /// Waits until each user has mail and both queues are empty; each has one message then.
    private void awaitMail(String... users) throws IOException {
        for (String user : users) {
            Await.until("mail for " + user, () -> !mx.inbox(user).isEmpty());
        }
        mx.awaitEmptyQueue();
        filter.awaitEmptyQueue();
        for (String user : users) {
            assertEquals(1, mx.inbox(user).size(), user);
        }
    }
}
