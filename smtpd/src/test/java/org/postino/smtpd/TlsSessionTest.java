// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Wire;
import org.postino.queue.Envelope;
import org.postino.tls.SelfSigned;

final class TlsSessionTest {
    @TempDir Path directory;

    private SmtpdStage stage(String level) throws IOException {
        var stage = new SmtpdStage(directory);
        Path pem = directory.resolve("key.pem");
        Files.writeString(pem, SelfSigned.pem("mx.test", List.of(), Clock.systemUTC()));
        stage.param("smtpd_tls_chain_files", pem.toString());
        stage.param("smtpd_tls_security_level", level);
        stage.param("smtpd_tls_loglevel", "1");
        stage.param("smtpd_tls_received_header", "yes");
        stage.param("smtpd_sasl_auth_enable", "yes");
        stage.param("smtpd_tls_auth_only", "yes");
        return stage;
    }

    @Test
    void afterStartTlsTheSessionBeginsAnew() throws IOException {
        try (var stage = stage("may");
                var wire = new Wire(stage.connect())) {
            assertEquals("220 mx.test ESMTP Postino", wire.line());
            wire.send("EHLO x\r\n");
            String before = wire.linesTo("250 CHUNKING");
            assertTrue(before.contains("250-STARTTLS"), before);
            assertFalse(before.contains("AUTH"), before);
            assertEquals(
                    "538 5.7.0 Encryption required for requested authentication mechanism",
                    wire.ask("AUTH PLAIN AGJvYgBwdw=="));
            assertEquals("220 2.0.0 Ready to start TLS", wire.ask("STARTTLS"));
            wire.upgrade(stage.tls(wire.socket()));
            stage.awaitLog("Anonymous TLS connection established from localhost[127.0.0.1]: TLSv1");
            assertEquals(
                    "503 5.5.1 Error: send HELO/EHLO first", wire.ask("AUTH PLAIN AGJvYgBwdw=="));
            wire.send("EHLO y\r\n");
            String after = wire.linesTo("250 CHUNKING");
            assertFalse(after.contains("STARTTLS"), after);
            assertTrue(after.contains("250-AUTH PLAIN LOGIN"), after);
            assertEquals("554 5.5.1 Error: TLS already active", wire.ask("STARTTLS"));
            assertEquals(
                    "235 2.7.0 Authentication successful", wire.ask("AUTH PLAIN AGJvYgBwdw=="));
            assertEquals("250 2.1.0 Ok", wire.ask("MAIL FROM:<a@b.test>"));
            assertEquals("250 2.1.5 Ok", wire.ask("RCPT TO:<bob@local.test>"));
            assertEquals("354 End data with <CR><LF>.<CR><LF>", wire.ask("DATA"));
            assertEquals("250 2.0.0 Ok: queued as ABC001", wire.ask("."));
            String content = stage.queue.messages.getFirst().content();
            assertTrue(content.contains("\tby mx.test (Postino) with ESMTPSA id ABC001"), content);
            assertTrue(content.contains("\t(using TLSv1"), content);
        }
    }

    @Test
    void requireTlsIsOfferedOnTlsAndKeptWithTheMessage() throws IOException {
        try (var stage = stage("may");
                var wire = new Wire(stage.connect())) {
            assertEquals("220 mx.test ESMTP Postino", wire.line());
            wire.send("EHLO x\r\n");
            assertFalse(wire.linesTo("250 CHUNKING").contains("REQUIRETLS"));
            assertEquals(
                    "555 5.5.4 Unsupported option: REQUIRETLS",
                    wire.ask("MAIL FROM:<a@b.test> REQUIRETLS"));
            assertEquals("220 2.0.0 Ready to start TLS", wire.ask("STARTTLS"));
            wire.upgrade(stage.tls(wire.socket()));
            wire.send("EHLO x\r\n");
            assertTrue(wire.linesTo("250 CHUNKING").contains("250-REQUIRETLS"));
            assertEquals("250 2.1.0 Ok", wire.ask("MAIL FROM:<a@b.test> REQUIRETLS"));
            assertEquals("250 2.1.5 Ok", wire.ask("RCPT TO:<bob@local.test>"));
            assertEquals("354 End data with <CR><LF>.<CR><LF>", wire.ask("DATA"));
            assertEquals("250 2.0.0 Ok: queued as ABC001", wire.ask("."));
            var envelope = stage.queue.messages.getFirst().envelope();
            assertEquals(Envelope.YES, envelope.attribute(Envelope.REQUIRETLS));
        }
    }

