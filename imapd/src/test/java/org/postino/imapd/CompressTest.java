// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postino.kit.Await;

/// COMPRESS=DEFLATE (RFC 4978), by a client that compresses, too.
final class CompressTest {
    private static byte[] message(int size) {
        return ("Subject: large\r\n\r\n" + "line of text\r\n".repeat(size / 14))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void everythingWorksCompressed() throws Exception {
        try (var lab = Lab.open();
                var client = TestClient.login(lab.port())) {
            client.compress();
            assertTrue(client.command("COMPRESS DEFLATE").status().contains("COMPRESSIONACTIVE"));
            byte[] large = message(3_000_000);
            client.append("INBOX", large);
            client.ok("SELECT INBOX");
            var fetched = client.ok("FETCH 1 BODY.PEEK[]").untagged().getFirst();
            assertTrue(fetched.contains(new String(large, StandardCharsets.ISO_8859_1)));
            assertEquals(List.of("* SEARCH 1"), client.ok("SEARCH SUBJECT large").untagged());
            client.send("x NOOP\r\ny NOOP\r\n");
            assertTrue(client.response().startsWith("x OK"));
            assertTrue(client.response().startsWith("y OK"));
            assertTrue(client.ok("LOGOUT").untagged().getFirst().startsWith("* BYE"));
        }
    }

    @Test
    void otherMechanismsAreRefusedAndNothingChanges() throws Exception {
        try (var lab = Lab.open();
                var client = TestClient.login(lab.port())) {
            assertTrue(client.command("COMPRESS LZ4").status().startsWith("NO"));
            assertTrue(client.command("COMPRESS").status().startsWith("BAD"));
            client.ok("NOOP");
        }
        try (var lab = Lab.open();
                var stranger = new TestClient(lab.port())) {
            assertTrue(stranger.command("COMPRESS DEFLATE").status().startsWith("BAD"));
        }
    }

    @Test
    void idleTellsCompressed() throws Exception {
        try (var lab = Lab.open();
                var client = TestClient.login(lab.port());
                var other = TestClient.login(lab.port())) {
            client.compress();
            client.ok("SELECT INBOX");
            client.send("i IDLE\r\n");
            assertEquals("+ idling", client.response());
            for (int i = 1; i <= 3; i++) {
                other.append("INBOX", message(100));
                assertEquals("* " + i + " EXISTS", client.response());
                client.response();
            }
            client.send("DONE\r\n");
            assertTrue(client.response().startsWith("i OK"));
            client.ok("NOOP");
        }
    }

    /// Sends a line of a hundred megabytes, and reads until the end.
    private static void flood(TestClient client) throws IOException {
        var megabyte = "x".repeat(1 << 20);
        for (int i = 0; i < 100; i++) {
            client.send(megabyte);
        }
        while (true) {
            client.response();
        }
    }

    @Test
    void whatInflatesIsBoundedAsAnythingElse() throws Exception {
        try (var lab = Lab.open();
                var client = TestClient.login(lab.port())) {
            client.compress();
            assertThrows(IOException.class, () -> flood(client));
            Await.until("the session is over", () -> lab.server().sessions() == 0);
            assertTrue(lab.log().stream().anyMatch(l -> l.contains("Too long command line")));
        }
    }

    @Test
    void whatIsNotCompressedEndsTheSession() throws Exception {
        try (var lab = Lab.open();
                var client = TestClient.login(lab.port())) {
            client.compress();
            client.sendRaw("a NOOP\r\n\377\377\377".getBytes(StandardCharsets.ISO_8859_1));
            Await.until("the session is over", () -> lab.server().sessions() == 0);
        }
    }

    @Test
    void unauthenticateEndsCompression() throws Exception {
        try (var lab = Lab.open();
                var client = TestClient.login(lab.port())) {
            client.compress();
            client.ok("UNAUTHENTICATE");
            client.plain();
            client.ok("LOGIN alice sesame");
            client.compress();
            client.ok("SELECT INBOX");
        }
    }
}
