// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.mailstore.MailParams;
import org.postino.sasl.AuthClient;
import org.postino.sasl.AuthPeer;
import org.postino.sasl.AuthResult;
import org.postino.sasl.OfferedMechanism;
import org.postino.sasl.PasswordSchemes;
import org.postino.sasl.SaslProperty;
import org.postino.sasl.UserdbClient;
import org.postino.server.FatalException;
import org.postino.server.KeptServer;
import org.postino.server.RunningServer;
import org.postino.suite.AuthParams;

@Timeout(20)
class AuthTest {
    private static final AuthPeer PEER =
            new AuthPeer(
                    "smtp",
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 587),
                    new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4711),
                    true,
                    "TRACE");

    @TempDir Path dir;
    private Path socket;
    private Path passwd;
    private RunningServer server;

    @BeforeEach
    void start() throws IOException {
        socket = dir.resolve("auth");
        passwd = dir.resolve("passwd");
        Files.writeString(
                passwd,
                """
                # users
                alice@example.test:%s:1001:1002::/home/alice::userdb_mail=maildir:~/Maildir userdb_quota=1G
                bob:{PLAIN}b:o:b:1003:1003::/home/%%d/%%n::
                carol@example.test:{SHA512-CRYPT}$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1:1004:1004::/home/carol::allow_nets=10.0.0.0/8,192.0.2.0/24
                dave@example.test:{PLAIN}dave:1005:1005::/home/dave::nologin reason=on_holiday
                eve@example.test:{PLAIN}eve:1006:1006::/home/eve::allow_nets=10.0.0.0/8
                """
                        .formatted(PasswordSchemes.hash("ARGON2ID", "secret"))
                        .replace("{PLAIN}b:o:b", "{PLAIN}bob"));
        server = open(Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private RunningServer open(Map<String, String> more) throws IOException {
        Files.deleteIfExists(socket);
        var settings = new HashMap<String, String>();
        settings.put("config_directory", dir.toString());
        settings.put("queue_directory", dir.toString());
        settings.put("auth_failure_delay", "0s");
        settings.put("auth_default_domain", "example.test");
        settings.put("auth_userdb", "passwd-file");
        settings.putAll(more);
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        return KeptServer.open(
                Config.of(settings, AuthParams.ALL, MailParams.ALL), "auth", channel, Auth::start);
    }

    private AuthClient client() {
        return AuthClient.connect(socket, Duration.ofSeconds(10));
    }

    private static byte[] plain(String user, String password) {
        return ("\0" + user + "\0" + password).getBytes(UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static AuthResult login(AuthClient client, String user, String password) {
        return client.begin("PLAIN", PEER, plain(user, password)).result();
    }

    private static boolean succeeds(AuthClient client, String user, String password) {
        return login(client, user, password) instanceof AuthResult.Success;
    }

    /// A peer that speaks the protocol's own text.
    private final class Raw implements AutoCloseable {
        private final SocketChannel channel =
                SocketChannel.open(UnixDomainSocketAddress.of(socket));
        private final StringBuilder pending = new StringBuilder();

        Raw() throws IOException {}

        void send(String text) throws IOException {
            channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
        }

        String line() throws IOException {
            while (pending.indexOf("\n") < 0) {
                var buffer = ByteBuffer.allocate(4096);
                if (channel.read(buffer) < 0) {
                    return "EOF";
                }
                pending.append(UTF_8.decode(buffer.flip()));
            }
            int end = pending.indexOf("\n");
            String line = pending.substring(0, end);
            pending.delete(0, end + 1);
            return line;
        }

        List<String> linesUntil(String last) throws IOException {
            var lines = new ArrayList<String>();
            String line;
            do {
                line = line();
                lines.add(line);
            } while (!line.startsWith(last) && !line.equals("EOF"));
            return lines;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void aRightPasswordLogsInWithThePlainMechanism() {
        try (var client = client()) {
            assertEquals(
                    new AuthResult.Success("alice@example.test", Map.of()),
                    login(client, "alice@example.test", "secret"));
            var wrong =
                    assertInstanceOf(
                            AuthResult.Failure.class,
                            login(client, "alice@example.test", "Secret"));
            assertEquals("alice@example.test", wrong.user());
            assertTrue(!wrong.temporary());
        }
    }

    @Test
    void mechanismsAreOfferedInTheOrderOfMainCf() throws IOException {
        try (var client = client()) {
            var plaintext = Set.of(SaslProperty.PLAINTEXT);
            assertEquals(
                    List.of(
                            new OfferedMechanism("PLAIN", plaintext),
                            new OfferedMechanism("LOGIN", plaintext)),
                    client.mechanisms());
        }
    }

    @Test
    void loginAsksForNameAndPassword() {
        try (var client = client()) {
            var exchange = client.begin("LOGIN", PEER, null);
            assertChallenge("Username:", exchange.result());
            assertChallenge("Password:", exchange.respond("bob".getBytes(UTF_8)));
            assertInstanceOf(AuthResult.Success.class, exchange.respond("bob".getBytes(UTF_8)));
        }
    }

    @Test
    void loginTakesTheNameAtOnce() {
        try (var client = client()) {
            var exchange = client.begin("LOGIN", PEER, "bob".getBytes(UTF_8));
            assertChallenge("Password:", exchange.result());
            exchange.cancel();
            assertTrue(succeeds(client, "bob", "bob"));
        }
    }

    private static void assertChallenge(String text, AuthResult result) {
        var challenge = assertInstanceOf(AuthResult.Challenge.class, result);
        assertEquals(text, new String(challenge.data(), UTF_8));
    }

    @Test
    void aMonstrousPasswordIsWrongAndDisturbsNobody() {
        try (var client = client()) {
            var exchange = client.begin("LOGIN", PEER, "bob".getBytes(UTF_8));
            var other = client.begin("LOGIN", PEER, "bob".getBytes(UTF_8));
            for (AuthResult result :
                    List.of(
                            login(client, "bob", "x".repeat(20_000)),
                            other.respond(new byte[20_000]))) {
                var failure = assertInstanceOf(AuthResult.Failure.class, result);
                assertFalse(failure.temporary(), failure.reason());
            }
            assertInstanceOf(AuthResult.Success.class, exchange.respond("bob".getBytes(UTF_8)));
        }
    }

    @Test
    void aMonstrousNameIsNotLookedUpAndDisturbsNobody() throws IOException {
        try (var users = UserdbClient.of(socket)) {
            assertTrue(users.lookup("bob", "lda").isPresent());
            assertThrows(IOException.class, () -> users.lookup("x".repeat(20_000), "lda"));
            assertTrue(users.lookup("bob", "lda").isPresent());
        }
    }

    @Test
    void namesAreFoundWithAndWithoutTheDefaultDomain() {
        try (var client = client()) {
            assertTrue(succeeds(client, "alice", "secret"));
            assertTrue(succeeds(client, "Alice@EXAMPLE.test", "secret"));
            assertTrue(succeeds(client, "bob@example.test", "bob"));
            assertTrue(!succeeds(client, "bob@other.test", "bob"));
            assertTrue(!succeeds(client, "", "bob"));
        }
    }

    @Test
    void usersMayBeBarredOrTiedToNetworks() {
        try (var client = client()) {
            assertTrue(succeeds(client, "carol", "Hello world!"));
            assertTrue(!succeeds(client, "eve", "eve"));
            assertEquals(
                    new AuthResult.Failure("dave", "on_holiday", false),
                    login(client, "dave", "dave"));
        }
    }

    @Test
    void aChangedFileIsReadAgain() throws IOException {
        try (var client = client()) {
            assertTrue(succeeds(client, "bob", "bob"));
            String text = Files.readString(passwd).replace("{PLAIN}bob", "{PLAIN}robert");
            Path fresh = dir.resolve("passwd.new");
            Files.writeString(fresh, text);
            Files.move(fresh, passwd, StandardCopyOption.ATOMIC_MOVE);
            assertTrue(!succeeds(client, "bob", "bob"));
            assertTrue(succeeds(client, "bob", "robert"));
        }
    }

    @Test
    void aMissingFileIsATemporaryFailure() throws IOException {
        try (var client = client();
                var users = UserdbClient.of(socket)) {
            Files.delete(passwd);
            var failure = assertInstanceOf(AuthResult.Failure.class, login(client, "bob", "bob"));
            assertTrue(failure.temporary());
            assertThrows(IOException.class, () -> users.lookup("bob", "lda"));
        }
    }

    @Test
    void anAbsentDaemonIsATemporaryFailure() throws IOException {
        server.close();
        try (var client = client()) {
            var failure = assertInstanceOf(AuthResult.Failure.class, login(client, "bob", "bob"));
            assertTrue(failure.temporary());
            assertThrows(IOException.class, client::mechanisms);
        }
    }

    @Test
    void clientsOutliveARestart() throws IOException {
        try (var client = client();
                var users = UserdbClient.of(socket)) {
            assertTrue(succeeds(client, "bob", "bob"));
            assertTrue(users.lookup("bob", "lda").isPresent());
            server.close();
            server = open(Map.of());
            assertTrue(succeeds(client, "bob", "bob"));
            assertTrue(users.lookup("bob", "lda").isPresent());
        }
    }

    @Test
    void usersAreDescribed() throws IOException {
        try (var users = UserdbClient.of(socket)) {
            var alice = users.lookup("alice", "lda").orElseThrow();
            assertEquals("alice@example.test", alice.name());
            assertEquals(1001, alice.uid());
            assertEquals(1002, alice.gid());
            assertEquals(Path.of("/home/alice"), alice.home());
            assertEquals("maildir:~/Maildir", alice.mail());
            assertEquals(Map.of("quota", "1G"), alice.fields());
            assertEquals(Path.of("/home//bob"), users.lookup("bob", "lda").orElseThrow().home());
            assertTrue(users.lookup("nobody@example.test", "lda").isEmpty());
            assertEquals(5, users.users().size());
        }
    }

    @Test
    void accountsOfTheSystemAreMarked() throws IOException {
        server.close();
        server = open(Map.of("auth_userdb", "passwd-file passwd", "mydestination", "own.test"));
        try (var users = UserdbClient.of(socket)) {
            assertTrue(!users.lookup("alice", "lda").orElseThrow().isSystem());
            for (String name : List.of("root", "Root@own.test", "ROOT@example.test")) {
                var root = users.lookup(name, "lda").orElseThrow();
                assertTrue(root.isSystem());
                assertEquals("root", root.name());
                assertEquals(0, root.uid());
                assertEquals(Path.of("/root"), root.home());
                assertEquals("root", root.system().orElseThrow().name());
                assertEquals(root.shell(), root.system().orElseThrow().shell());
            }
            assertTrue(users.lookup("root@elsewhere.test", "lda").isEmpty());
            assertTrue(users.lookup("no-such-user", "lda").isEmpty());
            assertTrue(users.lookup("../root", "lda").isEmpty());
        }
    }

    @Test
    void theFormatDecidesWhatIsLookedUp() throws IOException {
        server.close();
        server = open(Map.of("auth_userdb", "passwd", "auth_username_format", "%Ln"));
        try (var users = UserdbClient.of(socket)) {
            assertEquals("root", users.lookup("ROOT@any.test", "imap").orElseThrow().name());
        }
        server.close();
        assertThrows(FatalException.class, () -> open(Map.of("auth_username_format", "%x")));
        server = open(Map.of());
    }

    @Test
    void manyLoginsShareOneConnection() throws InterruptedException {
        try (var client = client()) {
            var right = new AtomicInteger();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 200; i++) {
                boolean good = i % 2 == 0;
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    if (succeeds(client, "carol", good ? "Hello world!" : "x")
                                            == good) {
                                        right.incrementAndGet();
                                    }
                                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(200, right.get());
        }
    }

    @Test
    void aFailureWaitsAndKeepsNobodyWaiting() throws Exception {
        server.close();
        server = open(Map.of("auth_failure_delay", "3s"));
        try (var client = client()) {
            long began = System.nanoTime();
            var failure = new FutureTask<>(() -> succeeds(client, "bob", "wrong"));
            Thread.ofVirtual().start(failure);
            assertTrue(succeeds(client, "alice", "secret"));
            assertFalse(failure.isDone());
            assertFalse(failure.get());
            assertTrue(System.nanoTime() - began >= 3_000_000_000L);
        }
    }

    /// What Postfix sends, and what it wants to read.
    @Test
    void postfixIsServed() throws IOException {
        try (var peer = new Raw()) {
            peer.send("VERSION\t1\t0\nCPID\t4711\n");
            var greeting = peer.linesUntil("DONE");
            assertTrue(greeting.getFirst().startsWith("VERSION\t1\t"));
            assertEquals("MECH\tPLAIN\tplaintext", greeting.get(1));
            assertEquals("MECH\tLOGIN\tplaintext", greeting.get(2));
            assertTrue(greeting.get(3).startsWith("SPID\t"));
            assertTrue(greeting.get(4).startsWith("CUID\t"));
            assertTrue(greeting.get(5).matches("COOKIE\t[0-9a-f]{32}"));
            peer.send(
                    "AUTH\t1\tPLAIN\tservice=smtp\tnologin\tlip=127.0.0.1\trip=192.0.2.1\tsecured\tresp="
                            + base64("\0bob\0bob")
                            + "\n");
            assertEquals("OK\t1\tuser=bob", peer.line());
            peer.send("AUTH\t2\tLOGIN\tservice=smtp\tnologin\tlip=127.0.0.1\trip=192.0.2.1\n");
            assertEquals("CONT\t2\tVXNlcm5hbWU6", peer.line());
            peer.send("CONT\t2\t" + base64("bob") + "\n");
            assertEquals("CONT\t2\tUGFzc3dvcmQ6", peer.line());
            peer.send("CONT\t2\t" + base64("no") + "\n");
            assertEquals("FAIL\t2\tuser=bob", peer.line());
            peer.send("AUTH\t3\tCRAM-MD5\tservice=smtp\tnologin\n");
            assertTrue(peer.line().startsWith("FAIL\t3\treason="));
            peer.send("AUTH\t4\tPLAIN\tservice=smtp\tnologin\tresp=%%%\n");
            assertTrue(peer.line().startsWith("FAIL\t4\tcode=invalid_base64"));
        }
    }

    /// Exim, and Dovecot's own clients of old, wait for the server's greeting.
    @Test
    void aSilentPeerIsGreetedAsAClient() throws IOException {
        try (var peer = new Raw()) {
            assertEquals("DONE", peer.linesUntil("DONE").getLast());
            peer.send(
                    "VERSION\t1\t0\nCPID\t1\nAUTH\t1\tPLAIN\tservice=smtp\trip=::1\tresp="
                            + base64("\0bob\0bob")
                            + "\n");
            assertEquals("OK\t1\tuser=bob", peer.line());
        }
    }

    @Test
    void mastersLookUpAndAskForWhatClientsDid() throws IOException {
        try (var client = new Raw()) {
            client.send("VERSION\t1\t2\nCPID\t77\n");
            String cookie = client.linesUntil("DONE").get(5).substring("COOKIE\t".length());
            client.send("AUTH\t9\tPLAIN\tservice=imap\tresp=" + base64("\0alice\0secret") + "\n");
            assertEquals("OK\t9\tuser=alice@example.test", client.line());
            try (var master =
                    new Raw()) { // opened now: who is silent for long is greeted as a client
                master.send("VERSION\t1\t1\nREQUEST\t5\t77\t9\t" + cookie + "\n");
                assertTrue(master.line().startsWith("VERSION\t1\t"));
                assertTrue(master.line().startsWith("SPID\t"));
                assertTrue(
                        master.line()
                                .startsWith("USER\t5\talice@example.test\tuid=1001\tgid=1002"));
                master.send("REQUEST\t6\t77\t9\t" + cookie + "\nUSER\t7\tx\tservice=lda\n");
                var answers = List.of(master.line(), master.line());
                assertTrue(answers.contains("NOTFOUND\t6") && answers.contains("NOTFOUND\t7"));
                master.send("PASS\t8\tbob\tservice=smtp\n");
                assertEquals("PASS\t8\tuser=bob", master.line());
            }
            try (var silent = new Raw()) {
                silent.send("VERSION\t1\t1\n");
                assertTrue(silent.linesUntil("SPID").size() == 2);
            }
        }
    }

    @Test
    void rubbishEndsOnlyItsOwnConnection() throws IOException {
        try (var peer = new Raw();
                var longLine = new Raw();
                var future = new Raw();
                var client = client()) {
            peer.send("AUTH\n");
            assertEquals("EOF", peer.linesUntil("EOF").getLast());
            var rubbish = new ByteArrayOutputStream();
            for (int i = 0; i < 20000; i++) {
                rubbish.write('x');
            }
            longLine.send(rubbish.toString(UTF_8) + "\n");
            assertEquals("EOF", longLine.linesUntil("EOF").getLast());
            future.send("VERSION\t2\t0\n");
            assertEquals("EOF", future.linesUntil("EOF").getLast());
            assertTrue(succeeds(client, "bob", "bob"));
        }
    }
}
