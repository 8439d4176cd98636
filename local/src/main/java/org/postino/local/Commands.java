// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.linux.AbandonedProcesses;
import org.postino.linux.CommandRun;
import org.postino.linux.SystemUser;
import org.postino.queue.CommandOutcome;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.util.Printable;

/// Delivers to a command: the message on its standard input, its exit status for an answer (sysexits.h).
final class Commands {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AbandonedProcesses left = new AbandonedProcesses(Target.LOG::warn);
    private final Duration timeLimit;
    private final String shell;
    private final List<String> exported;

    Commands(LocalSettings settings) {
        this.timeLimit = settings.commandTime();
        this.shell = settings.commandShell().isEmpty() ? "/bin/sh" : settings.commandShell();
        this.exported = settings.exportEnvironment();
    }

    /// Runs a command and waits for it; may be called on a virtual thread.
    ///
    /// @param user whose command it is: it runs as that user
    /// @param directory where it starts
    /// @param environment what it is told of the message
    Delivery run(
            String command,
            @Nullable SystemUser user,
            Path directory,
            Map<String, String> environment,
            byte[] header,
            InputStream content) {
        left.collect();
        var run =
                new CommandRun(
                        List.of(shell, "-c", command),
                        CommandRun.environment(exported, environment),
                        user == null ? null : Privileges.command(user),
                        new CommandRun.Directory(directory, false),
                        timeLimit,
                        PATIENCE,
                        left);
        try {
            String text = "delivered to command: " + Printable.text(command);
            var input =
                    new SequenceInputStream(
                            new ByteArrayInputStream(header), new CommandInput(content));
            var success = new Delivery.Sent(Dsn.of("2.0.0", text));
            return CommandOutcome.of(command, run.run(input), success);
        } catch (IOException e) {
            return CommandOutcome.notStarted(e);
        }
    }
}
