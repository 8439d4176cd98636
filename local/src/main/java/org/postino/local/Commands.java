// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postino.global.smtp.Delivery;
import org.postino.global.smtp.Dsn;
import org.postino.util.Credentials;
import org.postino.util.NativeFd;
import org.postino.util.ProcessSpawner;
import org.postino.util.Processes;
import org.postino.util.SystemUser;

/// Delivers to a command: the message on its standard input, its exit status for an answer (sysexits.h).
final class Commands {
    private static final int MOST_OUTPUT = 4096;

    private final Duration timeLimit;
    private final String shell;
    private final List<String> exported;

    Commands(LocalSettings settings) {
        this.timeLimit = settings.commandTime();
        this.shell = settings.commandShell().isEmpty() ? "/bin/sh" : settings.commandShell();
        this.exported = settings.exportEnvironment();
    }

    /// Runs a command and waits for it.
    ///
    /// @param user who it shall be; the process itself if null
    /// @param environment what it is told of the message
    Delivery run(
            String command,
            @Nullable SystemUser user,
            Map<String, String> environment,
            byte[] header,
            InputStream content) {
        try {
            return finished(command, user, environment, header, content);
        } catch (IOException e) {
            return new Delivery.Deferred(
                    Dsn.of(
                            "4.3.0",
                            "cannot run command: " + Letter.clean(String.valueOf(e.getMessage()))));
        }
    }

    private Delivery finished(
            String command,
            @Nullable SystemUser user,
            Map<String, String> environment,
            byte[] header,
            InputStream content)
            throws IOException {
        NativeFd.Pair in = NativeFd.pipe();
        NativeFd.Pair out = NativeFd.pipe();
        int pid;
        try {
            pid =
                    ProcessSpawner.spawn(
                            new ProcessSpawner.Program(
                                    List.of(shell, "-c", command),
                                    environment(user, environment),
                                    List.of(in.first(), out.second(), out.second()),
                                    directory(user),
                                    user == null ? null : Credentials.of(user),
                                    null));
        } catch (IOException e) {
            in.second().close();
            out.first().close();
            throw e;
        } finally {
            in.first().close();
            out.second().close();
        }
        var ended = new CountDownLatch(1);
        var late = new AtomicBoolean();
        Thread.ofVirtual().start(() -> killLate(pid, ended, late));
        var feeder = Thread.ofPlatform().daemon().start(() -> feed(in.second(), header, content));
        String output = read(out.first());
        Processes.Exit exit = Processes.await(pid);
        ended.countDown();
        try {
            feeder.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return late.get() ? timedOut(command) : outcome(command, exit, output);
    }

    private static Path directory(@Nullable SystemUser user) {
        return user != null && Files.isDirectory(user.home()) ? user.home() : Path.of("/");
    }

    private void killLate(int pid, CountDownLatch ended, AtomicBoolean late) {
        try {
            if (!ended.await(timeLimit.toNanos(), TimeUnit.NANOSECONDS)) {
                late.set(true);
                Processes.signalGroup(pid, Processes.SIGKILL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Delivery timedOut(String command) {
        return new Delivery.Deferred(
                Dsn.of("4.3.0", "Command time limit exceeded: \"" + Letter.clean(command) + "\""));
    }

    private static void feed(NativeFd to, byte[] header, InputStream content) {
        try (to;
                content) {
            boolean taken = to.write(header);
            byte[] buffer = new byte[65_536];
            byte[] lines = new byte[65_536];
            int n;
            while (taken && (n = content.read(buffer, 0, buffer.length)) > 0) {
                int length = 0;
                for (int i = 0; i < n; i++) {
                    if (buffer[i] != '\r') {
                        lines[length++] = buffer[i];
                    }
                }
                taken = to.write(Arrays.copyOf(lines, length));
            }
        } catch (IOException e) {
            // The command does not want more, or the queue file cannot be read: its exit status
            // counts.
        }
    }

    private static String read(NativeFd from) throws IOException {
        var text = new StringBuilder();
        try (from) {
            byte[] buffer = new byte[4096];
            int n;
            while ((n = from.read(buffer)) > 0) {
                if (text.length() < MOST_OUTPUT) {
                    text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
                }
            }
        }
        return Letter.clean(text.toString().strip().replace('\n', ' '));
    }

    private List<String> environment(@Nullable SystemUser user, Map<String, String> more) {
        var list = new ArrayList<String>();
        list.add("PATH=/usr/local/bin:/usr/bin:/bin");
        for (String name : exported) {
            int equals = name.indexOf('=');
            String value = equals > 0 ? name.substring(equals + 1) : System.getenv(name);
            if (value != null) {
                list.add((equals > 0 ? name.substring(0, equals) : name) + "=" + value);
            }
        }
        if (user != null) {
            list.add("HOME=" + user.home());
            list.add("LOGNAME=" + user.name());
            list.add("USER=" + user.name());
            list.add("SHELL=" + user.shell());
        }
        more.forEach((name, value) -> list.add(name + "=" + value));
        return list;
    }

    private static Delivery outcome(String command, Processes.Exit exit, String output) {
        String said = output.isEmpty() ? "" : " Command output: " + output;
        String name = "\"" + Letter.clean(command) + "\"";
        return switch (exit) {
            case Processes.Exit.Status(int code) when code == 0 ->
                    new Delivery.Sent(
                            Dsn.of("2.0.0", "delivered to command: " + Letter.clean(command)));
            case Processes.Exit.Status(int code) -> byStatus(code, name, said);
            default ->
                    new Delivery.Deferred(
                            Dsn.of(
                                    "4.3.0",
                                    "Command died with " + exit + ": " + name + "." + said));
        };
    }

    private static Delivery byStatus(int code, String name, String said) {
        return switch (code) {
            case 75 -> new Delivery.Deferred(Dsn.of("4.3.0", "temporary failure." + said));
            case 71 -> new Delivery.Deferred(Dsn.of("4.3.0", "system error." + said));
            case 65 -> bounced("5.6.0", "data format error." + said);
            case 67 -> bounced("5.1.1", "user unknown." + said);
            case 68 -> bounced("5.4.4", "host unknown." + said);
            case 69 -> bounced("5.3.0", "service unavailable." + said);
            case 73 -> bounced("5.2.0", "can't create user output file." + said);
            case 77 -> bounced("5.7.0", "permission denied." + said);
            case 78 -> bounced("5.3.5", "local configuration error." + said);
            default ->
                    bounced("5.3.0", "Command died with status " + code + ": " + name + "." + said);
        };
    }

    private static Delivery bounced(String status, String text) {
        return new Delivery.Bounced(Dsn.of(status, text));
    }
}
