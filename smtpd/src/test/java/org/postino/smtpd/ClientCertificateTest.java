// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.HandedFiles;
import org.postino.kit.Wire;
import org.postino.tls.Ciphers;
import org.postino.tls.SelfSigned;
import org.postino.tls.TlsClient;

/// Clients with certificates of their own. Each is its own authority.
@Timeout(60)
final class ClientCertificateTest {
    private static final String RELAY = "RCPT TO:<x@elsewhere.test>";
    private static final String DENIED = "554 5.7.1 <x@elsewhere.test>: Relay access denied";

    @TempDir Path directory;

    private Path pem(String name) throws IOException {
        Path file = directory.resolve(name + ".pem");
        if (!Files.exists(file)) {
            Files.writeString(file, SelfSigned.pem(name, List.of(), Clock.systemUTC()));
        }
        return file;
    }

    private SmtpdStage stage() throws IOException {
        var stage = new SmtpdStage(directory);
        stage.param("smtpd_tls_chain_files", pem("mx.test").toString());
        stage.param("smtpd_tls_security_level", "may");
        stage.param("smtpd_tls_loglevel", "2");
        stage.param("smtpd_tls_received_header", "yes");
        stage.param("smtpd_tls_ask_ccert", "yes");
        stage.param("smtpd_tls_CAfile", pem("good.test").toString());
        return stage;
    }

    private static String fingerprint(Path pem, boolean key) throws Exception {
        String text = Files.readString(pem);
        var certificate =
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(
                                        text.substring(text.indexOf("-----BEGIN CERTIFICATE"))
                                                .getBytes(StandardCharsets.US_ASCII)));
        byte[] bytes = key ? certificate.getPublicKey().getEncoded() : certificate.getEncoded();
        return HexFormat.ofDelimiter(":")
                .withUpperCase()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /// A client that shows this certificate, or none, and has said EHLO.
    private Wire client(SmtpdStage stage, String name) throws IOException {
        var wire = encrypted(stage, name);
        wire.send("EHLO c.test\r\n");
        wire.linesTo("250 CHUNKING");
        return wire;
    }

    private Wire encrypted(SmtpdStage stage, String name) throws IOException {
        Socket socket = stage.connect();
        var wire = new Wire(socket);
        assertEquals("220 mx.test ESMTP Postino", wire.line());
        wire.send("EHLO c.test\r\n");
        wire.linesTo("250 CHUNKING");
        assertEquals("220 2.0.0 Ready to start TLS", wire.ask("STARTTLS"));
        wire.upgrade(tls(wire.socket(), name));
        return wire;
    }

    private Socket tls(Socket plain, String name) throws IOException {
        var own =
                new TlsClient(
                        new TlsClient.Settings(
                                name.isEmpty() ? List.of() : List.of(pem(name)),
                                List.of(),
                                9,
                                List.of(),
                                HandedFiles.NONE));
        var proof = new TlsClient.Certified(List.of(), List.of(), false);
        return own.handshake(plain, new TlsClient.Demand("", ">=TLSv1.2", Ciphers.ALL, true, proof))
                .socket();
    }

    private String relay(SmtpdStage stage, String name) throws IOException {
        try (var wire = client(stage, name)) {
            assertEquals("250 2.1.0 Ok", wire.ask("MAIL FROM:<a@b.test>"));
            return String.valueOf(wire.ask(RELAY));
        }
    }

    @Test
    void anAuthoritysWordOrAKnownFingerprintLetsAClientRelay() throws Exception {
        try (var stage = stage()) {
            stage.param(
                    "smtpd_relay_restrictions",
                    "permit_tls_all_clientcerts, reject_unauth_destination");
            assertEquals("250 2.1.5 Ok", relay(stage, "good.test"));
            stage.awaitLog(
                    "Trusted TLS connection established from localhost[127.0.0.1]: TLSv1.3 with");
            assertEquals(DENIED, relay(stage, "stranger.test"));
            stage.awaitLog("Untrusted TLS connection established from localhost[127.0.0.1]: TLSv1");
            stage.awaitLog(
                    "localhost[127.0.0.1]: subject_CN=stranger.test, issuer_CN=stranger.test, fingerprint="
                            + fingerprint(pem("stranger.test"), false));
            assertEquals(DENIED, relay(stage, ""));
            stage.awaitLog("Anonymous TLS connection established from");
        }
        for (boolean key : List.of(true, false)) {
            try (var stage = stage()) {
                stage.param(
                        "relay_clientcerts",
                        "inline:{ {" + fingerprint(pem("known.test"), key) + "=a friend} }");
                stage.param(
                        "smtpd_relay_restrictions",
                        "permit_tls_clientcerts, reject_unauth_destination");
                assertEquals("250 2.1.5 Ok", relay(stage, "known.test"));
                assertEquals(DENIED, relay(stage, "good.test"));
                assertEquals(DENIED, relay(stage, ""));
            }
        }
    }

