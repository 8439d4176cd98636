// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.linux.Credentials;
import org.postino.linux.NativeFd;
import org.postino.linux.Poller;
import org.postino.linux.ProcessSpawner;
import org.postino.linux.Processes;
import org.postino.util.ByteNames;
import org.postino.util.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of a command: feeds it, hears it, and waits for it, but not for what it leaves behind.
///
/// @param arguments the shell and what it shall do
/// @param user who it shall be; the process itself if null
/// @param directory where it starts, if the user can go there; else at the root
/// @param patience how long it is killed again and again when its time is over, before it is left behind
/// @param left takes what is left behind
record CommandRun(
        List<String> arguments,
        List<String> environment,
        @Nullable Credentials user,
        Path directory,
        Duration timeLimit,
        Duration patience,
        AbandonedProcesses left) {
    private static final Logger LOG = LoggerFactory.getLogger(CommandRun.class);
    private static final int MOST_OUTPUT = 4096;

    /// The bytes that a pipe with room takes in one piece (PIPE_BUF).
    private static final int PIECE = 4096;

    private static final Path ROOT = Path.of("/");
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final Duration KILL_AGAIN = Duration.ofSeconds(1);
    private static final Duration KILLER_TIME = Duration.ofSeconds(10);

    /// The end of a command.
    ///
    /// @param exit killed, where it was left behind
    /// @param late it had to be killed
    record End(Processes.Exit exit, boolean late, String output) {}

    /// Runs it; blocks its thread.
    End run(byte[] header, InputStream content) throws IOException {
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
        var feeder = new Feeder(in.second(), header, content);
        Thread feeding = Thread.ofPlatform().daemon().name("feeder").start(feeder);
        End end;
        try (NativeFd hear = out.first()) {
            end = follow(pid, hear);
        } catch (IOException e) {
            left.add(pid);
            throw e;
        } finally {
            feeder.stop();
            join(feeding);
        }
        feeder.check();
        if (!end.exit().isSuccess() && end.output().startsWith(OtherUser.NOT_STARTED)) {
            throw new IOException(end.output());
        }
        return end;
    }

    private int start(List<NativeFd> descriptors) throws IOException {
        if (user != null && OtherUser.isPossible(user)) {
            Path shell = ByteNames.path(arguments.getFirst());
            if (!Files.exists(shell)) {
                throw new IOException(shell + ": No such file or directory");
            }
            return ProcessSpawner.spawn(
                    OtherUser.program(arguments, environment, descriptors, directory, user));
        }
        try {
            return start(descriptors, directory);
        } catch (IOException e) {
            return start(descriptors, ROOT);
        }
    }

    private int start(List<NativeFd> descriptors, Path where) throws IOException {
        return ProcessSpawner.spawn(
                new ProcessSpawner.Program(arguments, environment, descriptors, where, user, null));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Reads what the command says until it has ended; kills it when its time is over.
    private End follow(int pid, NativeFd hear) throws IOException {
        hear.nonBlocking();
        var output = new StringBuilder();
        long end = System.nanoTime() + timeLimit.toNanos();
        long next = end;
        boolean open = true;
        try (NativeFd process = NativeFd.ofProcess(pid)) {
            while (true) {
                Optional<Processes.Exit> exit = Processes.reap(pid);
                if (open) {
                    open = read(hear, output);
                }
                long now = System.nanoTime();
                if (exit.isPresent()) {
                    return new End(exit.get(), next != end, said(output));
                }
                if (now - end >= patience.toNanos()) {
                    LOG.warn("process {} does not end: left behind", pid);
                    left.add(pid);
                    return new End(
                            new Processes.Exit.Signal(Processes.SIGKILL), true, said(output));
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

    private static String said(StringBuilder output) {
        return Printable.text(output.toString().strip().replace('\n', ' '));
    }

    /// Reads what there is; false at the end.
    private static boolean read(NativeFd from, StringBuilder output) throws IOException {
        byte[] buffer = new byte[PIECE];
        for (int i = 0; i < 16; i++) {
            int n = from.read(buffer);
            if (n <= 0) {
                return n == 0;
            }
            if (output.length() < MOST_OUTPUT) {
                output.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
            }
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
                                    ? OtherUser.program(words, List.of(), quiet, ROOT, user)
                                    : new ProcessSpawner.Program(
                                            words, List.of(), quiet, ROOT, user, null));
            if (Processes.await(killer, KILLER_TIME).isEmpty()) {
                left.add(killer);
            }
        } catch (IOException e) {
            LOG.warn(
                    "cannot kill process {}: {}",
                    pid,
                    Printable.text(String.valueOf(e.getMessage())));
        }
    }

    /// Writes the message, with the line ends of this system, as long as somebody takes it.
    private static final class Feeder implements Runnable {
        private final NativeFd to;
        private final byte[] header;
        private final InputStream content;
        private volatile boolean stopped;
        private volatile @Nullable IOException unreadable;

        Feeder(NativeFd to, byte[] header, InputStream content) {
            this.to = to;
            this.header = header;
            this.content = content;
        }

        void stop() {
            stopped = true;
        }

        /// Throws if the message could not be read to its end: the command had only a part, whatever it says.
        void check() throws IOException {
            IOException trouble = unreadable;
            if (trouble != null) {
                throw trouble;
            }
        }

        @Override
        public void run() {
            try (to;
                    content) {
                to.nonBlocking();
                boolean taken = write(header, header.length);
                byte[] buffer = new byte[65_536];
                int n;
                while (taken && (n = read(buffer)) > 0) {
                    taken = write(buffer, withoutReturns(buffer, n));
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

        private static int withoutReturns(byte[] buffer, int n) {
            int length = 0;
            for (int i = 0; i < n; i++) {
                if (buffer[i] != '\r') {
                    buffer[length++] = buffer[i];
                }
            }
            return length;
        }

        private boolean write(byte[] data, int length) throws IOException {
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
