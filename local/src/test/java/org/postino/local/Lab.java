// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.postino.config.Config;
import org.postino.kit.FakeAuth;
import org.postino.kit.QuietDaemon;
import org.postino.log.EventLog;
import org.postino.mailstore.MailParams;
import org.postino.queue.Agent;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.DeliveryRequest;
import org.postino.queue.DeliveryServer;
import org.postino.queue.Envelope;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueFileWriter;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.queue.Spool;
import org.postino.routing.Resolver;
import org.postino.server.Daemon;
import org.postino.smtp.Delivery;
import org.postino.suite.LocalParams;
import org.postino.table.Tables;

/// local or virtual in this process, on a queue file, users and a cleanup of its own.
final class Lab implements Closeable {
    final Path dir = Files.createTempDirectory("local");
    final Map<String, String> settings = new HashMap<>();
    final FakeAuth auth = new FakeAuth(dir.resolve("private/auth"), dir.resolve("home"));
    final FakeCleanup cleanup = new FakeCleanup(dir.resolve("public/cleanup"));
    String notify = "";
    String orcpt = "";
    private @Nullable Agent agent;
    private final Function<Daemon, Agent> program;

    Lab(Function<Daemon, Agent> program) throws IOException {
        this.program = program;
        settings.put("queue_directory", dir.toString());
        settings.put("myhostname", "mx.test");
        settings.put("mydestination", "mx.test");
        settings.put("recipient_delimiter", "+");
        settings.put("alias_maps", "texthash:" + dir.resolve("aliases"));
        settings.put("mail_spool_directory", dir.resolve("spool").toString());
        Files.createDirectories(dir.resolve("spool"));
        aliases("");
        auth.user("bob", "x");
        auth.user("alice@mx.test", "x");
    }

    /// local in a directory that everybody may enter, for [#account]s; skips the test where nobody can act as others.
    static Lab forAccounts() throws IOException {
        Assumptions.assumeTrue(Privileges.asOthers(), "acts as other users: needs root");
        var lab = new Lab(Local::start);
        Files.setPosixFilePermissions(lab.dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        return lab;
    }

    /// Adds an account of the system, with a home directory of its own, mode 0755; its gid is its uid.
    ///
    /// @return the home directory
    Path account(String name, int uid) throws IOException {
        Path home = dir.resolve("home").resolve(name);
        Files.createDirectories(home);
        give(home, uid);
        auth.user(
                name,
                "x",
                "uid=" + uid + "\tgid=" + uid + "\tsystem_groups_user=" + name + "\tshell=/bin/sh");
        return home;
    }

    /// Writes a file as if a user had done it.
    static Path write(Path file, String text, int uid) throws IOException {
        Files.writeString(file, text);
        give(file, uid);
        return file;
    }

    static void give(Path file, int uid) throws IOException {
        Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
    }

    void aliases(String lines) throws IOException {
        Files.writeString(dir.resolve("aliases"), lines);
    }

    Path maildir(String user) {
        return dir.resolve("home").resolve(user).resolve("Maildir");
    }

    /// The messages in a Maildir's `new`.
    List<String> mail(String user) throws IOException {
        return messages(maildir(user));
    }

    static List<String> messages(Path maildir) throws IOException {
        var texts = new ArrayList<String>();
        if (Files.isDirectory(maildir)) {
            try (var files = Files.list(maildir.resolve("new"))) {
                for (Path file : files.sorted().toList()) {
                    texts.add(Files.readString(file));
                }
            }
        }
        return texts;
    }

    private Config config() {
        return Config.of(settings, LocalParams.ALL, MailParams.ALL);
    }

    /// Decides where addresses go, as all others in the suite do.
    Resolver resolver() {
        Config config = config();
        return new Resolver(config, new Tables(config));
    }

    Agent agent() {
        Agent known = agent;
        if (known == null) {
            known = program.apply(new QuietDaemon("local", config(), dir));
            agent = known;
        }
        return known;
    }

    /// The `status=` lines of a delivery, without queue id and times.
    List<String> lines(String recipient) throws Exception {
        var lines = new CopyOnWriteArrayList<String>();
        try (var _ = EventLog.listen(e -> lines.add(e.text()))) {
            deliver(recipient);
        }
        return lines.stream()
                .filter(line -> line.contains(", status="))
                .map(line -> line.replaceAll("^.*?: |, delay=.*, dsn=[0-9.]+", ""))
                .toList();
    }

    Delivery deliver(String recipient) throws Exception {
        return deliver(recipient, "Subject: hello\r\n\r\nFrom me\r\nbody\r\n");
    }

    Delivery deliver(String recipient, String content) throws Exception {
        return deliver("sender@else.test", recipient, content);
    }

    Delivery deliver(String sender, String recipient, String content)
            throws IOException, CorruptQueueFileException {
        Path file = queueFile(sender, recipient, content);
        return deliver(file, sender);
    }

    Delivery deliver(Path file, String sender) throws IOException, CorruptQueueFileException {
        List<Recipient> recipients;
        try (var open = QueueFile.open(file, false)) {
            recipients = open.recipients();
        }
        var request =
                new DeliveryRequest(
                        QueueId.parse(String.valueOf(file.getFileName())).orElseThrow(),
                        QueueName.ACTIVE,
                        "TRACE",
                        sender,
                        "mx.test",
                        recipients,
                        Files.size(file),
                        Instant.now(),
                        Instant.now(),
                        Map.of(
                                Envelope.ENVID,
                                "e1",
                                Envelope.RET,
                                "HDRS",
                                Envelope.HOLD,
                                Envelope.YES,
                                Envelope.FILTER,
                                "scan:"));
        var results = DeliveryServer.deliver(agent(), request, file, Clock.systemUTC());
        return results.getFirst().outcome();
    }

    /// An outcome as `sent 2.0.0 delivered to mailbox`.
    static String text(Delivery outcome) {
        return outcome.word() + " " + outcome.dsn().status() + " " + outcome.dsn().reason();
    }

    Path queueFile(String sender, String recipient, String content) throws IOException {
        var spool = new Spool(Spool.Layout.flat(dir), Clock.systemUTC());
        spool.createDirectories();
        var fresh = spool.create(QueueName.ACTIVE);
        try (var channel = fresh.channel()) {
            var writer = new QueueFileWriter(channel);
            writer.envelope(new Envelope(sender, Instant.now(), "TRACE", Map.of()));
            writer.recipient(Recipient.of(recipient, "original@mx.test", notify, orcpt));
            writer.beginContent();
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            writer.content(bytes, 0, bytes.length);
            writer.finish();
        }
        return fresh.path();
    }

    @Override
    public void close() throws IOException {
        auth.close();
        cleanup.close();
        try (var all = Files.walk(dir)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
