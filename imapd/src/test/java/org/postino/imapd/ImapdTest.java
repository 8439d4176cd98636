// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.postino.kit.Await;
import org.postino.kit.Challenger;
import org.postino.kit.TrustingTls;

/// The daemon as a whole: faults, stop, TLS from the first byte, large messages.
final class ImapdTest {
    @Test
    void stopSaysByeToClientsThatWait() throws Exception {
        try (var lab = Lab.open();
                var waiting = TestClient.login(lab.port());
                var idling = TestClient.login(lab.port())) {
            idling.send("i IDLE\r\n");
            assertEquals("+ idling", idling.response());
            var stopping = Thread.ofVirtual().start(lab.server()::close);
            assertTrue(waiting.response().startsWith("* BYE Server shutting down"));
            assertTrue(idling.response().startsWith("* BYE Server shutting down"));
            stopping.join();
        }
    }

    @Test
    void aMessageHalfSentLeavesNothingBehind() throws Exception {
        try (var lab = Lab.open()) {
            try (var client = TestClient.login(lab.port())) {
                client.send("a APPEND INBOX {100+}\r\nSubject: half\r\n");
            }
            Await.until("the session is over", () -> lab.server().sessions() == 0);
            assertEquals(0, files(lab.maildir("bob")));
            try (var client = TestClient.login(lab.port())) {
                assertTrue(
                        client.ok("STATUS INBOX (MESSAGES)")
                                .untagged()
                                .getFirst()
                                .contains("MESSAGES 0"));
            }
        }
    }

    private static long files(Path maildir) throws IOException {
        long count = 0;
        for (var sub : new String[] {"tmp", "new", "cur"}) {
            try (var files = Files.list(maildir.resolve(sub))) {
                count += files.count();
            }
        }
        return count;
    }

    /// While one thread waits for DONE, no other may read: the store's trouble must not end the command.
    @Test
    void aFaultOfTheStoreDoesNotEndIdle() throws Exception {
        try (var lab = Lab.open()) {
            lab.param("imap_idle_notify_interval", "1s");
            try (var client = TestClient.login(lab.port())) {
                client.ok("SELECT INBOX");
                client.send("i IDLE\r\n");
                assertEquals("+ idling", client.response());
                var cur = lab.maildir("bob").resolve("cur");
                var aside = lab.maildir("bob").resolve("aside");
                Files.move(cur, aside);
                Files.writeString(cur, "this is no directory");
                Await.until(
                        "the fault is logged",
                        () -> lab.log().stream().anyMatch(l -> l.contains(": idle: ")));
                Files.delete(cur);
                Files.move(aside, cur);
                lab.directive("deliver", "INBOX 1 back");
                assertEquals("* 1 EXISTS", heard(client));
                assertEquals("* 1 RECENT", heard(client));
                client.send("DONE\r\n");
                assertEquals("i OK Idle completed.", heard(client));
                client.ok("NOOP");
            }
        }
    }

    private static String heard(TestClient client) throws IOException {
        String response;
        do {
            response = client.response();
        } while (response.equals("* OK Still here"));
        return response;
    }

    @Test
    void aMailboxThatVanishesInIdleEndsTheSession() throws Exception {
        try (var lab = Lab.open();
                var client = TestClient.login(lab.port());
                var other = TestClient.login(lab.port())) {
            client.ok("CREATE Box");
            client.ok("SELECT Box");
            client.send("i IDLE\r\n");
            assertEquals("+ idling", client.response());
            other.ok("DELETE Box");
            assertEquals(
                    "* BYE IMAP session state is inconsistent, please relogin.", heard(client));
            client.send("DONE\r\n");
            assertThrows(IOException.class, client::response);
            Await.until("the session is over", () -> lab.server().sessions() == 1);
        }
    }

    @Test
    void aMailboxThatCannotBeOpenedIsTheServersFault() throws Exception {
        try (var lab = Lab.open()) {
            Files.createDirectories(lab.maildir("bob").getParent());
            Files.writeString(lab.maildir("bob"), "this is no directory");
            try (var client = new TestClient(lab.port())) {
                assertTrue(
                        client.command("LOGIN bob secret").status().startsWith("NO [UNAVAILABLE]"));
                assertTrue(client.command("LOGIN alice sesame").isOk());
            }
            assertTrue(
                    lab.log().stream()
                            .anyMatch(l ->
                                    l.matches(
                                            "error: imap\\(bob\\)<.*>: cannot open mailbox: .*")));
        }
    }

    @Test
    void authThatIsDownIsATemporaryFailure() throws Exception {
        try (var lab = Lab.open()) {
            int port = lab.port();
            Files.delete(lab.directory().resolve("private/auth"));
            try (var client = new TestClient(port)) {
                assertTrue(
                        client.command("LOGIN bob secret").status().startsWith("NO [UNAVAILABLE]"));
                assertTrue(client.command("NOOP").isOk());
            }
        }
    }

    @Test
    void authIsWhereMainCfSaysItIs() throws Exception {
        try (var lab = Lab.open()) {
            lab.param("auth_socket_path", "private/doorman");
            int port = lab.port();
            Files.move(
                    lab.directory().resolve("private/auth"),
                    lab.directory().resolve("private/doorman"));
            try (var client = new TestClient(port)) {
                assertTrue(client.command("LOGIN bob secret").isOk());
            }
        }
    }

