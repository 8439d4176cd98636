// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Spool;
import org.postino.util.ByteNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// postcat(1): shows queue files. Manual page: `postcat.1`.
@Command(
        name = "postcat",
        sortOptions = false,
        description = "Shows queue files: envelope, header and body.")
final class Postcat implements Cli.Body {
    private static final List<QueueName> SEARCHED =
            List.of(
                    QueueName.MAILDROP,
                    QueueName.INCOMING,
                    QueueName.ACTIVE,
                    QueueName.DEFERRED,
                    QueueName.HOLD,
                    QueueName.CORRUPT);

    @Option(names = "-c", paramLabel = "DIR", description = "The directory of main.cf.")
    private @Nullable Path directory;

    @Option(names = "-b", description = "Show the body.")
    private boolean body;

    @Option(names = "-d", description = "Show the type of each record as a number.")
    private boolean numbers;

    @Option(names = "-e", description = "Show the envelope.")
    private boolean envelope;

    @Option(names = "-f", description = "Put the file's name before each line.")
    private boolean fileNames;

    @Option(names = "-h", description = "Show the header.")
    private boolean header;

    @Option(names = "-o", description = "Show the offset of each record.")
    private boolean offsets;

    @Option(names = "-q", description = "Look for the named messages in the queue.")
    private boolean queue;

    @Option(
            names = {"-n", "-r", "-v"},
            description = "Accepted for compatibility: records always come as they stand.")
    private boolean ignored;

    @Parameters(paramLabel = "FILE", description = "Files, or queue ids with -q.")
    private List<String> names = List.of();

    static void main(String[] args) {
        Exit.with(Cli.run("postcat", new Postcat(), args));
    }

    @Override
    public int run(Cli.Io io) throws CommandFailure, IOException {
        if (names.isEmpty()) {
            throw new CommandFailure("usage: postcat [-bdefhoqv] [-c config_directory] file...");
        }
        var what = QueueFilePrinter.Parts.of(envelope, header, body);
        for (String name : names) {
            if (queue) {
                Config config = Cli.load(Cli.directory(directory));
                Path root = config.get(MainParams.QUEUE_DIRECTORY);
                Path file = find(new Spool(config), name);
                show(io.out(), what, file, ByteNames.text(root.relativize(file)));
            } else {
                show(io.out(), what, ByteNames.path(name), name);
            }
        }
        return 0;
    }

    private static Path find(Spool spool, String name) throws CommandFailure {
        QueueId id =
                QueueId.parse(name)
                        .orElseThrow(() -> new CommandFailure("bad mail queue ID: " + name));
        for (QueueName q : SEARCHED) {
            Path path = spool.path(q, id);
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return path;
            }
        }
        throw new CommandFailure("open queue file " + name + ": No such file or directory");
    }

    private void show(PrintStream out, QueueFilePrinter.Parts what, Path file, String shown)
            throws CommandFailure, IOException {
        try (var channel =
                FileChannel.open(
                        file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            var prefix = fileNames ? Optional.of(shown) : Optional.<String>empty();
            var printer = new QueueFilePrinter(out, channel, what, shown, prefix, offsets, numbers);
            printer.start();
            QueueFile.walk(channel, printer);
            printer.end();
        } catch (NoSuchFileException e) {
            throw new CommandFailure("open " + shown + ": No such file or directory", e);
        } catch (CorruptQueueFileException e) {
            out.flush();
            throw new CommandFailure(shown + ": file is corrupted: " + e.getMessage(), e);
        }
    }
}
