// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Does what a [Tutorial] says, on a machine where nothing is lost by it, and holds what comes out against the text.
public final class TutorialPlayer {
    // Nothing takes that long but on a machine that has much else to do.
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(10);

    private final List<String> machine;
    private final Pattern pattern = new Pattern(new HashMap<>());

    /// @param machine the command line before which a command is put so that it runs, as root, on the machine meant
    public TutorialPlayer(List<String> machine) {
        this.machine = List.copyOf(machine);
    }

    /// Does what stands in one section.
    ///
    /// @throws AssertionError something came out otherwise; the message names the line of the text
    public void play(Tutorial.Section section) throws IOException {
        for (var block : section.blocks()) {
            switch (block) {
                case Tutorial.Block.Commands(var commands, boolean soon) -> {
                    for (var command : commands) {
                        run(command, soon);
                    }
                }
                case Tutorial.Block.Dialogue(var program, var lines) -> talk(program, lines);
            }
        }
    }

    private void run(Tutorial.Command command, boolean soon) throws IOException {
        if (!soon) {
            once(command);
            return;
        }
        Await.until(
                "line " + command.line(),
                PATIENCE,
                () -> {
                    try {
                        once(command);
                        return true;
                    } catch (AssertionError e) {
                        // What the machine is to do needs its processors more than the next look at
                        // it.
                        LockSupport.parkNanos(PAUSE.toNanos());
                        throw e;
                    }
                },
                command::text);
    }

    private void once(Tutorial.Command command) throws IOException {
        Path out = Files.createTempFile("postino-tutorial", ".out");
        int status;
        List<String> seen;
        try {
            status =
                    status(
                            shell(command)
                                    .redirectErrorStream(true)
                                    .redirectOutput(out.toFile())
                                    .start());
            seen = Files.readString(out).lines().map(String::stripTrailing).toList();
        } finally {
            Files.delete(out);
        }
        boolean good =
                command.output().isEmpty()
                        ? status == 0
                        : new OutputForm(pattern, command.output()).matches(seen);
        if (!good) {
            throw new AssertionError(
                    "line "
                            + command.line()
                            + ": "
                            + command.text()
                            + "\n    status "
                            + status
                            + "; it printed:\n    "
                            + String.join("\n    ", seen));
        }
    }

    private void talk(Tutorial.Command program, List<Tutorial.Line> lines) throws IOException {
        var process = shell(program).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var voice = new ProgramVoice(process.getInputStream());
        var seen = new ArrayList<String>();
        try {
            for (var line : lines) {
                step(process, voice, line, seen);
            }
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(program.text() + " does not end");
            }
            voice.join();
        } catch (IOException | AssertionError e) {
            throw new AssertionError(
                    e.getMessage()
                            + "\n    before:\n    "
                            + String.join("\n    ", seen)
                            + "\n    and then:\n"
                            + voice.rest(),
                    e);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private void step(Process process, ProgramVoice voice, Tutorial.Line line, List<String> seen)
            throws IOException, InterruptedException {
        String mark = line.mark();
        String text = line.text();
        if (mark.equals("C:")) {
            seen.add(mark + " " + text);
            var out = process.getOutputStream();
            out.write((pattern.fill(text) + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            return;
        }
        if (mark.equals("S>")) {
            if (!voice.asks(text, PATIENCE)) {
                throw new AssertionError("line " + line.line() + ": it does not ask: " + text);
            }
            seen.add(text);
            return;
        }
        while (true) {
            String got = voice.line(PATIENCE);
            if (got == null) {
                throw new AssertionError(
                        "line " + line.line() + ": " + text + "\n    nothing came any more");
            }
            seen.add(got);
            if (pattern.matches(text, got)) {
                return;
            }
            if (mark.equals("S:")) {
                throw new AssertionError("line " + line.line() + ": " + text + "\n    got: " + got);
            }
        }
    }

    /// A shell of the user's that runs the command.
    private ProcessBuilder shell(Tutorial.Command command) {
        var words = new ArrayList<>(machine);
        String text = pattern.fill(command.text());
        if (command.user().equals("root")) {
            words.addAll(List.of("bash", "-c", "cd; " + text));
        } else {
            words.addAll(List.of("su", "-", command.user(), "-s", "/bin/bash", "-c", text));
        }
        return new ProcessBuilder(words);
    }

    /// Awaits the end of a process that is given nothing to read. What it left running may keep its output open.
    private static int status(Process process) throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(COMMAND_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the command does not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }
}