    @Test
    void anAttemptThatIsNotFinishedIsTakenBack() throws Exception {
        try (var lab = Lab.open();
                var auth = new Challenger(lab.directory().resolve("private/challenger"))) {
            lab.param("auth_socket_path", "private/challenger");
            try (var client = new TestClient(lab.port())) {
                client.send("a AUTHENTICATE LOGIN\r\n" + "x".repeat(50_000) + "\r\n");
                assertEquals("+ ", client.response());
                assertTrue(client.response().startsWith("* BYE"));
            }
            Await.until("the long line's is", () -> auth.heard("CANCEL") == 1);
            try (var client = new TestClient(lab.port())) {
                client.send("a AUTHENTICATE LOGIN\r\n");
                assertEquals("+ ", client.response());
            }
            Await.until("the lost connection's is", () -> auth.heard("CANCEL") == 2);
            assertEquals(2, auth.heard("AUTH"));
        }
    }

    @Test
    void imapsSpeaksTlsAtOnce() throws Exception {
        try (var lab = Lab.open()) {
            lab.directive("tls", "yes");
            lab.param("imapd_tls_wrappermode", "yes");
            try (var plain = lab.connect();
                    var socket = TrustingTls.over(plain)) {
                socket.getOutputStream()
                        .write(
                                "a LOGIN bob secret\r\nb LOGOUT\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                var all =
                        new String(
                                socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertTrue(all.startsWith("* OK [CAPABILITY IMAP4rev1"), all);
                assertFalse(all.contains("STARTTLS"), all);
                assertTrue(all.contains("a OK") && all.endsWith("b OK Logout completed.\r\n"), all);
            }
            try (var plain = lab.connect()) {
                plain.getOutputStream().write("a NOOP\r\n".getBytes(StandardCharsets.US_ASCII));
                plain.getInputStream().readAllBytes();
            }
            Await.until(
                    "the failure is logged",
                    () -> lab.log().stream().anyMatch(l -> l.contains("TLS handshaking failed")));
        }
    }

    @Test
    void largeMessagesComeBackAsTheyWent() throws Exception {
        try (var lab = Lab.open();
                var client = TestClient.login(lab.port())) {
            var text = new StringBuilder("Subject: large\r\n\r\n");
            for (int i = 0; text.length() < 3_000_000; i++) {
                text.append("line ").append(i).append(" of a large letter\r\n");
            }
            client.append("INBOX", text.toString().getBytes(StandardCharsets.US_ASCII));
            client.ok("SELECT INBOX");
            var answer = client.ok("FETCH 1 BODY.PEEK[]");
            assertTrue(answer.untagged().getFirst().endsWith(text + ")"));
            var part = client.ok("FETCH 1 BODY.PEEK[]<2000000.100>");
            assertTrue(
                    part.untagged()
                            .getFirst()
                            .endsWith(text.substring(2_000_000, 2_000_100) + ")"));
        }
    }

    @Test
    void aMonstrousHeaderIsGivenWholeAndUsedInPart() throws Exception {
        try (var lab = Lab.open();
                var client = TestClient.login(lab.port())) {
            var header =
                    "Subject: first\r\n" + "X-Junk: junk junk junk\r\n".repeat(100_000) + "\r\n";
            client.append("INBOX", (header + "body\r\n").getBytes(StandardCharsets.US_ASCII));
            client.ok("SELECT INBOX");
            assertTrue(client.ok("FETCH 1 ENVELOPE").untagged().getFirst().contains("\"first\""));
            var whole = client.ok("FETCH 1 BODY.PEEK[HEADER]").untagged().getFirst();
            assertTrue(whole.endsWith(header + ")"));
            var text = client.ok("FETCH 1 BODY.PEEK[TEXT]").untagged().getFirst();
            assertEquals("* 1 FETCH (BODY[TEXT] {6}\r\nbody\r\n)", text);
            assertEquals(
                    "* SEARCH 1",
                    client.ok("SEARCH SUBJECT first BODY body").untagged().getFirst());
        }
    }

    @Test
    void messagesThatStayInOneSessionAreTheSameInAnother() throws Exception {
        try (var lab = Lab.open();
                var client = TestClient.login(lab.port())) {
            for (int i = 0; i < 100; i++) {
                client.append(
                        "INBOX",
                        ("Subject: " + i + "\r\n\r\nx\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            client.ok("SELECT INBOX");
            var first = client.ok("UID FETCH 1:* (FLAGS RFC822.SIZE)").untagged();
            assertEquals(100, first.size());
            client.ok("STORE 1:50 +FLAGS.SILENT (\\Deleted)");
            client.ok("UID EXPUNGE 1:10");
            try (var other = TestClient.login(lab.port())) {
                other.ok("SELECT INBOX");
                assertEquals(90, other.ok("UID FETCH 1:* (FLAGS)").untagged().size());
                assertEquals(
                        40,
                        TestClient.tokens(other.ok("UID SEARCH DELETED").untagged().getFirst())
                                        .size()
                                - 2);
            }
        }
    }
}
