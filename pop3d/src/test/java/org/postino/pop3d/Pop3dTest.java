// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postino.kit.Await;

/// The daemon as a whole, where a conversation does not show it.
@Timeout(60)
final class Pop3dTest {
    private static BufferedReader in(Socket client) throws IOException {
        return new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    }

    private static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void anAttemptThatIsNotFinishedIsTakenBack() throws Exception {
        try (var lab = Lab.open();
                var auth = new Challenger(lab.directory().resolve("private/challenger"))) {
            lab.param("auth_socket_path", "private/challenger");
            try (var client = lab.connect()) {
                var in = in(client);
                assertTrue(in.readLine().startsWith("+OK"));
                say(client, "AUTH LOGIN\r\n" + "x".repeat(10_000) + "\r\n");
                assertEquals("+ ", in.readLine());
                assertEquals("-ERR Input line too long.", in.readLine());
                Await.until("the long line's is", () -> auth.heard("CANCEL") == 1);
                say(client, "AUTH LOGIN\r\n");
                assertEquals("+ ", in.readLine());
            }
            Await.until("the lost connection's is", () -> auth.heard("CANCEL") == 2);
            assertEquals(2, auth.heard("AUTH"));
        }
    }

    @Test
    void challengesComeToAnEnd() throws Exception {
        try (var lab = Lab.open();
                var auth = new Challenger(lab.directory().resolve("private/challenger"))) {
            lab.param("auth_socket_path", "private/challenger");
            try (var client = lab.connect()) {
                var in = in(client);
                assertTrue(in.readLine().startsWith("+OK"));
                say(client, "AUTH LOGIN\r\n" + "eA==\r\n".repeat(10) + "QUIT\r\n");
                for (int i = 0; i < 10; i++) {
                    assertEquals("+ ", in.readLine());
                }
                assertEquals("-ERR Too many rounds of authentication.", in.readLine());
                assertTrue(in.readLine().startsWith("+OK"));
            }
            Await.until("it is taken back", () -> auth.heard("CANCEL") == 1);
        }
    }
}
