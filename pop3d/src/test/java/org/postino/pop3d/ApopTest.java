// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postino.kit.ReaderStage;

/// APOP, whose digest no conversation file can know.
@Timeout(60)
final class ApopTest {
    private static final class Client implements Closeable {
        private final Socket socket;
        private final BufferedReader in;
        private final String greeting;

        Client(ReaderStage lab) throws IOException {
            socket = lab.connect();
            in =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            greeting = String.valueOf(in.readLine());
        }

        String timestamp() {
            return greeting.substring(greeting.indexOf('<'));
        }

        String ask(String command) throws IOException {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            return String.valueOf(in.readLine());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static ReaderStage lab() throws IOException {
        var lab = Lab.open();
        lab.param("auth_mechanisms", "plain apop");
        lab.param("myhostname", "pop.test");
        return lab;
    }

    private static String digest(String timestamp, String password) throws Exception {
        byte[] text = (timestamp + password).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text));
    }

    @Test
    void theDigestOfTimestampAndPasswordOpensTheMaildrop() throws Exception {
        try (var lab = lab();
                var client = new Client(lab)) {
            assertTrue(client.greeting.matches("\\+OK .* <[0-9a-f]{32}@pop\\.test>"));
            String right = digest(client.timestamp(), "secret");
            assertEquals("+OK Logged in.", client.ask("APOP bob " + right));
            assertEquals("+OK 0 0", client.ask("STAT"));
            assertTrue(lab.log().stream().anyMatch(l -> l.contains("method=APOP")));
        }
    }

    @Test
    void aDigestIsGoodForOneSessionAlone() throws Exception {
        try (var lab = lab();
                var first = new Client(lab);
                var second = new Client(lab)) {
            assertNotEquals(first.timestamp(), second.timestamp());
            String others = digest(first.timestamp(), "secret");
            assertEquals("-ERR [AUTH] Authentication failed.", second.ask("APOP bob " + others));
        }
    }

    @Test
    void whatIsNoDigestIsRefused() throws Exception {
        try (var lab = lab();
                var client = new Client(lab)) {
            String right = digest(client.timestamp(), "secret");
            for (String wrong :
                    List.of(
                            "APOP bob " + digest(client.timestamp(), "Secret"),
                            "APOP nobody " + right,
                            "APOP bob " + right.substring(1),
                            "APOP bob " + right + "00",
                            "APOP bob " + right.replaceAll("^.", "g"),
                            "APOP bob",
                            "APOP",
                            "APOP  " + right)) {
                assertTrue(client.ask(wrong).startsWith("-ERR"), wrong);
            }
            assertTrue(client.ask("AUTH APOP").startsWith("-ERR [AUTH] Unsupported"));
            assertEquals(
                    "+OK Logged in.", client.ask("apop bob " + right.toUpperCase(Locale.ROOT)));
        }
    }

    @Test
    void nobodyIsInvitedWhereItIsNotOffered() throws Exception {
        try (var lab = Lab.open();
                var client = new Client(lab)) {
            assertFalse(client.greeting.contains("<"), client.greeting);
            assertEquals(
                    "-ERR APOP not enabled.", client.ask("APOP bob " + digest("<>", "secret")));
        }
    }

    @Test
    void whereTlsIsDemandedItIsRefusedInClear() throws Exception {
        try (var lab = lab()) {
            lab.param("pop3d_tls_security_level", "encrypt");
            try (var client = new Client(lab)) {
                String right = digest(client.timestamp(), "secret");
                assertTrue(client.ask("APOP bob " + right).startsWith("-ERR [AUTH] Cleartext"));
            }
        }
    }
}
