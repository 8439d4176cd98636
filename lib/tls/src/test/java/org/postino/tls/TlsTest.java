// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.config.Config;
import org.postino.config.HandedFiles;
import org.postino.server.Connection;

@Timeout(30)
class TlsTest {
    @TempDir Path dir;
    private Path pem;

    @BeforeEach
    void make() throws IOException {
        pem = dir.resolve("tls.pem");
        Files.writeString(pem, selfSigned("mail.test"));
    }

    private static String selfSigned(String host) {
        return SelfSigned.pem(host, List.of("localhost", "127.0.0.1"), Clock.systemUTC());
    }

    private static TlsServer server(String protocols, Path... files) {
        return new TlsServer(new TlsServer.Settings(List.of(files), protocols));
    }

    private static TlsServer.Secured shake(TlsServer server, TlsClient client, String host)
            throws Exception {
        return shake(server, client, demand(host, certified(host)));
    }

    private static TlsClient.Proof certified(String... names) {
        return new TlsClient.Certified(List.of(names), List.of(), true);
    }

    private static TlsClient.Demand demand(String host, TlsClient.Proof proof) {
        return new TlsClient.Demand(host, ">=TLSv1.2", Ciphers.ALL, false, proof);
    }

    private TlsSession.Trust trust(TlsClient client, TlsClient.Proof proof) throws Exception {
        return shake(server("", pem), client, demand("mail.test", proof)).session().trust();
    }