    /// A client on TLS that has said EHLO.
    private static Wire encrypted(SmtpdStage stage) throws IOException {
        var wire = new Wire(stage.connect());
        wire.line();
        assertEquals("220 2.0.0 Ready to start TLS", wire.ask("STARTTLS"));
        wire.upgrade(stage.tls(wire.socket()));
        wire.send("EHLO x\r\n");
        wire.linesTo("250 CHUNKING");
        return wire;
    }

    @Test
    void aFilterBeforeTheQueueHearsOfRequireTls() throws IOException {
        try (var stage = stage("may");
                var filter = new FakeFilter()) {
            filter.replies.put("EHLO", "250-filter.test\n250 REQUIRETLS");
            stage.param("smtpd_proxy_filter", filter.place());
            try (var wire = encrypted(stage)) {
                assertEquals("250 2.1.0 Ok", wire.ask("MAIL FROM:<a@b.test> REQUIRETLS"));
                assertEquals("250 2.1.5 Ok", wire.ask("RCPT TO:<bob@local.test>"));
            }
            assertTrue(filter.heard.contains("MAIL FROM:<a@b.test> REQUIRETLS"));
        }
    }

    @Test
    void aFilterWithoutRequireTlsFindsItInTheHeader() throws IOException {
        try (var stage = stage("may");
                var filter = new FakeFilter()) {
            stage.param("smtpd_proxy_filter", filter.place());
            try (var wire = encrypted(stage)) {
                for (String parameter : List.of(" REQUIRETLS", "")) {
                    assertEquals("250 2.1.0 Ok", wire.ask("MAIL FROM:<a@b.test>" + parameter));
                    assertEquals("250 2.1.5 Ok", wire.ask("RCPT TO:<bob@local.test>"));
                    assertEquals("354 End data with <CR><LF>.<CR><LF>", wire.ask("DATA"));
                    assertEquals("250 2.0.0 Ok: queued as F1", wire.ask("A: b\r\n\r\n."));
                }
            }
            assertEquals(
                    List.of(
                            "MAIL FROM:<a@b.test>",
                            "Require-TLS-ESMTP: yes",
                            "MAIL FROM:<a@b.test>"),
                    filter.heard.stream()
                            .filter(l -> l.startsWith("MAIL") || l.startsWith("Require"))
                            .toList());
        }
    }

    @Test
    void aFilterWithoutRequireTlsGetsNoMessageThatNeedsIt() throws IOException {
        try (var stage = stage("may");
                var filter = new FakeFilter()) {
            stage.param("smtpd_proxy_filter", filter.place());
            stage.param("requiretls_esmtp_header", "no");
            try (var wire = encrypted(stage)) {
                assertEquals("250 2.1.0 Ok", wire.ask("MAIL FROM:<a@b.test> REQUIRETLS"));
                assertEquals(
                        "550 5.7.30 REQUIRETLS support required",
                        wire.ask("RCPT TO:<bob@local.test>"));
                assertEquals("250 2.0.0 Ok", wire.ask("RSET"));
                assertEquals("250 2.1.0 Ok", wire.ask("MAIL FROM:<a@b.test>"));
                assertEquals("250 2.1.5 Ok", wire.ask("RCPT TO:<bob@local.test>"));
            }
            stage.awaitLog("proxy " + filter.place() + " does not offer REQUIRETLS");
        }
    }

    @Test
    void whatWasDecidedWhenTheClientConnectedHoldsOnTls() throws IOException {
        try (var stage = stage("may")) {
            stage.param("smtpd_delay_reject", "no");
            stage.param("smtpd_client_restrictions", "check_client_access static:HOLD");
            try (var wire = encrypted(stage)) {
                assertEquals("250 2.1.0 Ok", wire.ask("MAIL FROM:<a@b.test>"));
                assertEquals("250 2.1.5 Ok", wire.ask("RCPT TO:<bob@local.test>"));
                assertEquals("354 End data with <CR><LF>.<CR><LF>", wire.ask("DATA"));
                assertEquals("250 2.0.0 Ok: queued as ABC001", wire.ask("."));
            }
            var envelope = stage.queue.messages.getFirst().envelope();
            assertEquals(Envelope.YES, envelope.attribute(Envelope.HOLD));
        }
    }

