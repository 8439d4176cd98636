// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.postino.util.ByteNames;
import org.postino.util.Printable;

/// One run of a command: feeds it, hears it, and waits for it, but not for what it leaves behind.
///
/// @param arguments the program and what it is told; a name without `/` is looked for in the `PATH` of the environment
/// @param user who it shall be; the process itself if null
/// @param patience how long it is killed again and again when its time is over, before it is left behind
/// @param left takes what is left behind
public record CommandRun(
        List<String> arguments,
        List<String> environment,
        @Nullable Credentials user,
        Directory directory,
        Duration timeLimit,
        Duration patience,
        AbandonedProcesses left) {
    private static final int MOST_OUTPUT = 4096;

    /// The bytes that a pipe with room takes in one piece (PIPE_BUF).
    private static final int PIECE = 4096;

    private static final Path ROOT = Path.of("/");
    private static final String PATH = "PATH=";
    private static final String USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final Duration KILL_AGAIN = Duration.ofSeconds(1);
    private static final Duration KILLER_TIME = Duration.ofSeconds(10);

    public CommandRun {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }

    /// The directory in which a command starts.
    ///
    /// @param required the command is not started if its user cannot go there; otherwise it starts at the root then
    public record Directory(Path path, boolean required) {}

    /// The end of a command.
    ///
    /// @param exit killed, where it was left behind
    /// @param late it had to be killed
    /// @param output the beginning of what it said, as one line of harmless text
    public record End(Processes.Exit exit, boolean late, String output) {}

    /// The environment of a command: where programs are, variables of this process, and what it is told besides.
    ///
    /// @param exported names of variables of this process that are passed on, and `NAME=value`
    public static List<String> environment(List<String> exported, Map<String, String> values) {
        var all = new LinkedHashMap<String, String>();
        all.put("PATH", USUAL_PATH);
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

    /// Runs it and waits for its end; may be called on a virtual thread.
    ///
    /// @param input what it reads, as it is; it is closed
    /// @throws IOException it could not be started, or its input could not be read
    public End run(InputStream input) throws IOException {
        return elsewhere(() -> {
            var feeder = new Feeder(input);
            End end = runHere(feeder, new Heard(null), true);
            feeder.check();
            return end;
        });
    }

    /// Runs it as the other side of a conversation, and waits for its end; may be called on a virtual thread.
    ///
    /// Each piece that it says goes on at once. If `output` takes no more, the rest is thrown away. When this returns a thread may still wait
    /// for `input`, until the caller closes that.
    ///
    /// @throws IOException it could not be started; nothing was written to `output`
    public End converse(InputStream input, OutputStream output) throws IOException {
        return elsewhere(() -> runHere(new Feeder(input), new Heard(output), false));
    }

    /// Waiting for a process is nothing for the few threads that carry virtual ones.
    private static End elsewhere(Callable<End> work) throws IOException {
        var task = new FutureTask<>(work);
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

    /// @param wait wait for the feeder too, which comes to its end as input is a file or in memory
    private End runHere(Feeder feeder, Heard heard, boolean wait) throws IOException {
        NativeFd.Pair in = NativeFd.pipe();
        NativeFd.Pair out = NativeFd.pipe();
        int pid;
        try (NativeFd childIn = in.first();
                NativeFd childOut = out.second()) {
            pid = start(List.of(childIn, childOut, childOut));
        } catch (IOException e) {
            in.second().close();
            out.first().close();
            throw e;
        }
        Thread feeding =
                Thread.ofPlatform().daemon().name("feeder").start(() -> feeder.feed(in.second()));
        End end;
        try (NativeFd hear = out.first()) {
            end = follow(pid, hear, heard);
        } catch (IOException e) {
            left.add(pid);
            throw e;
        } finally {
            feeder.stop();
            if (wait) {
                join(feeding);
            }
        }
        if (!end.exit().isSuccess() && end.output().startsWith(OtherUser.NOT_STARTED)) {
            throw new IOException(end.output());
        }
        heard.end();
        return end;
    }

    private int start(List<NativeFd> descriptors) throws IOException {
        if (user != null && OtherUser.isPossible(user)) {
            return ProcessSpawner.spawn(
                    OtherUser.program(arguments, environment, descriptors, directory, user));
        }
        try {
            return start(descriptors, directory.path());
        } catch (IOException e) {
            if (directory.required()) {
                throw e;
            }
            return start(descriptors, ROOT);
        }
    }

    private int start(List<NativeFd> descriptors, Path where) throws IOException {
        var words = new ArrayList<>(arguments);
        words.set(0, located(arguments.getFirst()));
        return ProcessSpawner.spawn(
                new ProcessSpawner.Program(words, environment, descriptors, where, user, null));
    }

    /// The path of a program that is given by its name alone; the name if there is none.
    private String located(String name) {
        if (name.indexOf('/') >= 0) {
            return name;
        }
        for (String variable : environment) {
            if (variable.startsWith(PATH)) {
                for (String place : variable.substring(PATH.length()).split(":")) {
                    Path program = ByteNames.path(place).resolve(ByteNames.path(name));
                    if (Files.isExecutable(program)) {
                        return ByteNames.text(program);
                    }
                }
            }
        }
        return name;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Reads what the command says until it has ended; kills it when its time is over.
    private End follow(int pid, NativeFd hear, Heard heard) throws IOException {
        hear.nonBlocking();
        long end = System.nanoTime() + timeLimit.toNanos();
        long next = end;
        boolean open = true;
        try (NativeFd process = NativeFd.ofProcess(pid)) {
            while (true) {
                Optional<Processes.Exit> exit = Processes.reap(pid);
                if (open) {
                    open = read(hear, heard);
                }
                long now = System.nanoTime();
                if (exit.isPresent()) {
                    return new End(exit.get(), next != end, heard.text());
                }
                if (now - end >= patience.toNanos()) {
                    left.warn("process " + pid + " does not end: left behind");
                    left.add(pid);
                    return new End(
                            new Processes.Exit.Signal(Processes.SIGKILL), true, heard.text());
                }
                if (now - next >= 0) {
                    kill(pid);
                    next = System.nanoTime() + KILL_AGAIN.toNanos();
                }
                Poller.await(
                        open ? List.of(process, hear) : List.of(process),
                        Duration.ofNanos(Math.max(0, next - now)).plusMillis(1));
            }
        }
    }

    /// Reads what there is; false at the end.
    private static boolean read(NativeFd from, Heard heard) throws IOException {
        byte[] buffer = new byte[PIECE];
        for (int i = 0; i < 16; i++) {
            int n = from.read(buffer);
            if (n <= 0) {
                return n == 0;
            }
            heard.take(buffer, n);
        }
        return true;
    }

    /// Kills it and its process group, whichever it has made of that: as the user it runs as, since nobody else but root may.
    private void kill(int pid) {
        if (user == null) {
            Processes.signalGroup(pid, Processes.SIGKILL);
            Processes.signal(pid, Processes.SIGKILL);
            return;
        }
        try (NativeFd nothing = NativeFd.devNull()) {
            var words = List.of("/bin/sh", "-c", "kill -9 -" + pid + "; kill -9 " + pid);
            var quiet = List.of(nothing, nothing, nothing);
            int killer =
                    ProcessSpawner.spawn(
                            OtherUser.isPossible(user)
                                    ? OtherUser.program(
                                            words,
                                            List.of(),
                                            quiet,
                                            new Directory(ROOT, false),
                                            user)
                                    : new ProcessSpawner.Program(
                                            words, List.of(), quiet, ROOT, user, null));
            if (Processes.await(killer, KILLER_TIME).isEmpty()) {
                left.add(killer);
            }
        } catch (IOException e) {
            String why = Printable.text(String.valueOf(e.getMessage()));
            left.warn("cannot kill process " + pid + ": " + why);
        }
    }

    /// Takes what the command says: keeps the beginning, and passes all on if somebody wants it.
    ///
    /// Words of setpriv are for us, and not for who listens: what could be their beginning is held back.
    private static final class Heard {
        private final StringBuilder beginning = new StringBuilder();
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private @Nullable OutputStream to;
        private boolean passing;

        Heard(@Nullable OutputStream to) {
            this.to = to;
        }

        void take(byte[] bytes, int length) {
            if (beginning.length() < MOST_OUTPUT) {
                beginning.append(new String(bytes, 0, length, StandardCharsets.UTF_8));
            }
            if (to != null) {
                held.write(bytes, 0, length);
                passing |= !OtherUser.mayBeItsWords(beginning) || beginning.length() >= MOST_OUTPUT;
                if (passing) {
                    pass();
                }
            }
        }

        private void pass() {
            OutputStream listener = to;
            if (listener == null) {
                return;
            }
            try {
                listener.write(held.toByteArray());
                listener.flush();
            } catch (IOException e) {
                to = null; // gone: the command will notice by its input
            }
            held.reset();
        }

        /// Passes on what was held back: the command has started.
        void end() {
            pass();
        }

        String text() {
            return Printable.text(beginning.toString().strip().replace('\n', ' '));
        }
    }

    /// Writes the input as long as somebody takes it.
    private static final class Feeder {
        private final InputStream content;
        private volatile boolean stopped;
        private volatile @Nullable IOException unreadable;

        Feeder(InputStream content) {
            this.content = content;
        }

        void stop() {
            stopped = true;
        }

        /// Throws if the input could not be read to its end: the command had only a part, whatever it says.
        void check() throws IOException {
            IOException trouble = unreadable;
            if (trouble != null) {
                throw trouble;
            }
        }

        void feed(NativeFd to) {
            try (to;
                    content) {
                to.nonBlocking();
                boolean taken = true;
                byte[] buffer = new byte[65_536];
                int n;
                while (taken && (n = read(buffer)) > 0) {
                    taken = write(to, buffer, n);
                }
            } catch (IOException e) {
                // The command does not want more: its exit status counts.
            }
        }

        private int read(byte[] into) throws IOException {
            try {
                return content.read(into, 0, into.length);
            } catch (IOException e) {
                unreadable = e;
                throw e;
            }
        }

        private boolean write(NativeFd to, byte[] data, int length) throws IOException {
            int at = 0;
            while (at < length && !stopped) {
                if (Poller.awaitRoom(to, LOOK_AGAIN)) {
                    int end = Math.min(length, at + PIECE);
                    if (!to.write(Arrays.copyOfRange(data, at, end))) {
                        return false;
                    }
                    at = end;
                }
            }
            return !stopped;
        }
    }
}
