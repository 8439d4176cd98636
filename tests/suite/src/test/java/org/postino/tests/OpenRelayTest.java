// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Instance;

/// A stranger at 127.0.0.2 tries what is known against a real instance whose only friend is 127.0.0.1.
class OpenRelayTest {
    private static final List<String> FORMS =
            List.of(
                    "%s@other.test",
                    "%s%%other.test",
                    "other.test!%s",
                    "\"%s%%other.test\"",
                    "\"%s@other.test\"",
                    "\"other.test!%s\"",
                    "\"%s other%%other.test\"",
                    "\"%s%%other.test.\"",
                    "%s%%other.test%%our.test",
                    "other.test!our.test!%s",
                    "our.test!%s%%other.test",
                    "@our.test:%s%%other.test",
                    "@our.test,@relay.test:other.test!%s",
                    "%s%%other.test@our.test",
                    "%s%%other.test@our.test.",
                    "other.test!%s@our.test",
                    "\"%s@other.test\"@our.test",
                    "%s%%other.test%%relay.test@our.test",
                    "%s%%other.test@[127.0.0.1]",
                    "\"%s@other.test\"@relay.test",
                    "other.test!%s@relay.test",
                    "%s%%other.test@valias.test",
                    "\"other.test!%s\"@vmbox.test",
                    "\"%s@[192.0.2.1]\"");

    @TempDir static Path dir;
    private static Instance instance;

    @BeforeAll
    static void start() throws IOException {
        instance =
                Instance.create(dir.resolve("mx"), "our.test")
                        .set(
                                "mynetworks = 127.0.0.1/32",
                                "myorigin = our.test",
                                "mydestination = our.test",
                                "alias_maps = inline:{ members=far%other.test }",
                                "alias_database =",
                                "local_recipient_maps =",
                                "relay_domains = relay.test",
                                "virtual_alias_domains = valias.test",
                                "virtual_alias_maps = inline:{ list@valias.test=other.test!near }",
                                "virtual_mailbox_domains = vmbox.test",
                                "virtual_mailbox_maps = inline:{ a@vmbox.test=a/ }",
                                "smtpd_hard_error_limit = 1000",
                                "smtpd_error_sleep_time = 0",
                                "smtpd_reject_unlisted_recipient = no",
                                "default_transport = error:no way out",
                                "relay_transport = error:no way out");
        instance.start();
    }

    @AfterAll
    static void stop() throws IOException {
        instance.close();
    }

    private record Client(Socket socket, BufferedReader in) implements AutoCloseable {
        static Client from(String address) throws IOException {
            var socket =
                    new Socket(
                            InetAddress.getLoopbackAddress(),
                            instance.port(25),
                            InetAddress.ofLiteral(address),
                            0);
            var in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1));
            in.readLine();
            return new Client(socket, in);
        }

        String ask(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return in.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void noFormOfAnAddressLeadsAStrangerOut() throws IOException {
        var taken = new ArrayList<String>();
        try (var stranger = Client.from("127.0.0.2")) {
            stranger.ask("HELO client.test");
            stranger.ask("MAIL FROM:<x@stranger.test>");
            int number = 0;
            for (String form : FORMS) {
                String address = String.format(form, "u" + number++);
                for (String command :
                        List.of(
                                "RCPT TO:<" + address + ">",
                                "RCPT TO:" + address,
                                "VRFY " + address,
                                "VRFY <" + address + ">")) {
                    String reply = stranger.ask(command);
                    if (!reply.endsWith(": Relay access denied") && !reply.startsWith("501 ")) {
                        taken.add(command + " -> " + reply);
                    }
                }
            }
            assertTrue(stranger.ask("DATA").startsWith("554 5.5.1 "));
        }
        assertEquals(List.of(), taken);
    }

    @Test
    void ourOwnClientIsTakenAtHisWord() throws IOException {
        instance.send("x@our.test", "other.test!joe", "Subject: out\n\ntext");
        instance.awaitLog("to=<joe@other.test>, orig_to=<other.test!joe>, relay=none");
    }

    @Test
    void membersOfAliasesAndVirtualTablesAreReadInTheSameWay() throws IOException {
        instance.send("x@our.test", "members@our.test", "Subject: alias\n\ntext");
        instance.awaitLog("to=<far@other.test>");
        instance.send("x@our.test", "list@valias.test", "Subject: virtual\n\ntext");
        instance.awaitLog("to=<near@other.test>, orig_to=<list@valias.test>, relay=none");
    }

    /// What comes back goes to the sender's address as it reads after rewriting, and by the same door.
    @Test
    void aBounceGoesWhereTheSenderIs() throws IOException {
        instance.send("back%other.test", "joe@elsewhere.test", "Subject: bounce\n\ntext");
        instance.awaitLog("from=<back@other.test>");
        instance.awaitLog("to=<back@other.test>");
    }
}
