// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postino.config.Config;
import org.postino.config.ConfigException;
import org.postino.config.MainParams;
import org.postino.config.Problem;
import org.postino.linux.HeldLock;
import org.postino.linux.Processes;
import org.postino.queue.QmgrClient;
import org.postino.suite.AllParams;
import org.postino.suite.Jvm;
import org.postino.suite.Plan;
import org.postino.suite.Program;
import org.postino.util.ByteNames;

/// The subcommands of postino(1) for the instance in one configuration directory. Each method returns the exit status.
final class SuiteControl {
    private static final String MASTER = "org.postino.master.Master";
    private static final Duration QMGR_TIMEOUT = Duration.ofSeconds(60);

    private final Path directory;

    SuiteControl(Path directory) {
        this.directory = directory;
    }

    /// Starts master, and waits until it has bound every socket or has ended with an error.
    int start() {
        var builder =
                new ProcessBuilder(
                        master(List.of("-c", ByteNames.text(directory))).stream()
                                .map(ByteNames::raw)
                                .toList());
        builder.redirectInput(new File("/dev/null"));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            Process process = builder.start();
            String said =
                    new BufferedReader(
                                    new InputStreamReader(
                                            process.getInputStream(), StandardCharsets.UTF_8))
                            .readLine();
            if ("ready".equals(said)) {
                return 0;
            }
            int status = process.waitFor();
            return status == 0 ? 1 : status;
        } catch (IOException e) {
            return fatal(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    /// Becomes master, so that a service manager or a container sees one process. Returns only if that fails.
    int startInForeground() {
        try {
            Processes.become(master(List.of("-c", ByteNames.text(directory), "-f")));
            return 1;
        } catch (IOException e) {
            return fatal(String.valueOf(e.getMessage()));
        }
    }

    /// Becomes the master that takes over from the one that has left us its sockets. Returns only if that fails.
    ///
    /// @param inheritance the number of the pipe that describes them
    int takeOver(String inheritance, boolean foreground) {
        var arguments =
                new ArrayList<>(List.of("-c", ByteNames.text(directory), "-r", inheritance));
        if (foreground) {
            arguments.add("-f");
        }
        try {
            Processes.become(master(arguments));
            return 1;
        } catch (IOException e) {
            return fatal(String.valueOf(e.getMessage()));
        }
    }

    /// Puts a new master, of this version, in the place of the running one. Starts the suite if it does not run.
    int restart() {
        int bad = check();
        if (bad != 0) {
            return bad;
        }
        try {
            Answer answer = ask("restart");
            if (answer.ok()) {
                return 0;
            }
            answer.lines().forEach(SuiteControl::fatal);
            return 1;
        } catch (NotRunningException e) {
            return start();
        } catch (IOException e) {
            return fatal("restart: " + e.getMessage());
        }
    }

    private static List<String> master(List<String> arguments) {
        return Jvm.command(MASTER, Program.Weight.LIGHT, null, arguments);
    }

    int stop() {
        return command("stop", "the suite is not running");
    }

    int reload() {
        int status = command("reload", "the suite is not running: nothing to reload");
        if (status == 0) {
            warn();
        }
        return status;
    }

    private int command(String word, String ifDown) {
        try {
            Answer answer = ask(word);
            for (String line : answer.lines()) {
                fatal(line);
            }
            return answer.ok() ? 0 : 1;
        } catch (NotRunningException e) {
            return fatal(ifDown);
        } catch (IOException e) {
            return fatal(word + ": " + e.getMessage());
        }
    }

    int status(boolean json) {
        try {
            Answer answer = ask("status");
            var table = new StatusReport(directory, answer.lines());
            System.out.print(json ? table.json() : table.text());
            System.out.flush();
            warn();
            return 0;
        } catch (NotRunningException e) {
            return fatal("the suite is not running");
        } catch (IOException e) {
            return fatal("status: " + e.getMessage());
        }
    }

    /// Warns of faults that keep clients and messages away although all daemons run.
    private void warn() {
        InstallationCheck.daily(config())
                .forEach(text -> System.err.println("postino: warning: " + text));
    }

    /// Prints everything for which `start` would refuse to start, then warnings and notes.
    int check() {
        try {
            Plan plan = Plan.load(directory);
            var problems = new ArrayList<String>();
            checkDirectory(plan.config().get(MainParams.QUEUE_DIRECTORY), problems);
            checkDirectory(plan.config().get(MainParams.DATA_DIRECTORY), problems);
            var around = new InstallationCheck(plan).run();
            problems.addAll(around.errors());
            problems.forEach(SuiteControl::fatal);
            around.warnings().forEach(text -> System.err.println("postino: warning: " + text));
            plan.notes().forEach(note -> System.err.println("postino: " + note));
            return problems.isEmpty() ? 0 : 1;
        } catch (ConfigException e) {
            for (Problem problem : e.problems()) {
                fatal(problem.toString());
            }
            e.warnings().forEach(warning -> System.err.println("postino: warning: " + warning));
            return 1;
        } catch (IOException e) {
            return fatal("check: " + e.getMessage());
        }
    }

    private static void checkDirectory(Path path, List<String> problems) {
        if (Files.isDirectory(path)) {
            if (!Files.isWritable(path)) {
                problems.add(path + ": not writable for user " + System.getProperty("user.name"));
            }
            return;
        }
        Path existing = path;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing != null && (!Files.isDirectory(existing) || !Files.isWritable(existing))) {
            problems.add(path + ": cannot be made: " + existing + " is not a writable directory");
        }
    }

    int flush() {
        Path socket = config().get(MainParams.QUEUE_DIRECTORY).resolve("public/qmgr");
        try (var qmgr = new QmgrClient(socket, QMGR_TIMEOUT)) {
            qmgr.flushAll();
            return 0;
        } catch (IOException e) {
            return fatal("cannot reach the queue manager: " + e.getMessage());
        }
    }

    int logrotate() {
        try {
            new LogRotation(config(), this::reopenLog).run();
            return 0;
        } catch (IOException e) {
            return fatal(String.valueOf(e.getMessage()));
        }
    }

    /// Lets master open the log file anew. If none runs, the next one will.
    private void reopenLog() throws IOException {
        try {
            Answer answer = ask("reopen");
            if (!answer.ok()) {
                throw new IOException(String.join(" ", answer.lines()));
            }
        } catch (NotRunningException e) {
            return;
        }
    }

    /// The answer of master.
    private record Answer(List<String> lines, boolean ok) {}

    /// No master holds the lock of this instance's spool.
    private static final class NotRunningException extends IOException {}

    private Answer ask(String request) throws IOException {
        Config config = config();
        Path queue = config.get(MainParams.QUEUE_DIRECTORY);
        Path lock =
                queue.resolve(config.get(MainParams.PROCESS_ID_DIRECTORY)).resolve("master.pid");
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            connect(channel, queue.resolve("private/master"), lock);
            channel.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.US_ASCII)));
            var text =
                    new String(
                            Channels.newInputStream(channel).readAllBytes(),
                            StandardCharsets.UTF_8);
            var lines = new ArrayList<>(List.of(text.split("\n")));
            String last = lines.removeLast();
            if (!last.equals("ok") && !last.equals("failed")) {
                throw new IOException("master ended before it had answered");
            }
            return new Answer(lines, last.equals("ok"));
        }
    }

    private static void connect(SocketChannel channel, Path socket, Path lock) throws IOException {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            if (!isHeld(lock)) {
                throw new NotRunningException();
            }
            throw new IOException(socket + ": " + e.getMessage(), e);
        }
    }

    private static boolean isHeld(Path lock) throws IOException {
        try {
            return HeldLock.isHeld(lock);
        } catch (NoSuchFileException e) {
            return false;
        } catch (AccessDeniedException e) {
            throw new IOException("only its owner and root may control this instance", e);
        }
    }

    /// Reads the configuration without checking it, since the suite must be stoppable whatever stands in main.cf now.
    private Config config() {
        return Config.lenient(directory, new AllParams.Others());
    }

    private static int fatal(String text) {
        System.err.println("postino: fatal: " + text);
        return 1;
    }
}
