// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.postino.linux.Processes;
import org.postino.linux.SystemUser;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.util.Printable;

/// Delivers to a command: the message on its standard input, its exit status for an answer (sysexits.h).
final class Commands {
    private static final String PATH = "PATH=/usr/local/bin:/usr/bin:/bin";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AbandonedProcesses left = new AbandonedProcesses();
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
                        environment(environment),
                        user == null ? null : Privileges.command(user),
                        directory,
                        timeLimit,
                        PATIENCE,
                        left);
        try {
            return outcome(command, finished(run, header, content));
        } catch (IOException e) {
            String why = Printable.text(String.valueOf(e.getMessage()));
            return new Delivery.Deferred(Dsn.of("4.3.0", "cannot run command: " + why));
        }
    }

    /// Waiting for a process is nothing for the few threads that carry virtual ones.
    private static CommandRun.End finished(CommandRun run, byte[] header, InputStream content)
            throws IOException {
        var task = new FutureTask<>(() -> run.run(header, content));
        Thread.ofPlatform().daemon().name("command").start(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    private List<String> environment(Map<String, String> values) {
        var all = new LinkedHashMap<String, String>();
        all.put("PATH", PATH.substring("PATH=".length()));
        for (String name : exported) {
            int equals = name.indexOf('=');
            String value = equals > 0 ? name.substring(equals + 1) : System.getenv(name);
            if (value != null) {
                all.put(equals > 0 ? name.substring(0, equals) : name, value);
            }
        }
        all.putAll(values);
        var list = new ArrayList<String>();
        all.forEach((name, value) -> list.add(name + "=" + value));
        return list;
    }

    private static Delivery outcome(String command, CommandRun.End end) {
        String said = end.output().isEmpty() ? "" : ". Command output: " + end.output();
        String name = "\"" + Printable.text(command) + "\"";
        if (end.late()) {
            return deferred("Command time limit exceeded: " + name + said);
        }
        return switch (end.exit()) {
            case Processes.Exit.Status(int code) when code == 0 ->
                    new Delivery.Sent(
                            Dsn.of("2.0.0", "delivered to command: " + Printable.text(command)));
            case Processes.Exit.Status(int code) -> byStatus(code, name, said);
            case Processes.Exit.Signal(int number) ->
                    deferred("Command died with signal " + number + ": " + name + said);
        };
    }

    /// The codes of sysexits.h, with the answers that Postfix gives.
    private static Delivery byStatus(int code, String name, String said) {
        return switch (code) {
            case 64 -> bounced("5.3.0", "command line usage error" + said);
            case 65 -> bounced("5.6.0", "data format error" + said);
            case 66 -> bounced("5.3.0", "cannot open input" + said);
            case 67 -> bounced("5.1.1", "user unknown" + said);
            case 68 -> bounced("5.1.2", "host name unknown" + said);
            case 69 -> bounced("5.3.0", "service unavailable" + said);
            case 70 -> bounced("5.3.0", "internal software error" + said);
            case 71 -> deferred("system resource problem" + said);
            case 72 -> bounced("5.3.0", "critical OS file missing" + said);
            case 73 -> bounced("5.2.0", "can't create user output file" + said);
            case 74 -> bounced("5.3.0", "input/output error" + said);
            case 75 -> deferred("temporary failure" + said);
            case 76 -> bounced("5.5.0", "remote error in protocol" + said);
            case 77 -> bounced("5.7.0", "permission denied" + said);
            case 78 -> bounced("5.3.5", "local configuration error" + said);
            default -> bounced("5.3.0", "Command died with status " + code + ": " + name + said);
        };
    }

    private static Delivery deferred(String text) {
        return new Delivery.Deferred(Dsn.of("4.3.0", text));
    }

    private static Delivery bounced(String status, String text) {
        return new Delivery.Bounced(Dsn.of(status, text));
    }
}
