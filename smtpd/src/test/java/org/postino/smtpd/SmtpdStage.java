// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.kit.Await;
import org.postino.kit.FakeDns;
import org.postino.kit.Stage;
import org.postino.log.EventLog;
import org.postino.milter.MilterParams;
import org.postino.server.Daemon;
import org.postino.server.RequestServer;
import org.postino.server.RunningServer;
import org.postino.server.SessionServer;
import org.postino.suite.IncomingParams;
import org.postino.suite.PostscreenParams;
import org.postino.suite.ScannerParams;
import org.postino.suite.SmtpdParams;
import org.postino.tls.TlsParams;

/// smtpd in this JVM on a loopback port, with a queue and an auth of its own. Its clients are strangers: `mynetworks` is elsewhere.
final class SmtpdStage implements Stage {
    final FakeQueue queue = new FakeQueue();
    final FakeAuth auth = new FakeAuth();
    final List<Inspector.Source> inspectors = new ArrayList<>();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final EventLog.Listening listening;
    private @Nullable ServerSocketChannel socket;
    private @Nullable RunningServer server;
    private @Nullable FakeDns dns;
    private @Nullable RunningServer anvil;
    private String from = "";
    private final Path directory;

    /// Set if clients come to postscreen first.
    private final boolean screens;

    SmtpdStage(Path directory) {
        this(directory, false);
    }

    SmtpdStage(Path directory, boolean screens) {
        this.directory = directory;
        this.screens = screens;
        settings.put("config_directory", directory.toString());
        settings.put("queue_directory", directory.toString());
        settings.put("data_directory", directory.toString());
        settings.put("compatibility_level", "3.11");
        settings.put("myhostname", "mx.test");
        settings.put("mydomain", "test");
        settings.put("mydestination", "mx.test, local.test");
        settings.put("mynetworks", "10.9.0.0/16");
        settings.put("local_recipient_maps", "inline:{alice=1, bob=1}");
        settings.put("alias_maps", "");
        settings.put("alias_database", "");
        settings.put("recipient_delimiter", "+");
        settings.put("smtpd_error_sleep_time", "0");
        listening = EventLog.listen(e -> log.add(e.severity().prefix() + e.text()));
    }

    @Override
    public void param(String name, String value) {
        settings.put(name, value);
    }

    @Override
    public Socket connect() throws IOException {
        start();
        var channel = Objects.requireNonNull(socket);
        var address = (InetSocketAddress) channel.getLocalAddress();
        return from.isEmpty()
                ? new Socket(address.getAddress(), address.getPort())
                : new Socket(
                        address.getAddress(), address.getPort(), InetAddress.ofLiteral(from), 0);
    }

    private void start() throws IOException {
        if (server != null) {
            return;
        }
        var config =
                Config.of(
                        settings,
                        SmtpdParams.ALL,
                        PostscreenParams.ALL,
                        ScannerParams.ALL,
                        IncomingParams.ALL,
                        MilterParams.ALL,
                        TlsParams.ALL);
        var channel = ServerSocketChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket = channel;
        server = SessionServer.open(config, "smtp", channel, daemon -> service(daemon, config));
    }

    private SessionServer.Service service(Daemon daemon, Config config) {
        boolean logsIn = config.get(SmtpdParams.SMTPD_SASL_AUTH_ENABLE);
        Services services =
                inspected(Smtpd.services(daemon, config, queue, logsIn ? auth : null, null));
        return screens
                ? new Postscreen(
                        services,
                        config,
                        Smtpd.dns(daemon),
                        anvil == null
                                ? PostscreenCache.inMemory(Duration.ofDays(7), daemon.clock())
                                : Smtpd.anvil(daemon).cache(Duration.ofDays(7)))
                : new Smtpd(services);
    }

    /// The same services with the inspectors of this stage, which are asked last.
    private Services inspected(Services s) {
        var all = new ArrayList<>(s.inspectors());
        all.addAll(inspectors);
        return new Services(
                s.service(),
                s.settings(),
                all,
                s.addresses(),
                s.queue(),
                s.filter(),
                s.authenticator(),
                s.tls(),
                s.proxy(),
                s.names(),
                s.limits(),
                s.localClients(),
                s.bareNewlineExempt(),
                s.xforwarders(),
                s.xclients(),
                s.forbidden(),
                s.hiddenByAddress(),
                s.siteFlush().through(this::flush),
                s.style(),
                s.commandFilter(),
                s.aliases(),
                s.space(),
                s.received(),
                s.clock(),
                s.draining(),
                s.log());
    }

    RunningServer server() throws IOException {
        start();
        return Objects.requireNonNull(server);
    }

    @Override
    public List<String> log() {
        return List.copyOf(log);
    }

    void awaitLog(String text) {
        Await.until("log: " + text, () -> log.stream().anyMatch(l -> l.contains(text)));
    }

    @Override
    public void directive(String word, String argument) throws IOException {
        switch (word) {
            case "user" -> {
                String[] parts = argument.split("\\s+");
                auth.users.put(parts[0], parts[1]);
            }
            case "dns" -> dns(argument);
            case "from" -> from = argument;
            case "anvil" -> anvil();
            case "file" -> {
                String[] parts = argument.split(" ", 2);
                Files.writeString(directory.resolve(parts[0]), parts[1] + "\n");
            }
            case "queue" -> {
                if (!argument.equals("empty") || !queue.messages.isEmpty()) {
                    throw new AssertionError("queue: " + queue.messages);
                }
            }
            default -> throw new IOException("unknown directive " + word);
        }
    }

    /// Stands in for qmgr, where two messages wait for each domain but empty.test, and which is away for broken.test.
    private int flush(String site) throws IOException {
        if (site.equals("broken.test")) {
            throw new IOException("nobody is there");
        }
        return site.equals("empty.test") ? 0 : 2;
    }

    /// Starts anvil where smtpd looks for it, or again with what is in its files.
    void anvil() throws IOException {
        if (anvil != null) {
            anvil.close();
        }
        Files.createDirectories(directory.resolve("private"));
        Files.createDirectories(directory.resolve("anvil"));
        Path path = directory.resolve("private/anvil");
        Files.deleteIfExists(path);
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(path));
        anvil = RequestServer.open(Config.of(settings), "anvil", channel, Anvil::of);
    }

    private void dns(String record) throws IOException {
        FakeDns server = dns;
        if (server == null) {
            server = FakeDns.start();
            dns = server;
            settings.put("dns_servers", server.address());
        }
        server.zone(record);
    }

    @Override
    public void close() {
        if (dns != null) {
            dns.close();
        }
        if (server != null) {
            server.close();
        }
        if (anvil != null) {
            anvil.close();
        }
        listening.close();
    }
}
