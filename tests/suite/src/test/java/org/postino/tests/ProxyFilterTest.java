// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
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
import org.postino.kit.Wire;

/// Mail goes through a filter before the queue, by the rows that servers with amavis have. The filter is another instance, which sends
/// all it takes back, and refuses one sender.
class ProxyFilterTest {
    private static final String ROWS =
            """
            127.0.0.1:$front inet n  -       n       -       20      smtpd
                -o smtpd_proxy_filter=127.0.0.1:$filter
                -o smtpd_proxy_timeout=20s
            127.0.0.1:$quick inet n  -       n       -       20      smtpd
                -o smtpd_proxy_filter=127.0.0.1:$filter
                -o smtpd_proxy_options=speed_adjust
            127.0.0.1:$back inet n  -       n       -       -       smtpd
                -o smtpd_authorized_xforward_hosts=127.0.0.0/8
                -o smtpd_client_restrictions=
                -o smtpd_helo_restrictions=
                -o smtpd_sender_restrictions=
                -o smtpd_relay_restrictions=
                -o smtpd_recipient_restrictions=permit_mynetworks,reject
                -o smtpd_data_restrictions=
                -o mynetworks=127.0.0.0/8
                -o receive_override_options=no_unknown_recipient_checks
            """;

    @TempDir Path dir;
    private Instance mx;
    private Instance filter;
    private int front;
    private int quick;

    @BeforeEach
    void start() throws IOException {
        mx = Instance.create(dir.resolve("mx"), "mx.test");
        filter = Instance.create(dir.resolve("filter"), "filter.test");
        int back = FreePort.find();
        front = FreePort.find();
        quick = FreePort.find();
        Files.writeString(
                mx.directory().resolve("master.cf"),
                ROWS.replace("$back", Integer.toString(back))
                        .replace("$front", Integer.toString(front))
                        .replace("$quick", Integer.toString(quick))
                        .replace("$filter", Integer.toString(filter.port(25))),
                StandardOpenOption.APPEND);
        filter.set(
                "relayhost = [127.0.0.1]:" + back,
                "smtp_send_xforward_command = yes",
                "smtpd_authorized_xforward_hosts = 127.0.0.1",
                "smtpd_sender_restrictions = check_sender_access inline:{bad@x.test=REJECT}");
        mx.user("bob@mx.test", "b").start();
        filter.start();
    }

    @AfterEach
    void stop() throws IOException {
        mx.close();
        filter.close();
    }

    private static String send(int port, String sender) throws IOException {
        try (var wire = new Wire(new Socket(InetAddress.getLoopbackAddress(), port))) {
            wire.line();
            wire.send("EHLO client.test\r\n");
            wire.linesTo("250 ");
            wire.ask("MAIL FROM:<" + sender + ">");
            String reply = String.valueOf(wire.ask("RCPT TO:<bob@mx.test>"));
            if (!reply.startsWith("250")) {
                return reply;
            }
            wire.ask("DATA");
            return String.valueOf(wire.ask("Subject: scanned\r\n\r\n..\r\ntext\r\n."));
        }
    }

    @Test
    void mailGoesThroughTheFilterAndItsRefusalsToTheClient() throws IOException {
        for (int port : new int[] {front, quick}) {
            int before = mx.inbox("bob@mx.test").size();
            String reply = send(port, "good@x.test");
            assertTrue(reply.startsWith("250 2.0.0 Ok: queued as "), reply);
            Await.until("mail", () -> mx.inbox("bob@mx.test").size() == before + 1);
            reply = send(port, "bad@x.test");
            assertEquals("554 5.7.1 <bad@x.test>: Sender address rejected: Access denied", reply);
        }
        String text = Files.readString(mx.inbox("bob@mx.test").getFirst());
        assertTrue(text.contains("by mx.test (Postino) with ESMTP\n"), text);
        assertTrue(text.contains("by filter.test (Postino)"), text);
        assertTrue(text.replace("\r", "").contains("\n\n.\ntext\n"), text);
        mx.awaitLog("proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok: queued as ");
        mx.awaitLog("orig_client=");
    }

    @Test
    void whileTheFilterIsDownNothingIsTaken() throws IOException {
        filter.stop();
        assertEquals("451 4.3.0 Error: queue file write error", send(front, "good@x.test"));
        assertEquals("451 4.3.0 Error: queue file write error", send(quick, "good@x.test"));
        mx.awaitLog("connect to proxy filter 127.0.0.1:" + filter.port(25) + ": ");
        assertTrue(mx.inbox("bob@mx.test").isEmpty());
    }
}
