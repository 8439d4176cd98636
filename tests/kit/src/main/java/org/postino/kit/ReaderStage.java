// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.ParamTable;
import org.postino.log.EventLog;
import org.postino.server.Daemon;
import org.postino.server.RunningServer;
import org.postino.server.ServerOptions;
import org.postino.server.SessionServer;

/// A program with which users read their mail, in this process, with a directory, a log and users of its own: `bob` with the
/// password `secret`, `alice` with `sesame`. It starts with the first connection.
public final class ReaderStage implements Stage {
    private final Path dir;
    private final ServerOptions options;
    private final Function<Daemon, SessionServer.Service> program;
    private final Directives directives;
    private final Map<String, String> settings = new HashMap<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final FakeAuth auth;
    private final EventLog.Listening listening;
    private @Nullable RunningServer server;
    private @Nullable ServerSocketChannel socket;

    /// The directives that the program's conversation files can give to the stage.
    @FunctionalInterface
    public interface Directives {
        /// As [Stage#directive].
        void run(ReaderStage stage, String word, String argument) throws IOException;
    }

    public ReaderStage(
            ServerOptions options,
            Function<Daemon, SessionServer.Service> program,
            Directives directives)
            throws IOException {
        this.options = options;
        this.program = program;
        this.directives = directives;
        dir = Files.createTempDirectory(options.program());
        auth = new FakeAuth(dir.resolve("private/auth"), dir.resolve("home"));
        auth.user("bob", "secret");
        auth.user("alice", "sesame");
        settings.put("queue_directory", dir.toString());
        listening = EventLog.listen(event -> log.add(event.severity().prefix() + event.text()));
    }

    /// Everything of this stage lies here.
    public Path directory() {
        return dir;
    }

    public FakeAuth auth() {
        return auth;
    }

    /// The Maildir of a user.
    public Path maildir(String user) {
        return dir.resolve("home").resolve(user).resolve("Maildir");
    }

    /// Puts a message where a delivery agent would.
    public static void deliver(Path maildir, String name, byte[] message) throws IOException {
        for (String sub : List.of("tmp", "new", "cur")) {
            Files.createDirectories(maildir.resolve(sub));
        }
        Path temporary = Files.write(maildir.resolve("tmp").resolve(name), message);
        Files.move(temporary, maildir.resolve("new").resolve(name));
    }

    @Override
    public void param(String name, String value) {
        settings.put(name, value);
    }

    /// The port at which it listens.
    public int port() throws IOException {
        return port(0);
    }

    /// The port; `wanted` if it is not listening yet.
    public int port(int wanted) throws IOException {
        ServerSocketChannel bound = socket;
        if (bound == null) {
            bound = ServerSocketChannel.open();
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
            socket = bound;
            var config = Config.of(settings, options.tables().toArray(ParamTable[]::new));
            server = SessionServer.open(config, options.program(), bound, program);
        }
        return ((InetSocketAddress) bound.getLocalAddress()).getPort();
    }

    public RunningServer server() throws IOException {
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

    @Override
    public void directive(String word, String argument) throws IOException {
        directives.run(this, word, argument);
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
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
