// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.ConfigException;
import org.postino.config.ParamTable;
import org.postino.suite.AllParams;
import org.postino.util.ByteNames;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// The frame of all commands: options by picocli, the configuration directory, messages, exit status.
public final class Cli {
    private Cli() {}

    /// The work of a command. Its fields hold the options.
    interface Body {
        /// Runs the command and returns the exit status.
        int run(Io io) throws CommandFailure, IOException;
    }

    /// The standard streams of a command, and its name before messages.
    public record Io(String name, PrintStream out, PrintStream err, InputStream in) {
        void warn(String text) {
            err.println(name + ": warning: " + text);
        }
    }

    /// Parses the arguments into `command` and runs it on the process's streams.
    static int run(String name, Body command, String... args) {
        var out =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        int status = run(new Io(name, out, System.err, System.in), command, ByteNames.texts(args));
        out.flush();
        return status;
    }

    /// True if the arguments ask for the usage. For commands that read their arguments themselves.
    static boolean asksForHelp(String... args) {
        return args.length == 1 && args[0].equals("--help");
    }

    /// Parses the arguments, which are text already, into `command` and runs it on these streams.
    static int run(Io io, Body command, String... args) {
        var line = new CommandLine(command);
        line.registerConverter(Path.class, ByteNames::path);
        line.getCommandSpec()
                .addOption(
                        OptionSpec.builder("--help")
                                .usageHelp(true)
                                .description("Show this text.")
                                .build());
        try {
            var parsed = line.parseArgs(args);
            if (parsed.isUsageHelpRequested()) {
                line.usage(io.out());
                return 0;
            }
            return command.run(io);
        } catch (CommandLine.ParameterException e) {
            io.err().println(io.name() + ": fatal: " + e.getMessage());
            line.usage(io.err());
            return 1;
        } catch (CommandFailure e) {
            e.lines().forEach(text -> io.err().println(io.name() + ": fatal: " + text));
            return 1;
        } catch (IOException e) {
            io.err().println(io.name() + ": fatal: " + reason(e));
            return 1;
        } finally {
            io.out().flush();
        }
    }

    /// Returns the reason of an I/O error in the words of the system.
    public static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing ->
                    "open " + missing.getFile() + ": No such file or directory";
            case AccessDeniedException denied -> "open " + denied.getFile() + ": Permission denied";
            case FileAlreadyExistsException there -> there.getFile() + ": File exists";
            default -> String.valueOf(e.getMessage());
        };
    }

    /// Returns the configuration directory; see [ConfigHome].
    public static Path directory(@Nullable Path option) {
        return ConfigHome.directory(option);
    }

    /// Loads the configuration in a directory.
    ///
    /// @throws CommandFailure with every problem of main.cf, which ends the command
    public static Config load(Path directory, ParamTable... tables) throws CommandFailure {
        try {
            return Config.load(directory, List.of(), new AllParams.Others(), tables);
        } catch (ConfigException e) {
            throw CommandFailure.of(e.problems());
        }
    }
}
