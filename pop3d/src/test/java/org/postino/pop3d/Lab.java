// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.postino.global.config.AuthParams;
import org.postino.global.config.Config;
import org.postino.global.config.MailParams;
import org.postino.global.config.Pop3dParams;
import org.postino.global.config.TlsParams;
import org.postino.global.log.EventLog;
import org.postino.global.server.RunningServer;
import org.postino.global.server.SessionServer;
import org.postino.kit.Await;
import org.postino.kit.FakeAuth;
import org.postino.kit.Stage;

/// pop3d in this process with users and mail of its own; the stage of conversation files.
///
/// `deliver: NAME text` puts a message into bob's Maildir (`\n` in the text ends lines), `files: N` waits until N are left,
/// `auth: down` makes auth(8) fail.
final class Lab implements Stage {
    private final Path dir = Files.createTempDirectory("pop3d");
    private final Map<String, String> settings = new HashMap<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final EventLog.Listening listening =
            EventLog.listen(event -> log.add(event.severity().prefix() + event.text()));
    private final FakeAuth auth = new FakeAuth(dir.resolve("private/auth"), dir.resolve("home"));
    private @Nullable RunningServer server;
    private @Nullable ServerSocketChannel socket;

    Lab() throws IOException {
        settings.put("queue_directory", dir.toString());
        auth.user("bob", "secret");
        auth.user("alice", "sesame");
    }

    private Path maildir() {
        return dir.resolve("home/bob/Maildir");
    }

    @Override
    public void param(String name, String value) {
        settings.put(name, value);
    }

    private int port() throws IOException {
        ServerSocketChannel bound = socket;
        if (bound == null) {
            bound = ServerSocketChannel.open();
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            socket = bound;
            var config =
                    Config.of(
                            settings,
                            Pop3dParams.ALL,
                            MailParams.ALL,
                            TlsParams.ALL,
                            AuthParams.ALL);
            server = SessionServer.open(config, "pop3", bound, Pop3d::start);
        }
        return ((InetSocketAddress) bound.getLocalAddress()).getPort();
    }

    @Override
    public Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port());
    }

    @Override
    public List<String> log() {
        return log;
    }

    @Override
    public void directive(String word, String argument) throws IOException {
        switch (word) {
            case "deliver" -> {
                int blank = argument.indexOf(' ');
                for (String sub : List.of("tmp", "new", "cur")) {
                    Files.createDirectories(maildir().resolve(sub));
                }
                String text = argument.substring(blank + 1).replace("\\n", "\n");
                Path temporary = maildir().resolve("tmp").resolve(argument.substring(0, blank));
                Files.writeString(temporary, text, StandardCharsets.ISO_8859_1);
                Files.move(
                        temporary, maildir().resolve("new").resolve(argument.substring(0, blank)));
            }
            case "files" ->
                    Await.until(
                            "files left: " + argument, () -> files() == Integer.parseInt(argument));
            case "auth" -> auth.failing(argument.equals("down"));
            default -> throw new IOException("unknown directive " + word);
        }
    }

    private long files() {
        try (var cur = Files.list(maildir().resolve("cur"));
                var fresh = Files.list(maildir().resolve("new"))) {
            return cur.count() + fresh.count();
        } catch (IOException e) {
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        if (server != null) {
            server.close();
        }
        if (socket != null) {
            socket.close();
        }
        auth.close();
        listening.close();
        try (var all = Files.walk(dir)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