    private static TlsServer.Secured shake(
            TlsServer server, TlsClient client, TlsClient.Demand demand) throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var theirs = CompletableFuture.supplyAsync(() -> answer(listener, server));
            var socket = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
            socket.setSoTimeout(5000);
            TlsServer.Secured secured = client(client, socket, demand);
            secured.socket().getOutputStream().write("ping".getBytes(ISO_8859_1));
            assertArrayEquals(
                    "pong".getBytes(ISO_8859_1), secured.socket().getInputStream().readNBytes(4));
            theirs.get(10, TimeUnit.SECONDS).close();
            return secured;
        }
    }

    private static TlsServer.Secured client(
            TlsClient client, Socket socket, TlsClient.Demand demand) throws IOException {
        try {
            return client.handshake(socket, demand);
        } catch (IOException e) {
            socket.close(); // or the server waits for ever
            throw e;
        }
    }

    private static Socket answer(ServerSocket listener, TlsServer server) {
        try (var plain = new Closing(listener.accept())) {
            Socket socket = server.over(plain.socket);
            assertEquals("ping", new String(socket.getInputStream().readNBytes(4), ISO_8859_1));
            socket.getOutputStream().write("pong".getBytes(ISO_8859_1));
            plain.keep = true;
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Closes a socket unless told to keep it, so that the other side does not wait for ever.
    private static final class Closing implements AutoCloseable {
        private final Socket socket;
        private boolean keep;

        Closing(Socket socket) {
            this.socket = socket;
        }

        @Override
        public void close() throws IOException {
            if (!keep) {
                socket.close();
            }
        }
    }

    private static TlsClient anyone() {
        return new TlsClient(new TlsClient.Settings(null, HandedFiles.NONE));
    }

    @Test
    void aHandshakeAgreesOnTheNewestProtocol() throws Exception {
        TlsSession session = shake(server(">=TLSv1", pem), anyone(), "mail.test").session();
        assertEquals("TLSv1.3", session.protocol());
        assertEquals(TlsSession.Trust.UNTRUSTED, session.trust());
        assertTrue(session.toString().startsWith("TLSv1.3 with cipher TLS_"));
    }

    @Test
    void protocolsMayBeLimited() throws Exception {
        assertEquals(
                "TLSv1.2",
                shake(server("<=TLSv1.2", pem), anyone(), "mail.test").session().protocol());
        var old =
                new TlsClient.Demand(
                        "mail.test", "TLSv1.2", Ciphers.ALL, false, certified("mail.test"));
        assertThrows(IOException.class, () -> shake(server(">=TLSv1.3", pem), anyone(), old));
    }

    @Test
    void oldProtocolsAreOnOnlyByName() {
        assertArrayEquals(new String[] {"TLSv1.2", "TLSv1.3"}, TlsProtocols.parse(">=TLSv1"));
        assertArrayEquals(
                new String[] {"TLSv1.2", "TLSv1.3"}, TlsProtocols.parse("!SSLv2, !SSLv3"));
        assertArrayEquals(new String[] {"TLSv1.2", "TLSv1.3"}, TlsProtocols.parse(""));
        assertArrayEquals(new String[] {"TLSv1.3"}, TlsProtocols.parse("!TLSv1.2"));
        assertArrayEquals(
                new String[] {"TLSv1.1", "TLSv1.2"}, TlsProtocols.parse("TLSv1.1 TLSv1.2"));
    }

    @Test
    void certificatesAreTrustedAndVerifiedByAuthorityAndName() throws Exception {
        var strict = new TlsClient(new TlsClient.Settings(pem, HandedFiles.NONE));
        assertEquals(
                TlsSession.Trust.VERIFIED,
                shake(server("", pem), strict, "mail.test").session().trust());
        assertEquals(
                TlsSession.Trust.TRUSTED,
                shake(server("", pem), strict, "other.test").session().trust());
    }

    @Test
    void anyOfTheNamesWillDo() throws Exception {
        var strict = new TlsClient(new TlsClient.Settings(pem, HandedFiles.NONE));
        assertEquals(
                TlsSession.Trust.VERIFIED, trust(strict, certified("other.test", "MAIL.test")));
        assertEquals(TlsSession.Trust.VERIFIED, trust(strict, certified(".test")));
        assertEquals(TlsSession.Trust.TRUSTED, trust(strict, certified(".mail.test", "test")));
        assertEquals(TlsSession.Trust.TRUSTED, trust(strict, certified()));
    }

    @Test
    void anchorsOfTheDemandReplaceTheAuthorities() throws Exception {
        Path other = dir.resolve("other.pem");
        Files.writeString(other, selfSigned("mail.test"));
        var strict = new TlsClient(new TlsClient.Settings(other, HandedFiles.NONE));
        assertEquals(TlsSession.Trust.UNTRUSTED, trust(strict, certified("mail.test")));
        var mine = new TlsClient.Certified(List.of("mail.test"), List.of(pem), true);
        assertEquals(TlsSession.Trust.VERIFIED, trust(strict, mine));
        Path none = dir.resolve("none.pem");
        var missing = new TlsClient.Certified(List.of("mail.test"), List.of(none), true);
        assertThrows(TlsException.class, () -> trust(strict, missing));
        var broken = new TlsClient(new TlsClient.Settings(none, HandedFiles.NONE));
        var hoped = new TlsClient.Certified(List.of("mail.test"), List.of(), false);
        assertEquals(TlsSession.Trust.UNTRUSTED, trust(broken, hoped));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MD5", "SHA-1", "SHA-256", "SHA-512"})
    void fingerprintsOfCertificateAndKeyAreKnown(String algorithm) throws Exception {
        var socket = (SSLSocket) shake(server("", pem), anyone(), "mail.test").socket();
        var certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        var digest = MessageDigest.getInstance(algorithm);
        String whole =
                HexFormat.ofDelimiter(":")
                        .withUpperCase()
                        .formatHex(digest.digest(certificate.getEncoded()));
        String key =
                HexFormat.of().formatHex(digest.digest(certificate.getPublicKey().getEncoded()));
        String word = algorithm.replace("-", "").toLowerCase(Locale.ROOT);
        for (String good : List.of(whole, key)) {
            assertEquals(
                    TlsSession.Trust.VERIFIED,
                    trust(anyone(), new TlsClient.Fingerprinted(word, List.of("00:11", good))));
        }
        assertEquals(
                TlsSession.Trust.UNTRUSTED,
                trust(anyone(), new TlsClient.Fingerprinted(word, List.of(key.substring(2)))));
    }

    @Test
    void excludedCiphersAreNotUsed() throws Exception {
        var demand =
                new TlsClient.Demand(
                        "mail.test",
                        "TLSv1.2",
                        new Ciphers("HIGH", "AESGCM:CHACHA20"),
                        false,
                        certified());
        assertEquals(
                "ECDHE-ECDSA-AES256-SHA384",
                shake(server("", pem), anyone(), demand).session().cipher());
    }

    @Test
    void aChangedCertificateIsUsedAtOnceAndABrokenOneNot() throws Exception {
        var server = server("", pem);
        shake(server, anyone(), "mail.test");
        Files.writeString(pem, selfSigned("new.test"));
        Files.setLastModifiedTime(pem, FileTime.from(Instant.now().plusSeconds(5)));
        assertEquals("CN=new.test", subject(server));
        Files.writeString(pem, "rubbish");
        Files.setLastModifiedTime(pem, FileTime.from(Instant.now().plusSeconds(10)));
        assertEquals("CN=new.test", subject(server));
    }

    private static String subject(TlsServer server) throws Exception {
        var socket = (SSLSocket) shake(server, anyone(), "mail.test").socket();
        return socket.getSession().getPeerPrincipal().getName();
    }

    @Test
    void keysInOldFormsAreRead() throws Exception {
        String text = Files.readString(pem);
        byte[] pkcs8 = Base64.getMimeDecoder().decode(between(text, "PRIVATE KEY"));
        var info = PrivateKeyInfo.getInstance(pkcs8);
        var secret = ECPrivateKey.getInstance(info.parsePrivateKey()).getKey();
        byte[] sec1 =
                new ECPrivateKey(256, secret, info.getPrivateKeyAlgorithm().getParameters())
                        .getEncoded();
        Path key = dir.resolve("key.pem");
        Path certificate = dir.resolve("cert.pem");
        Files.writeString(
                certificate,
                block("CERTIFICATE", Base64.getMimeDecoder().decode(between(text, "CERTIFICATE"))));
        Files.writeString(key, block("EC PRIVATE KEY", sec1));
        shake(server("", certificate, key), anyone(), "mail.test");

        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        byte[] rsa = generator.generateKeyPair().getPrivate().getEncoded();
        byte[] pkcs1 =
                PrivateKeyInfo.getInstance(rsa).parsePrivateKey().toASN1Primitive().getEncoded();
        Files.writeString(key, block("RSA PRIVATE KEY", pkcs1));
        var mismatch = assertThrows(TlsException.class, () -> server("", certificate, key).check());
        assertTrue(
                String.valueOf(mismatch.getMessage())
                        .startsWith("no certificate for the private key"));
    }

    @Test
    void whatIsWrongWithTheFilesIsSaid() throws IOException {
        assertEquals(
                "cannot use " + dir.resolve("none.pem") + ": No such file or directory",
                assertThrows(TlsException.class, () -> server("", dir.resolve("none.pem")).check())
                        .getMessage());
        Path encrypted = dir.resolve("encrypted.pem");
        Files.writeString(encrypted, block("ENCRYPTED PRIVATE KEY", new byte[] {1}));
        assertThrows(TlsException.class, () -> server("", encrypted).check());
    }

    @Test
    void filesComeFromMainCf() {
        var config =
                Config.of(
                        Map.of(
                                "smtpd_tls_cert_file",
                                pem.toString(),
                                "smtpd_tls_security_level",
                                "may"),
                        TlsParams.ALL);
        assertTrue(TlsServer.of(config, false, null).isConfigured());
        assertTrue(!TlsServer.of(Config.of(Map.of(), TlsParams.ALL), false, null).isConfigured());
    }

    /// As daemons do it: over the socket of a channel, upgraded within a Connection, on a virtual thread.
    @Test
    void connectionsAreUpgraded() throws Exception {
        try (var listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var served = new CompletableFuture<Boolean>();
            Thread.ofVirtual().start(() -> serve(listener, served));
            var port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            var socket = new Socket(InetAddress.getLoopbackAddress(), port);
            assertEquals('+', socket.getInputStream().read());
            try (var secure =
                    anyone().handshake(socket, demand("mail.test", certified())).socket()) {
                secure.getOutputStream().write("hello\r\n".getBytes(ISO_8859_1));
                assertEquals(
                        "hello\r\n", new String(secure.getInputStream().readNBytes(7), ISO_8859_1));
                assertEquals(-1, secure.getInputStream().read());
            }
            assertTrue(served.get(10, TimeUnit.SECONDS));
        }
    }

    private void serve(ServerSocketChannel listener, CompletableFuture<Boolean> served) {
        try (var connection = Connection.of(listener.accept())) {
            connection.out().write('+');
            connection.upgrade(server("", pem));
            connection.out().write(connection.in().readLine(100));
            connection.out().flush();
            served.complete(connection.secured());
        } catch (IOException e) {
            served.completeExceptionally(e);
        }
    }

    @Test
    void opensslIsServed() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")));
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var theirs = CompletableFuture.supplyAsync(() -> answer(listener, server("", pem)));
            var process =
                    new ProcessBuilder(
                                    "openssl",
                                    "s_client",
                                    "-quiet",
                                    "-servername",
                                    "mail.test",
                                    "-connect",
                                    "127.0.0.1:" + listener.getLocalPort())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().write("ping".getBytes(ISO_8859_1));
            process.getOutputStream().flush();
            assertEquals("pong", new String(process.getInputStream().readNBytes(4), ISO_8859_1));
            theirs.get(10, TimeUnit.SECONDS).close();
            process.destroy();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static String between(String text, String label) {
        int start = text.indexOf("-----BEGIN " + label + "-----") + label.length() + 16;
        return text.substring(start, text.indexOf("-----END " + label));
    }

    private static String block(String label, byte[] der) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END "
                + label
                + "-----\n";
    }
}
