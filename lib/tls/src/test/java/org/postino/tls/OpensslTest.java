// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;

/// Our server and `openssl s_client`.
@Timeout(60)
class OpensslTest {
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");

    @TempDir Path dir;
    private final Map<String, String> settings = new HashMap<>();

    @BeforeEach
    void needed() throws IOException {
        assumeTrue(Files.isExecutable(OPENSSL), "no openssl");
        settings.put("compatibility_level", "3.11");
        settings.put("smtpd_tls_chain_files", pem("mail.test").toString());
    }

    private Path pem(String host) throws IOException {
        Path file = dir.resolve(host + ".pem");
        Files.writeString(file, SelfSigned.pem(host, List.of(), Clock.systemUTC()));
        return file;
    }

    private String run(String... words) throws Exception {
        var process =
                new ProcessBuilder(words).redirectErrorStream(true).directory(dir.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), out);
        return out;
    }

    private void openssl(String words) throws Exception {
        var command = new ArrayList<>(List.of(OPENSSL.toString()));
        command.addAll(Arrays.asList(words.split(" ")));
        run(command.toArray(String[]::new));
    }

    /// The words of both sides about a handshake.
    ///
    /// @param ours null if it failed
    private record Talk(@Nullable TlsSession ours, String theirs) {}

    private Talk talk(@Nullable ServerNames names, String words) throws Exception {
        var config = Config.of(settings, TlsParams.ALL);
        return talkTo(TlsServer.of(config, false, names).askingClients(config, false), words);
    }

    private Talk talkTo(TlsServer server, String words) throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var session =
                    CompletableFuture.supplyAsync(() -> answer(listener, server).orElse(null));
            var command =
                    new ArrayList<>(
                            List.of(
                                    OPENSSL.toString(),
                                    "s_client",
                                    "-connect",
                                    "127.0.0.1:" + listener.getLocalPort()));
            command.addAll(Arrays.asList(words.split(" ")));
            command.removeIf(String::isEmpty);
            String theirs = run(command.toArray(String[]::new));
            return new Talk(session.get(20, TimeUnit.SECONDS), theirs);
        }
    }

    private static Optional<TlsSession> answer(ServerSocket listener, TlsServer server) {
        try (Socket plain = listener.accept()) {
            plain.setSoTimeout(10_000);
            var secured = server.handshake(plain);
            try (var socket = secured.socket()) {
                socket.getOutputStream().write("220 hello\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().read();
            }
            return Optional.of(secured.session());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private TlsSession good(@Nullable ServerNames names, String words) throws Exception {
        Talk talk = talk(names, words);
        TlsSession ours = talk.ours();
        if (ours == null) {
            throw new AssertionError(talk.theirs());
        }
        return ours;
    }

    @Test
    void ciphersHaveTheSameNamesOnBothSides() throws Exception {
        for (String cipher :
                List.of(
                        "ECDHE-ECDSA-AES256-GCM-SHA384",
                        "ECDHE-ECDSA-CHACHA20-POLY1305",
                        "ECDHE-ECDSA-AES128-SHA256",
                        "ECDHE-ECDSA-AES256-SHA")) {
            assertEquals(cipher, good(null, "-tls1_2 -cipher " + cipher).cipher());
        }
        assertEquals(
                "TLSv1.3 with cipher TLS_CHACHA20_POLY1305_SHA256 (256/256 bits)",
                good(null, "-ciphersuites TLS_CHACHA20_POLY1305_SHA256").toString());
        settings.put("smtpd_tls_exclude_ciphers", "SHA1, CHACHA20");
        assertNull(talk(null, "-tls1_2 -cipher ECDHE-ECDSA-AES256-SHA").ours());
        settings.put("tls_preempt_cipherlist", "yes");
        settings.put(
                "tls_medium_cipherlist", "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384");
        assertEquals(
                "ECDHE-ECDSA-AES128-SHA256",
                good(
                                null,
                                "-tls1_2 -cipher"
                                        + " ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA256")
                        .cipher());
    }

    @Test
    void curvesAreThoseOfMainCf() throws Exception {
        settings.put("tls_eecdh_auto_curves", "prime256v1");
        settings.put("tls_ffdhe_auto_groups", "");
        assertNull(talk(null, "-groups X25519").ours());
        assertTrue(talk(null, "-groups X25519:P-256").theirs().contains("ECDH, prime256v1"));
        settings.put("smtpd_tls_eecdh_grade", "ultra");
        assertTrue(talk(null, "-groups P-256:P-384").theirs().contains("ECDH, secp384r1"));
    }

    @Test
    void clientsNeedAShortEnoughChain() throws Exception {
        openssl(
                "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=ca");
        issue("middle", "ca", "basicConstraints=critical,CA:true");
        issue("client", "middle", "extendedKeyUsage=clientAuth");
        String show = "-cert client.pem -key client.key -cert_chain middle.pem";
        settings.put("smtpd_tls_ask_ccert", "yes");
        settings.put("smtpd_tls_CAfile", dir.resolve("ca.pem").toString());
        TlsSession session = good(null, show);
        assertEquals(TlsSession.Trust.TRUSTED, session.trust());
        PeerCertificate peer = session.trustedCertificate();
        assertEquals("client", peer == null ? "" : peer.name());
        assertEquals("middle", peer == null ? "" : peer.issuer());
        String printed =
                run("openssl", "x509", "-in", "client.pem", "-noout", "-fingerprint", "-sha256");
        assertEquals(printed.strip().split("=")[1], peer == null ? "" : peer.fingerprint());
        assertTrue(
                talk(null, "")
                        .theirs()
                        .contains("Acceptable client certificate CA names\nCN = ca"));
        settings.put("smtpd_tls_ccert_verifydepth", "0");
        assertEquals(TlsSession.Trust.UNTRUSTED, good(null, show).trust());
        settings.put("smtpd_tls_ccert_verifydepth", "1");
        assertEquals(TlsSession.Trust.TRUSTED, good(null, show).trust());
        settings.put("smtpd_tls_CAfile", "");
        assertEquals(TlsSession.Trust.UNTRUSTED, good(null, show).trust());
        settings.put("smtpd_tls_CApath", dir.toString());
        assertEquals(TlsSession.Trust.TRUSTED, good(null, show).trust());
        assertEquals(TlsSession.Trust.ANONYMOUS, good(null, "").trust());
    }

    private void issue(String name, String by, String extension) throws Exception {
        openssl(
                "req -newkey rsa:2048 -nodes -keyout "
                        + name
                        + ".key -out "
                        + name
                        + ".csr -subj /CN="
                        + name);
        Files.writeString(dir.resolve(name + ".ext"), extension + "\n");
        openssl(
                "x509 -req -in "
                        + name
                        + ".csr -CA "
                        + by
                        + ".pem -CAkey "
                        + by
                        + ".key -CAcreateserial"
                        + " -days 30 -extfile "
                        + name
                        + ".ext -out "
                        + name
                        + ".pem");
    }

    @Test
    void theKeyThatSuitsTheClientIsUsed() throws Exception {
        openssl(
                "req -x509 -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.crt -days 30 -subj /CN=rsa.test");
        Path rsa = dir.resolve("rsa.pem");
        Files.writeString(
                rsa,
                Files.readString(dir.resolve("rsa.key"))
                        + Files.readString(dir.resolve("rsa.crt")));
        settings.merge("smtpd_tls_chain_files", rsa.toString(), (a, b) -> a + ", " + b);
        assertTrue(talk(null, "-sigalgs RSA-PSS+SHA256").theirs().contains("CN = rsa.test"));
        assertTrue(talk(null, "-sigalgs ECDSA+SHA256").theirs().contains("CN = mail.test"));
    }

    @Test
    void namesHaveCertificatesOfTheirOwn() throws Exception {
        String inline = Base64.getEncoder().encodeToString(Files.readAllBytes(pem("base64.test")));
        Map<String, String> table =
                Map.of(
                        "one.test",
                        pem("one.test").toString(),
                        ".sub.test",
                        pem("sub.test").toString(),
                        "base64.test",
                        inline,
                        "broken.test",
                        "rubbish");
        ServerNames names = key -> Optional.ofNullable(table.get(key));
        assertShown("mail.test", names, "");
        assertShown("one.test", names, "-servername one.test");
        assertShown("one.test", names, "-servername ONE.test");
        assertShown("sub.test", names, "-servername a.b.sub.test");
        assertShown("base64.test", names, "-servername base64.test");
        assertShown("mail.test", names, "-servername sub.test");
        assertShown("mail.test", names, "-servername broken.test");
        assertEquals("one.test", good(names, "-servername one.test").serverName());
        assertEquals("", good(names, "-servername none.test").serverName());
    }

    @Test
    void aDirectoryHasAFileForEachName() throws Exception {
        Path names = Files.createDirectory(dir.resolve("names"));
        Files.move(pem("one.test"), names.resolve("one.test.pem"));
        Files.move(pem("star.test"), names.resolve("*.star.test.pem"));
        settings.put("tls_server_sni_directory", names.toString());
        assertShown("one.test", null, "-servername one.test");
        assertShown("star.test", null, "-servername a.star.test");
        assertShown("mail.test", null, "-servername a.b.star.test");
        assertNull(talk(null, "-servername ../mail").ours());
        var server = TlsServer.of(Config.of(settings, TlsParams.ALL), false, null);
        assertTrue(talkTo(server, "-servername one.test").theirs().contains("CN = one.test"));
        Files.writeString(names.resolve("one.test.pem"), "rubbish");
        assertTrue(talkTo(server, "-servername one.test").theirs().contains("CN = one.test"));
        // another process has never seen a good one
        assertShown("mail.test", null, "-servername one.test");
        assertShown("star.test", null, "-servername a.star.test");
        Files.writeString(
                names.resolve("one.test.pem"),
                SelfSigned.pem("new.test", List.of(), Clock.systemUTC()));
        assertTrue(talkTo(server, "-servername one.test").theirs().contains("CN = new.test"));
    }

    private void assertShown(String expected, @Nullable ServerNames names, String words)
            throws Exception {
        String theirs = talk(names, words).theirs();
        assertTrue(theirs.contains("subject=CN = " + expected), theirs);
    }

    @Test
    void sessionsAreResumed() throws Exception {
        var server = TlsServer.of(Config.of(settings, TlsParams.ALL), false, null);
        assertFalse(resumed(server, "-tls1_2 -sess_out s.pem"));
        assertTrue(resumed(server, "-tls1_2 -sess_in s.pem"));
    }

    private boolean resumed(TlsServer server, String words) throws Exception {
        Talk talk = talkTo(server, words);
        TlsSession ours = talk.ours();
        boolean resumed = talk.theirs().contains("\nReused, ");
        assertEquals(resumed, ours != null && ours.resumed(), talk.theirs());
        return resumed;
    }
}
