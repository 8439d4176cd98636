// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.postino.commands.Cli;
import org.postino.commands.CommandFailure;
import org.postino.commands.Exit;
import org.postino.config.Config;
import org.postino.mailstore.MailParams;
import org.postino.mailstore.UserStores;
import org.postino.suite.FtsParams;
import org.postino.util.ByteNames;

/// postmail(1): users' mail for administrators and users, in the manner of doveadm. Manual page: `postmail.1`.
final class Postmail {
    private static final String GLOBAL = "c:f:jv";

    /// Options that every command has.
    private static final String COMMON = "Ac:ju:";

    private final Cli.Io io;

    private Postmail(Cli.Io io) {
        this.io = io;
    }

    static void main(String[] args) {
        var out =
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 65_536),
                        false,
                        StandardCharsets.UTF_8);
        Exit.with(run(new Cli.Io("postmail", out, System.err, System.in), ByteNames.texts(args)));
    }

    /// Runs the command and gives its exit status.
    static int run(Cli.Io io, String... args) {
        try {
            return new Postmail(io).run(List.of(args));
        } catch (PostmailFailure e) {
            io.err().println(io.name() + ": fatal: " + e.getMessage());
            return e.status();
        } catch (CommandFailure e) {
            e.lines().forEach(line -> io.err().println(io.name() + ": fatal: " + line));
            return PostmailFailure.CONFIGURATION;
        } finally {
            io.out().flush();
        }
    }

    private int run(List<String> args) throws PostmailFailure, CommandFailure {
        if (args.equals(List.of("--help"))) {
            usage(io.out());
            return 0;
        }
        var global = Options.parse(GLOBAL, args);
        var row = PostmailCommands.find(global.operands()).orElse(null);
        if (row == null) {
            usage(io.err());
            throw PostmailFailure.usage(
                    global.operands().isEmpty()
                            ? "which command?"
                            : "there is no such command: " + String.join(" ", global.operands()));
        }
        int words = row.words().split(" ", -1).length;
        List<String> rest = global.operands().subList(words, global.operands().size());
        if (rest.equals(List.of("--help"))) {
            io.out().println("usage: " + row.usage());
            return 0;
        }
        try {
            var options = Options.parse(COMMON + row.letters(), rest);
            return run(row, form(global, options, row), global, options, row.plan().of(options));
        } catch (PostmailFailure e) {
            if (e.status() == PostmailFailure.USAGE) {
                io.err().println("usage: " + row.usage());
            }
            throw e;
        }
    }

    private static void usage(PrintStream to) {
        to.println("usage: postmail [-jv] [-c DIR] [-f flow|json|pager|tab|table] COMMAND ...");
        PostmailCommands.ALL.forEach(row -> to.println("  " + row.usage()));
    }

    private static Output.Form form(Options global, Options options, PostmailCommand row)
            throws PostmailFailure {
        if (global.has('j') || options.has('j')) {
            return Output.Form.JSON;
        }
        String word = global.last('f').orElse(row.form().name().toLowerCase(Locale.ROOT));
        for (Output.Form form : Output.Form.values()) {
            if (form.name().toLowerCase(Locale.ROOT).equals(word)) {
                return form;
            }
        }
        throw PostmailFailure.usage("there is no form " + word);
    }

    private int run(
            PostmailCommand row,
            Output.Form form,
            Options global,
            Options options,
            PostmailCommand.Work work)
            throws PostmailFailure, CommandFailure {
        Config config = Cli.load(directory(global, options), MailParams.ALL, FtsParams.ALL);
        var results = new Results(io, form.on(io.out()));
        try (var users = new MailUsers(config);
                var stores = UserStores.of(config, Clock.systemUTC())) {
            var round = new Round(io, users, stores, FullTextIndex.of(config), results, work);
            round.visit(options.all('u'), options.has('A'));
        } catch (IOException e) {
            throw new PostmailFailure(
                    PostmailFailure.statusOf(e),
                    row.words() + ": " + PostmailFailure.reasonOf(e),
                    e);
        }
        return results.status();
    }

    private static Path directory(Options global, Options options) {
        var named = options.last('c').or(() -> global.last('c'));
        return Cli.directory(named.map(ByteNames::path).orElse(null));
    }
}
