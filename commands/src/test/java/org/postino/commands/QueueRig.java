// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.Envelope;
import org.postino.queue.NewFile;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueFileWriter;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.queue.Spool;

/// A configuration and a spool in a temporary directory, and commands that run within this JVM.
final class QueueRig {
    /// What a command wrote, and its exit status.
    record Result(int status, String out, String err) {}

    private interface Program {
        int run(Cli.Io io);
    }

    final Path conf;
    final Path queue;
    final Spool spool;

    QueueRig(Path dir, String... settings) throws IOException {
        conf = Files.createDirectories(dir.resolve("conf"));
        queue = Files.createDirectories(dir.resolve("spool"));
        Files.writeString(
                conf.resolve("main.cf"),
                "queue_directory = "
                        + queue
                        + "\nmyhostname = mx.test\nmydomain = test\nhash_queue_names =\n"
                        + String.join("\n", settings)
                        + "\n");
        spool = new Spool(Spool.Layout.flat(queue), Clock.systemUTC());
        spool.createDirectories();
    }

    Result sendmail(String input, String... args) {
        return run(
                "sendmail", input, io -> Sendmail.run(io, Map.of("NAME", "Test User"), with(args)));
    }

    Result postcat(String... args) {
        return run("postcat", "", io -> Cli.run(io, new Postcat(), with(args)));
    }

    Result postsuper(String input, String... args) {
        return run("postsuper", input, io -> Cli.run(io, new Postsuper(), with(args)));
    }

    private String[] with(String... args) {
        String[] all = new String[args.length + 2];
        all[0] = "-c";
        all[1] = conf.toString();
        System.arraycopy(args, 0, all, 2, args.length);
        return all;
    }

    private static Result run(String name, String input, Program program) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status =
                program.run(
                        new Cli.Io(
                                name,
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8),
                                new ByteArrayInputStream(
                                        input.getBytes(StandardCharsets.ISO_8859_1))));
        return new Result(
                status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// The only message in `maildrop`.
    QueueFile dropped() throws IOException, CorruptQueueFileException {
        List<QueueId> ids = spool.scan(QueueName.MAILDROP);
        if (ids.size() != 1) {
            throw new AssertionError("dropped: " + ids);
        }
        return QueueFile.open(spool.path(QueueName.MAILDROP, ids.getFirst()), false);
    }

    String droppedText() throws IOException, CorruptQueueFileException {
        try (var file = dropped()) {
            return new String(file.content().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    List<String> droppedRecipients() throws IOException, CorruptQueueFileException {
        try (var file = dropped()) {
            return file.recipients().stream().map(Recipient::address).toList();
        }
    }

    /// Puts a message into a queue.
    QueueId enqueue(QueueName q, String text, String... recipients) throws IOException {
        NewFile file = spool.create(QueueName.INCOMING);
        try (var channel = file.channel()) {
            var writer = new QueueFileWriter(channel);
            writer.envelope(
                    new Envelope(
                            "alice@mx.test",
                            Instant.parse("2026-01-02T03:04:05Z"),
                            "TRACE0000001",
                            Map.of(Envelope.CLIENT_NAME, "host.test")));
            for (String r : recipients) {
                writer.recipient(Recipient.of(r, "", "", ""));
            }
            writer.beginContent();
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            writer.content(bytes, 0, bytes.length);
            writer.finish();
        }
        spool.markReady(file.path(), QueueName.INCOMING);
        if (q != QueueName.INCOMING) {
            spool.move(file.id(), QueueName.INCOMING, q);
        }
        return file.id();
    }
}
