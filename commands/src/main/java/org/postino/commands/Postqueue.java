// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.ConfigException;
import org.postino.config.MainParams;
import org.postino.queue.QmgrClient;
import org.postino.queue.QmgrRefusedException;
import org.postino.queue.QueueId;
import org.postino.queue.QueueListing;
import org.postino.queue.QueueName;
import org.postino.queue.Spool;
import org.postino.suite.AllParams;
import org.postino.util.ByteNames;

/// postqueue(1), the queue for everybody: list it, try it now. Manual page: `postqueue.1`.
///
/// Its few options are parsed by hand: it is the command that is typed most, and nothing that it needs takes time to load.
final class Postqueue {
    private static final String SYNOPSIS =
            "usage: postqueue [-v] [-c config_dir] -f | -i queue_id | -j | -p | -s site";

    private static final int USAGE = 64;
    private static final int UNAVAILABLE = 69;
    private static final int NO_PERMISSION = 77;
    private static final Duration TIMEOUT = Duration.ofSeconds(100);

    /// A failure, with its exit status.
    static final class Failure extends Exception {
        private final int status;

        Failure(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private final PrintStream out;
    private final PrintStream err;
    private char action;
    private String argument = "";
    private @Nullable Path directory;

    private Postqueue(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    static void main(String[] args) {
        Exit.with(run(ByteNames.texts(args), standardOutput(), System.err));
    }

    static PrintStream standardOutput() {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 16 * 1024),
                false,
                StandardCharsets.UTF_8);
    }

    static int run(String[] args, PrintStream out, PrintStream err) {
        if (Cli.asksForHelp(args)) {
            out.println(SYNOPSIS);
            out.flush();
            return 0;
        }
        try {
            var command = new Postqueue(out, err);
            command.parse(args);
            command.execute();
            return 0;
        } catch (Failure e) {
            err.println("postqueue: fatal: " + e.getMessage());
            return e.status();
        } finally {
            out.flush();
        }
    }

    private void parse(String[] args) throws Failure {
        int i = 0;
        while (i < args.length) {
            String arg = args[i++];
            if (arg.length() < 2 || arg.charAt(0) != '-') {
                throw usage();
            }
            // Letters may stand together, and an argument right behind its letter.
            for (int k = 1; k < arg.length(); k++) {
                char option = arg.charAt(k);
                if ("cis".indexOf(option) >= 0) {
                    boolean joined = k + 1 < arg.length();
                    if (!joined && i == args.length) {
                        throw usage();
                    }
                    set(option, joined ? arg.substring(k + 1) : args[i++]);
                    break;
                }
                set(option, "");
            }
        }
        if (action == 0) {
            throw usage();
        }
    }

    private void set(char option, String value) throws Failure {
        switch (option) {
            case 'c' -> directory = ByteNames.path(value);
            case 'v' -> {}
            case 'p', 'j', 'f', 'i', 's' -> {
                if (action != 0) {
                    throw usage();
                }
                action = option;
                argument = value;
            }
            default -> throw usage();
        }
    }

    private static Failure usage() {
        return new Failure(USAGE, SYNOPSIS);
    }

    private void execute() throws Failure {
        Config config = load(Cli.directory(directory));
        Path socket = config.get(MainParams.QUEUE_DIRECTORY).resolve("public/qmgr");
        try (var qmgr = new QmgrClient(socket, TIMEOUT)) {
            switch (action) {
                case 'p' ->
                        list(
                                config,
                                qmgr,
                                new QueueReport.Table(
                                        out,
                                        config.get(MainParams.ENABLE_LONG_QUEUE_IDS),
                                        TimeZone.getDefault()));
                case 'j' -> list(config, qmgr, new QueueReport.Json(out));
                default -> flush(qmgr);
            }
        } catch (QmgrRefusedException e) {
            throw new Failure(NO_PERMISSION, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new Failure(UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private void list(Config config, QmgrClient qmgr, QueueReport report)
            throws IOException, Failure {
        try {
            qmgr.list(report::entry);
        } catch (NoSuchFileException | SocketException e) {
            readSpool(config, report);
        }
        report.end();
    }

    /// Lists the queue from its files, for users who may read it, as the queue manager does not answer.
    private void readSpool(Config config, QueueReport report) throws IOException, Failure {
        var spool = new Spool(config);
        if (!Files.isReadable(spool.directory(QueueName.DEFERRED))
                || !Files.isReadable(spool.directory(QueueName.INCOMING))) {
            throw new Failure(UNAVAILABLE, "Queue report unavailable - mail system is down");
        }
        err.println("postqueue: warning: Mail system is down -- accessing queue directly");
        var listing = new QueueListing(spool);
        for (QueueId id : listing.ids()) {
            listing.entry(id).ifPresent(report::entry);
        }
    }

    private void flush(QmgrClient qmgr) throws IOException, Failure {
        try {
            switch (action) {
                case 'i' -> flushOne(qmgr);
                case 's' -> qmgr.flushSite(site());
                default -> qmgr.flushAll();
            }
        } catch (QmgrRefusedException e) {
            throw e;
        } catch (IOException e) {
            throw new Failure(UNAVAILABLE, "Cannot flush mail queue - mail system is down");
        }
    }

    private void flushOne(QmgrClient qmgr) throws IOException, Failure {
        var id = QueueId.parse(argument);
        if (id.isEmpty()) {
            throw new Failure(USAGE, "malformed queue ID syntax: \"" + argument + "\"");
        }
        if (!qmgr.flush(id.get())) {
            err.println(
                    "postqueue: warning: " + id.get() + ": no such message in the deferred queue");
        }
    }

    /// Returns the argument if it is a domain or an address literal, `[192.0.2.1]`.
    private String site() throws Failure {
        boolean plausible =
                !argument.isEmpty()
                        && argument.chars()
                                .allMatch(c ->
                                        Character.isLetterOrDigit(c) || ".-_[]:".indexOf(c) >= 0);
        if (!plausible) {
            throw new Failure(
                    USAGE, "Cannot flush mail queue - invalid destination: \"" + argument + "\"");
        }
        return argument;
    }

    private static Config load(Path directory) throws Failure {
        try {
            return Config.load(directory, List.of(), new AllParams.Others());
        } catch (ConfigException e) {
            throw new Failure(1, String.valueOf(e.getMessage()));
        }
    }
}