    @Test
    void whatWasDecidedOfAHeloInClearIsForgottenOnTls() throws IOException {
        try (var stage = stage("may")) {
            stage.param("smtpd_delay_reject", "no");
            stage.param("smtpd_helo_restrictions", "check_helo_access inline:{bad=HOLD}");
            try (var wire = new Wire(stage.connect())) {
                wire.line();
                assertEquals("250 mx.test", wire.ask("HELO bad"));
                assertEquals("220 2.0.0 Ready to start TLS", wire.ask("STARTTLS"));
                wire.upgrade(stage.tls(wire.socket()));
                assertEquals("250 mx.test", wire.ask("HELO good"));
                assertEquals("250 2.1.0 Ok", wire.ask("MAIL FROM:<a@b.test>"));
                assertEquals("250 2.1.5 Ok", wire.ask("RCPT TO:<bob@local.test>"));
                assertEquals("354 End data with <CR><LF>.<CR><LF>", wire.ask("DATA"));
                assertEquals("250 2.0.0 Ok: queued as ABC001", wire.ask("."));
            }
            var envelope = stage.queue.messages.getFirst().envelope();
            assertEquals("", envelope.attribute(Envelope.HOLD));
        }
    }

    @Test
    void commandsAreReplacedOnTlsAsWell() throws IOException {
        try (var stage = stage("may")) {
            stage.param("smtpd_command_filter", "regexp:{{/^XSTART/ STARTTLS} {/^XGO/ NOOP}}");
            try (var wire = new Wire(stage.connect())) {
                wire.line();
                assertEquals("220 2.0.0 Ready to start TLS", wire.ask("XSTART"));
                wire.upgrade(stage.tls(wire.socket()));
                assertEquals("250 2.0.0 Ok", wire.ask("XGO"));
                assertEquals("554 5.5.1 Error: TLS already active", wire.ask("XSTART"));
            }
        }
    }

    @Test
    void whatFollowsStartTlsInClearIsNeverObeyed() throws IOException {
        try (var stage = stage("may")) {
            stage.param("smtpd_forbid_unauth_pipelining", "no");
            try (var wire = new Wire(stage.connect())) {
                assertEquals("220 mx.test ESMTP Postino", wire.line());
                wire.send("EHLO x\r\n");
                wire.linesTo("250 CHUNKING");
                wire.send("STARTTLS\r\nMAIL FROM:<evil@x.test>\r\n");
                assertEquals("220 2.0.0 Ready to start TLS", wire.line());
                wire.upgrade(stage.tls(wire.socket()));
                assertEquals("250 mx.test", wire.ask("HELO y"));
                assertEquals("503 5.5.1 Error: need MAIL command", wire.ask("RCPT TO:<a@b.test>"));
            }
        }
    }

    @Test
    void encryptMeansThatNothingGoesInClear() throws IOException {
        try (var stage = stage("encrypt");
                var wire = new Wire(stage.connect())) {
            assertEquals("220 mx.test ESMTP Postino", wire.line());
            assertEquals("250 mx.test", wire.ask("HELO x"));
            for (String command : List.of("MAIL FROM:<a@b.test>", "AUTH PLAIN", "VRFY bob")) {
                assertEquals("530 5.7.0 Must issue a STARTTLS command first", wire.ask(command));
            }
        }
    }

    @Test
    void withKeysThatCannotBeReadMailComesInClear() throws IOException {
        try (var stage = stage("may")) {
            Path broken = directory.resolve("broken.pem");
            Files.writeString(broken, "rubbish\n");
            stage.param("smtpd_tls_chain_files", broken.toString());
            stage.param("smtpd_tls_auth_only", "no");
            try (var wire = new Wire(stage.connect())) {
                assertEquals("220 mx.test ESMTP Postino", wire.line());
                wire.send("EHLO x\r\n");
                String keywords = wire.linesTo("250 CHUNKING");
                assertFalse(keywords.contains("STARTTLS"), keywords);
                stage.awaitLog("broken.pem");
                stage.awaitLog(": disabling TLS support");
                assertEquals(
                        "454 4.7.0 TLS not available due to local problem", wire.ask("STARTTLS"));
                assertEquals("250 2.1.0 Ok", wire.ask("MAIL FROM:<a@b.test>"));
                assertEquals("250 2.0.0 Ok", wire.ask("RSET"));
                Files.writeString(broken, SelfSigned.pem("mx.test", List.of(), Clock.systemUTC()));
                wire.send("EHLO x\r\n");
                assertTrue(wire.linesTo("250 CHUNKING").contains("250-STARTTLS"));
                assertEquals("220 2.0.0 Ready to start TLS", wire.ask("STARTTLS"));
                wire.upgrade(stage.tls(wire.socket()));
                assertEquals("250 mx.test", wire.ask("HELO y"));
            }
        }
    }