    @Test
    void withoutAskingThereIsNoCertificate() throws Exception {
        try (var stage = stage()) {
            stage.param("smtpd_tls_ask_ccert", "no");
            stage.param(
                    "smtpd_relay_restrictions",
                    "permit_tls_all_clientcerts, reject_unauth_destination");
            assertEquals(DENIED, relay(stage, "good.test"));
            stage.awaitLog(
                    "warning: permit_tls_all_clientcerts is requested, but \"smtpd_tls_ask_ccert = no\"");
        }
    }

    @Test
    void accessTablesKnowFingerprints() throws Exception {
        String whole = fingerprint(pem("known.test"), false);
        String key = fingerprint(pem("known.test"), true);
        assertEquals(
                "554 5.7.1 <known.test>: Client certificate rejected: not you",
                access("inline:{ {" + whole + "=REJECT not you} }"));
        assertEquals(
                "554 5.7.1 <known.test>: Client certificate rejected: Access denied",
                access("inline:{ {" + key + "=REJECT} }"));
        String both = "inline:{ {" + whole + "=REJECT whole}, {" + key + "=REJECT key} }";
        assertTrue(access(both).endsWith("whole"));
        assertTrue(
                access("{ " + both + ", { search_order = pubkey_fingerprint, cert_fingerprint } }")
                        .endsWith("key"));
        assertEquals(
                "250 2.1.5 Ok",
                access(
                        "{ inline:{ {"
                                + whole
                                + "=REJECT} }, { search_order = pubkey_fingerprint } }"));
    }

    private String access(String argument) throws Exception {
        try (var stage = stage()) {
            stage.param("smtpd_recipient_restrictions", "check_ccert_access " + argument);
            try (var wire = client(stage, "known.test")) {
                assertEquals("250 2.1.0 Ok", wire.ask("MAIL FROM:<a@b.test>"));
                return String.valueOf(wire.ask("RCPT TO:<bob@local.test>"));
            }
        }
    }

    @Test
    void theReceivedFieldSaysWhoseCertificateItWas() throws Exception {
        try (var stage = stage()) {
            assertEquals(
                    "(Client CN \"good.test\", Issuer \"good.test\" (verified OK))",
                    receivedFrom(stage, "good.test"));
            assertEquals(
                    "(Client CN \"x.test\", Issuer \"x.test\" (not verified))",
                    receivedFrom(stage, "x.test"));
            assertEquals("(Client did not present a certificate)", receivedFrom(stage, ""));
        }
        try (var stage = stage()) {
            stage.param("smtpd_tls_ask_ccert", "no");
            assertEquals("(No client certificate requested)", receivedFrom(stage, "x.test"));
        }
    }

    private String receivedFrom(SmtpdStage stage, String name) throws IOException {
        try (var wire = client(stage, name)) {
            wire.ask("MAIL FROM:<a@b.test>");
            wire.ask("RCPT TO:<bob@local.test>");
            wire.ask("DATA");
            assertTrue(String.valueOf(wire.ask(".")).startsWith("250 "));
            return stage.queue.messages.getLast().content().lines().toList().get(2).strip();
        }
    }

    @Test
    void aCertificateThatIsRequiredMustBeTrusted() throws Exception {
        for (String level : List.of("encrypt", "may")) {
            boolean required = level.equals("encrypt");
            try (var stage = stage()) {
                stage.param("smtpd_tls_ask_ccert", "no");
                stage.param("smtpd_tls_req_ccert", "yes");
                stage.param("smtpd_tls_security_level", level);
                try (var wire = client(stage, "good.test")) {
                    assertEquals("250 2.1.0 Ok", wire.ask("MAIL FROM:<a@b.test>"));
                }
                if (required) {
                    assertTurnedAway(stage, "", "No client certificate presented");
                    assertTurnedAway(stage, "stranger.test", "Client certificate not trusted");
                } else {
                    stage.awaitLog("warning: Can't require client certs unless TLS is required");
                    client(stage, "").close();
                }
            }
        }
    }

    private void assertTurnedAway(SmtpdStage stage, String name, String why) throws IOException {
        try (var wire = encrypted(stage, name)) {
            assertEquals("421 4.7.1 mx.test Error: " + why, wire.line());
            assertNull(wire.line());
        }
        stage.awaitLog("NOQUEUE: abort: TLS from localhost[127.0.0.1]: " + why);
    }

    @Test
    void newSessionsAreCountedAndResumedOnesAreNot() throws Exception {
        try (var stage = stage()) {
            stage.param("smtpd_client_new_tls_session_rate_limit", "1");
            client(stage, "").close();
            try (var wire = encrypted(stage, "")) {
                assertEquals(
                        "421 4.7.0 mx.test Error: too many new TLS sessions from localhost[127.0.0.1]",
                        wire.line());
            }
            stage.awaitLog(
                    "warning: New TLS session rate limit exceeded: 2 from localhost[127.0.0.1] for service smtp");
        }
    }
}
