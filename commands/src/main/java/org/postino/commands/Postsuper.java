// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.commands.QueueOperator.Action;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.linux.AsUser;
import org.postino.linux.FileStatus;
import org.postino.linux.Processes;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Spool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// postsuper(1): deletes, holds, releases, requeues and expires messages, and mends the queue. Manual page: `postsuper.1`.
@Command(
        name = "postsuper",
        sortOptions = false,
        description = "Maintains the mail queue. For the owner of the mail system and root.")
final class Postsuper implements Cli.Body {
    private static final String ALL = "ALL";
    private static final String STANDARD_INPUT = "-";
    private static final Duration LEFTOVER = Duration.ofHours(1);

    @Option(names = "-c", paramLabel = "DIR", description = "The directory of main.cf.")
    private @Nullable Path directory;

    @Option(names = "-d", paramLabel = "ID", description = "Delete a message.")
    private List<String> delete = new ArrayList<>();

    @Option(names = "-h", paramLabel = "ID", description = "Put a message on hold.")
    private List<String> hold = new ArrayList<>();

    @Option(names = "-H", paramLabel = "ID", description = "Release a message from hold.")
    private List<String> release = new ArrayList<>();

    @Option(names = "-r", paramLabel = "ID", description = "Requeue a message.")
    private List<String> requeue = new ArrayList<>();

    @Option(names = "-e", paramLabel = "ID", description = "Return a message to its sender.")
    private List<String> expire = new ArrayList<>();

    @Option(names = "-f", paramLabel = "ID", description = "The same, on hold or not.")
    private List<String> force = new ArrayList<>();

    @Option(names = "-p", description = "Remove what crashes left behind.")
    private boolean purge;

    @Option(names = "-s", description = "Check the structure of the queue, and mend it.")
    private boolean structure;

    @Option(names = "-S", description = "The same.")
    private boolean structureToo;

    @Option(names = "-v", description = "Accepted for compatibility.")
    private boolean ignored;

    @Parameters(
            paramLabel = "QUEUE",
            description = "The queues to work on; all where none is named.")
    private List<String> queues = List.of();

    private final List<String> report = new ArrayList<>();

    static void main(String[] args) {
        Exit.with(Cli.run("postsuper", new Postsuper(), args));
    }

    @Override
    public int run(Cli.Io io) throws CommandFailure, IOException {
        Config config = Cli.load(Cli.directory(directory));
        Path root = config.get(MainParams.QUEUE_DIRECTORY);
        requireOwner(root);
        FileStatus queue = queue(root);
        AsUser owner = AsUser.of(queue.uid(), queue.gid());
        Optional<CommandFailure> failure = owner.call(() -> attempt(io, config));
        log(root, report);
        if (failure.isPresent()) {
            throw failure.get();
        }
        return 0;
    }

    /// Returns the status of the queue, whose owner's rights root takes on: in directories of a user it does nothing as root.
    private static FileStatus queue(Path root) throws IOException {
        Path active = root.resolve(QueueName.ACTIVE.directory());
        Path at = Files.isDirectory(active, LinkOption.NOFOLLOW_LINKS) ? active : root;
        return FileStatus.of(at);
    }

    private Optional<CommandFailure> attempt(Cli.Io io, Config config) throws IOException {
        try {
            work(io, config);
            return Optional.empty();
        } catch (CommandFailure e) {
            return Optional.of(e);
        }
    }

    private void work(Cli.Io io, Config config) throws CommandFailure, IOException {
        Set<QueueName> named = queueNames();
        var spool = new Spool(config);
        var operator =
                new QueueOperator(
                        spool,
                        Clock.systemUTC(),
                        line -> {
                            report.add(line);
                            io.err().println("postsuper: " + line);
                        });
        if (structure || structureToo) {
            new QueueMender(spool, named, operator::say).mend();
        }
        if (purge) {
            operator.purge(LEFTOVER);
        }
        var standardInput = new StandardInput(io);
        apply(operator, Action.DELETE, delete, named, standardInput);
        apply(operator, Action.REQUEUE, requeue, named, standardInput);
        apply(operator, Action.HOLD, hold, named, standardInput);
        apply(operator, Action.RELEASE, release, named, standardInput);
        apply(operator, Action.EXPIRE, expire, named, standardInput);
        apply(operator, Action.FORCE_EXPIRE, force, named, standardInput);
        boolean requeued = operator.summary().contains(Action.REQUEUE);
        if (requeued) {
            MaildropFile.knock(config);
        }
    }

    private static void log(Path root, List<String> report) {
        if (!report.isEmpty()) {
            try {
                Postlog.record(root, "postsuper", "info", report);
            } catch (IOException e) {
                // the suite is down: the report on standard error must do
            }
        }
    }

    private static void apply(
            QueueOperator operator,
            Action action,
            List<String> words,
            Set<QueueName> named,
            StandardInput standardInput)
            throws CommandFailure, IOException {
        for (String word : words) {
            switch (word) {
                case ALL -> operator.all(action, named);
                case STANDARD_INPUT -> {
                    for (String line : standardInput.words()) {
                        operator.one(action, id(line), named);
                    }
                }
                default -> operator.one(action, id(word), named);
            }
        }
    }

    private static QueueId id(String word) throws CommandFailure {
        return QueueId.parse(word)
                .orElseThrow(() ->
                        new CommandFailure(
                                word.equalsIgnoreCase(ALL)
                                        ? "use " + ALL + ", in capitals, for all messages"
                                        : "invalid mail queue ID: " + word));
    }

    private Set<QueueName> queueNames() throws CommandFailure {
        var named = EnumSet.noneOf(QueueName.class);
        for (String name : queues) {
            named.add(
                    QueueName.parse(name)
                            .orElseThrow(
                                    () -> new CommandFailure("invalid directory name: " + name)));
        }
        return named;
    }

    private static void requireOwner(Path root) throws CommandFailure, IOException {
        if (!Processes.isRoot() && FileStatus.following(root).uid() != Processes.ownUid()) {
            throw new CommandFailure("use of this command is reserved for the superuser");
        }
    }

    /// The words on the standard input, which are read once, however often `-` is given.
    private static final class StandardInput {
        private final Cli.Io io;
        private @Nullable List<String> words;

        StandardInput(Cli.Io io) {
            this.io = io;
        }

        List<String> words() throws IOException {
            List<String> known = words;
            if (known == null) {
                known = new ArrayList<>();
                var in =
                        new BufferedReader(
                                new InputStreamReader(io.in(), StandardCharsets.ISO_8859_1));
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (!line.isBlank()) {
                        known.add(line.strip());
                    }
                }
                words = known;
            }
            return known;
        }
    }
}
