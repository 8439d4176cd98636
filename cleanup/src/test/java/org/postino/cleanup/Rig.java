// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.content.CheckTables;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.log.EventLog;
import org.postino.milter.MilterParams;
import org.postino.queue.CleanupClient;
import org.postino.queue.CleanupResult;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.Envelope;
import org.postino.queue.NewFile;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.queue.Spool;
import org.postino.server.Daemon;
import org.postino.server.RequestServer;
import org.postino.server.RunningServer;
import org.postino.server.ServerDialer;
import org.postino.suite.CleanupParams;
import org.postino.table.Tables;

/// The real cleanup on a socket in a temporary directory, and a client.
final class Rig implements AutoCloseable {
    final CleanupClient client;
    final Spool spool;
    final Path directory;
    final Path socket;
    final List<QueueId> announced = new CopyOnWriteArrayList<>();
    final List<String> log = new CopyOnWriteArrayList<>();
    private final RunningServer server;
    private final EventLog.Listening listening;

    Rig(Path directory, Map<String, String> settings) throws IOException {
        this(directory, settings, null, file -> file.force(true));
    }

    Rig(
            Path directory,
            Map<String, String> settings,
            Spool.@Nullable Opener opener,
            Commit.Flush flush)
            throws IOException {
        this.directory = directory;
        var all = new HashMap<String, String>();
        all.put("queue_directory", directory.toString());
        all.put("myhostname", "mx.test");
        all.put("mydomain", "test");
        all.put("mydestination", "mx.test");
        all.put("hash_queue_names", "");
        all.putAll(settings);
        Config config = Config.of(all, CleanupParams.ALL, MilterParams.ALL);
        var layout = Spool.Layout.of(config);
        spool =
                opener == null
                        ? new Spool(layout, Clock.systemUTC())
                        : new Spool(layout, Clock.systemUTC(), opener);
        spool.createDirectories();
        Files.createDirectories(directory.resolve("public"));
        socket = directory.resolve("public/cleanup");
        var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        listening = EventLog.listen(e -> log.add(e.text()));
        server =
                RequestServer.open(
                        config,
                        "cleanup",
                        listener,
                        daemon -> {
                            var set = CleanupSettings.of(config);
                            var service =
                                    new CleanupService(
                                            new CleanupContext(
                                                    set,
                                                    new RecipientRules(
                                                            config, set, new Tables(config)),
                                                    RecipientRules.withoutMappings(
                                                            config, set, new Tables(config)),
                                                    Cleanup.checks(config, new Tables(config)),
                                                    CheckTables.Named.of(
                                                            CleanupParams.MILTER_HEADER_CHECKS,
                                                            config,
                                                            new Tables(config)),
                                                    LocalMilters.of(config, () -> dialer(daemon)),
                                                    spool,
                                                    new Commit(spool, flush),
                                                    new Announcer(
                                                            daemon::working, announced::add)));
                            return service::serve;
                        });
        client = new CleanupClient(socket, Duration.ofSeconds(20));
    }

    static Envelope from(String sender) {
        return new Envelope(sender, Instant.parse("2026-01-02T03:04:05Z"), "TRACE", Map.of());
    }

    static Envelope localFrom(String sender) {
        return from(sender).with(Envelope.REWRITE, Envelope.LOCAL);
    }

    CleanupResult submit(Envelope e, String content, String... recipients) throws IOException {
        try (var submission = client.open(e)) {
            for (String r : recipients) {
                submission.recipient(r, r, "", "");
            }
            submission.content().write(content.getBytes(StandardCharsets.ISO_8859_1));
            return submission.finish();
        }
    }

    /// Submits from a client of ours, and returns what stands in the queue.
    String stored(Envelope e, String content, String... recipients) throws Exception {
        return content(queued(submit(e, content, recipients)));
    }

    /// Begins a message by hand; returns cleanup's answer.
    static Message begin(IpcConnection c) throws IOException {
        return c.request(
                Message.of("submit")
                        .with("sender", "a@x")
                        .with("arrival", 1)
                        .with("trace", "T")
                        .build());
    }

    static QueueId queued(CleanupResult result) {
        return switch (result) {
            case CleanupResult.Queued(var id, long _) -> id;
            case CleanupResult.Refused(var reply, var reason) ->
                    throw new AssertionError(reply + " " + reason);
        };
    }

    static String refused(CleanupResult result) {
        return switch (result) {
            case CleanupResult.Queued(var id, long _) -> throw new AssertionError("queued " + id);
            case CleanupResult.Refused(var reply, var _) -> reply.toString();
        };
    }

    String content(QueueId id) throws IOException, CorruptQueueFileException {
        try (var file = open(id)) {
            return new String(file.content().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    List<String> recipients(QueueId id) throws IOException, CorruptQueueFileException {
        try (var file = open(id)) {
            return file.recipients().stream().map(Recipient::address).toList();
        }
    }

    QueueFile open(QueueId id) throws IOException, CorruptQueueFileException {
        return QueueFile.open(spool.path(QueueName.INCOMING, id), false);
    }

    /// The names of all files in `incoming`, finished or not.
    List<String> incomingFiles() throws IOException {
        try (var files = Files.list(spool.directory(QueueName.INCOMING))) {
            return files.map(f -> String.valueOf(f.getFileName())).toList();
        }
    }

    NewFile newFile() throws IOException {
        return spool.create(QueueName.INCOMING);
    }

    @Override
    public void close() {
        client.close();
        server.close();
        listening.close();
    }

    private static ServerDialer dialer(Daemon daemon) {
        return new ServerDialer(
                daemon.queueDirectory(), host -> List.of(InetAddress.ofLiteral(host)));
    }
}