    @Test
    void withKeysThatCannotBeReadNothingGoesInClearThatMayNot() throws IOException {
        try (var stage = stage("encrypt")) {
            stage.param("smtpd_tls_chain_files", directory.resolve("none.pem").toString());
            try (var wire = new Wire(stage.connect())) {
                assertEquals("220 mx.test ESMTP Postino", wire.line());
                assertEquals("250 mx.test", wire.ask("HELO x"));
                assertEquals(
                        "454 4.7.0 TLS not available due to local problem", wire.ask("STARTTLS"));
                assertEquals(
                        "530 5.7.0 Must issue a STARTTLS command first",
                        wire.ask("MAIL FROM:<a@b.test>"));
            }
        }
    }

    @Test
    void aWrapperWithoutKeysSaysNothingInClear() throws IOException {
        for (String files : List.of("", directory.resolve("none.pem").toString())) {
            try (var stage = stage("may")) {
                stage.param("smtpd_tls_chain_files", files);
                stage.param("smtpd_tls_wrappermode", "yes");
                try (var wire = new Wire(stage.connect())) {
                    assertNull(wire.line());
                }
                stage.awaitLog(
                        "warning: Wrapper-mode request dropped from localhost[127.0.0.1] for"
                                + " service smtp: TLS is not available");
            }
        }
    }

    @Test
    void theOldNamesOfTheLevelsCount() throws IOException {
        for (var old : List.of("smtpd_use_tls", "smtpd_enforce_tls")) {
            try (var stage = stage("")) {
                stage.param(old, "yes");
                try (var wire = new Wire(stage.connect())) {
                    assertEquals("220 mx.test ESMTP Postino", wire.line());
                    wire.send("EHLO x\r\n");
                    assertTrue(wire.linesTo("250 CHUNKING").contains("250-STARTTLS"));
                    assertEquals(
                            old.equals("smtpd_use_tls")
                                    ? "250 2.1.0 Ok"
                                    : "530 5.7.0 Must issue a STARTTLS command first",
                            wire.ask("MAIL FROM:<a@b.test>"));
                }
            }
        }
    }

    @Test
    void wrapperModeBeginsWithTls() throws IOException {
        try (var stage = stage("")) {
            stage.param("smtpd_tls_wrappermode", "yes");
            try (var wire = new Wire(stage.tls(stage.connect()))) {
                assertEquals("220 mx.test ESMTP Postino", wire.line());
                wire.send("EHLO x\r\n");
                String keywords = wire.linesTo("250 CHUNKING");
                assertFalse(keywords.contains("STARTTLS"), keywords);
                assertTrue(keywords.contains("AUTH PLAIN LOGIN"), keywords);
            }
        }
    }

    @Test
    void aBrokenHandshakeEndsTheSessionWithALogLine() throws IOException {
        try (var stage = stage("")) {
            stage.param("smtpd_tls_wrappermode", "yes");
            try (var wire = new Wire(stage.connect())) {
                wire.send("EHLO this is not TLS\r\n");
                stage.awaitLog("SSL_accept error from localhost[127.0.0.1]: ");
                stage.awaitLog("disconnect from localhost[127.0.0.1] commands=0/0");
            }
        }
    }

    @Test
    @Timeout(60)
    void aHandshakeThatTricklesComesToAnEnd() throws IOException {
        try (var stage = stage("")) {
            stage.param("smtpd_tls_wrappermode", "yes");
            stage.param("smtpd_starttls_timeout", "1s");
            try (var client = stage.connect()) {
                client.setSoTimeout(50);
                client.getOutputStream().write(new byte[] {0x16, 3, 1, 0x40, 0});
                while (!isOver(client)) {
                    client.getOutputStream().write(0);
                }
            } catch (SocketException e) {
                // it was ended as we wrote
            }
            stage.awaitLog("disconnect from localhost[127.0.0.1] commands=0/0");
        }
    }

    private static boolean isOver(Socket client) throws IOException {
        try {
            client.getInputStream().read();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
