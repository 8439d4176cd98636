// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postino.kit.Await;
import org.postino.kit.Challenger;
import org.postino.tls.SelfSigned;

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

    @Test
    void tricklingGainsNoTimeBeforeLogIn() throws Exception {
        try (var lab = Lab.open()) {
            lab.param("pop3_login_timeout", "1s");
            try (var client = lab.connect()) {
                var in = in(client);
                assertTrue(in.readLine().startsWith("+OK"));
                trickle(client);
                assertEquals(
                        "ERR Disconnected for inactivity during authentication.", in.readLine());
            }
            Await.until(
                    "it is logged",
                    () ->
                            lab.log().stream()
                                    .anyMatch(
                                            l -> l.contains("Disconnected: Inactivity (no auth")));
        }
    }

    @Test
    void aHandshakeThatTricklesComesToAnEnd() throws Exception {
        try (var lab = Lab.open()) {
            Path pem = lab.directory().resolve("server.pem");
            Files.writeString(pem, SelfSigned.pem("localhost", List.of(), Clock.systemUTC()));
            lab.param("smtpd_tls_chain_files", pem.toString());
            lab.param("pop3d_tls_wrappermode", "yes");
            lab.param("pop3_login_timeout", "1s");
            try (var client = lab.connect()) {
                client.getOutputStream().write(new byte[] {0x16, 3, 1, 0x40, 0});
                trickle(client);
            }
            Await.until(
                    "it is logged",
                    () ->
                            lab.log().stream()
                                    .anyMatch(l -> l.contains("TLS handshaking failed: the hand")));
        }
    }

    /// Sends a byte now and then until the server says one, or leaves.
    private static void trickle(Socket client) throws IOException {
        client.setSoTimeout(50);
        int answer = 0;
        while (answer == 0) {
            try {
                client.getOutputStream().write(0);
                answer = client.getInputStream().read();
            } catch (SocketTimeoutException e) {
                answer = 0;
            } catch (SocketException e) {
                answer = -1;
            }
        }
        client.setSoTimeout(0);
    }
}
