// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.postino.global.config.Config;
import org.postino.global.config.ParamTable;
import org.postino.global.log.EventLog;
import org.postino.global.server.RunningServer;
import org.postino.global.server.SessionServer;
import org.postino.kit.Stage;
import org.postino.net.tls.SelfSigned;

/// imapd in this process with a directory, users and a log of its own; the stage of conversation files.
final class Lab implements Stage {
    private final Path dir = Files.createTempDirectory("imapd");
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

    /// The Maildir of a user.
    Path maildir(String user) {
        return dir.resolve("home").resolve(user).resolve("Maildir");
    }

    Path directory() {
        return dir;
    }

    void user(String name, String password) {
        auth.user(name, password);
    }

    /// Puts a message where a delivery agent would.
    Path deliver(Path maildir, String name, byte[] message) throws IOException {
        for (var sub : List.of("tmp", "new", "cur")) {
            Files.createDirectories(maildir.resolve(sub));
        }
        var temporary = maildir.resolve("tmp").resolve(name);
        Files.write(temporary, message);
        return Files.move(temporary, maildir.resolve("new").resolve(name));
    }

    @Override
    public void param(String name, String value) {
        settings.put(name, value);
    }

    int port() throws IOException {
        return port(0);
    }

    int port(int wanted) throws IOException {
        var bound = socket;
        if (bound == null) {
            bound = ServerSocketChannel.open();
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
            socket = bound;
            var tables = Imapd.options().tables().toArray(ParamTable[]::new);
            server = SessionServer.open(Config.of(settings, tables), "imap", bound, Imapd::new);
        }
        return ((InetSocketAddress) bound.getLocalAddress()).getPort();
    }

    RunningServer server() throws IOException {
        port();
        if (server == null) {
            throw new IOException("not started");
        }
        return server;
    }

    @Override
    public Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port());
    }

    @Override
    public List<String> log() {
        return log;
    }

    /// `deliver: FOLDER NAME text` puts a message with this text as its subject into bob's folder, as a foreign program would.
    @Override
    public void directive(String word, String argument) throws IOException {
        var words = argument.split(" ", 3);
        switch (word) {
            case "deliver" -> {
                var maildir = maildir("bob");
                deliver(
                        words[0].equals("INBOX") ? maildir : maildir.resolve("." + words[0]),
                        words[1],
                        ("Subject: " + words[2] + "\n\nbody of " + words[1] + "\n")
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            case "tls" -> {
                var file = dir.resolve("server.pem");
                Files.writeString(
                        file, SelfSigned.pem("localhost", List.of(), java.time.Clock.systemUTC()));
                param("smtpd_tls_chain_files", file.toString());
            }
            case "user" -> auth.user(words[0], words[1]);
            default -> throw new IOException("unknown directive " + word);
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
