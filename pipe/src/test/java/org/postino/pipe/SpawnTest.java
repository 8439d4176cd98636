// SPDX-License-Identifier: Apache-2.0

package org.postino.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.config.MasterCf;
import org.postino.kit.Await;
import org.postino.kit.QuietDaemon;
import org.postino.linux.AsUser;
import org.postino.linux.Processes;
import org.postino.linux.Users;
import org.postino.log.EventLog;
import org.postino.server.FatalException;
import org.postino.server.RunningServer;
import org.postino.server.SessionServer;
import org.postino.suite.LocalParams;

/// Commands that talk to clients by rows of spawn(8).
@Timeout(120)
class SpawnTest {
    @TempDir Path dir;
    private final Map<String, String> settings = new HashMap<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private String user = "nobody";

    @BeforeEach
    void prepare() throws IOException {
        if (!AsUser.isPossible()) {
            user = Users.nameOf(Processes.ownUid());
        }
        for (Path p = dir; p != null && p.getNameCount() > 1; p = p.getParent()) {
            if (p.startsWith("/tmp")) {
                Files.setPosixFilePermissions(p, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        settings.put("queue_directory", dir.toString());
        settings.put("myhostname", "mx.test");
    }

    private RunningServer serve(ServerSocketChannel socket, String words) throws Exception {
        List<String> row =
                MasterCf.row("policy unix - n n - 0 spawn " + words.replace("USER", user), 1)
                        .args();
        Config config = Config.of(settings, LocalParams.ALL);
        return SessionServer.open(
                config,
                "policy",
                socket,
                _ -> Spawn.start(new QuietDaemon("policy", config, dir, row)));
    }

    private static ServerSocketChannel tcp() throws IOException {
        return ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static Socket connect(ServerSocketChannel socket) throws IOException {
        var address = (InetSocketAddress) socket.getLocalAddress();
        return new Socket(address.getAddress(), address.getPort());
    }

    /// A policy server of three lines: an answer to each request, as long as the client has some.
    private static final String POLICY =
            "user=USER argv=/bin/sh -c {while read -r name; do read -r empty; echo action=DUNNO $name; echo; done; id -un >&2}";

    @Test
    void aClientTalksToTheCommandAsLongAsItWants() throws Exception {
        Path path = dir.resolve("socket");
        var address = UnixDomainSocketAddress.of(path);
        var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
        try (var _ = serve(socket, POLICY);
                var client = SocketChannel.open(address)) {
            var in = Channels.newInputStream(client);
            for (int i = 0; i < 3; i++) {
                byte[] request = ("n=" + i + "\n\n").getBytes(StandardCharsets.US_ASCII);
                client.write(ByteBuffer.wrap(request));
                byte[] wanted =
                        ("action=DUNNO n=" + i + "\n\n").getBytes(StandardCharsets.US_ASCII);
                assertEquals(
                        new String(wanted, StandardCharsets.US_ASCII),
                        new String(in.readNBytes(wanted.length), StandardCharsets.US_ASCII));
            }
            client.shutdownOutput();
            assertEquals(user + "\n", new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void aCommandThatEndsEndsTheConnection() throws Exception {
        try (var socket = tcp();
                var _ = EventLog.listen(e -> log.add(e.text()));
                var _ = serve(socket, "user=USER argv=/bin/sh -c {echo $0; exit 3}");
                var client = connect(socket)) {
            assertEquals(
                    "/bin/sh\n",
                    new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            Await.until(
                    "a warning",
                    () -> log.toString().contains("policy: command /bin/sh: exit status 3"));
        }
    }

    @Test
    void aCommandThatDoesNotEndIsKilled() throws Exception {
        settings.put("policy_time_limit", "1s");
        try (var socket = tcp();
                var _ = EventLog.listen(e -> log.add(e.text()));
                var _ = serve(socket, "user=USER argv=/bin/sleep 1000");
                var client = connect(socket)) {
            assertEquals(-1, client.getInputStream().read());
            Await.until(
                    "a warning",
                    () -> log.toString().contains("command time limit exceeded: /bin/sleep"));
        }
    }

    @Test
    void whatKeepsACommandFromStartingIsForTheLogAlone() throws Exception {
        for (String words : List.of("user=nosuchuser argv=/bin/true", "user=USER argv=/no/such")) {
            try (var socket = tcp();
                    var _ = EventLog.listen(e -> log.add(e.text()));
                    var _ = serve(socket, words);
                    var client = connect(socket)) {
                assertEquals(-1, client.getInputStream().read(), words);
            }
        }
        assertTrue(
                log.toString().contains("policy: cannot run command: user=nosuchuser"), "" + log);
        assertTrue(log.toString().contains("No such file or directory"), "" + log);
    }

    @Test
    void aClientThatGoesEndsTheCommand() throws Exception {
        Path pid = dir.resolve("out/pid");
        Files.createDirectories(pid.getParent());
        Files.setPosixFilePermissions(
                dir.resolve("out"), PosixFilePermissions.fromString("rwxrwxrwx"));
        try (var socket = tcp();
                var _ =
                        serve(
                                socket,
                                "user=USER argv=/bin/sh -c {echo $$ >" + pid + "; exec cat}")) {
            try (var client = connect(socket)) {
                client.getOutputStream().write("x".getBytes(StandardCharsets.US_ASCII));
                assertEquals('x', client.getInputStream().read());
            }
            int number = Integer.parseInt(Files.readString(pid).strip());
            Await.until("it is gone", () -> Processes.gone(number));
        }
    }

    @Test
    void aRowWithoutAUserIsRefused() throws Exception {
        var config = Config.of(settings, LocalParams.ALL);
        for (String wrong :
                List.of("argv=/bin/true", "user=root argv=/bin/true", "flags=D user=a argv=b")) {
            List<String> row = MasterCf.row("policy unix - n n - 0 spawn " + wrong, 1).args();
            assertThrows(
                    FatalException.class,
                    () -> Spawn.start(new QuietDaemon("policy", config, dir, row)),
                    wrong);
        }
    }
}
