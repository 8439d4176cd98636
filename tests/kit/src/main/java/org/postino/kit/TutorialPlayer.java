// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Does what a [Tutorial] says, on a machine where nothing is lost by it, and holds what comes out against the text.
public final class TutorialPlayer {
    private static final int PATIENCE_SECONDS = 40;
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(3);
    private static final String END = "\0";

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
                () -> {
                    once(command);
                    return true;
                });
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
        var heard = new LinkedBlockingQueue<String>();
        Thread ears = Thread.ofVirtual().start(() -> listen(process, heard));
        var seen = new ArrayList<String>();
        try {
            for (var line : lines) {
                step(process, heard, line, seen);
            }
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(program.text() + " does not end");
            }
            ears.join();
        } catch (IOException | AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "\n    before:\n    " + String.join("\n    ", seen), e);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private void step(
            Process process, BlockingQueue<String> heard, Tutorial.Line line, List<String> seen)
            throws IOException, InterruptedException {
        boolean skip = line.text().startsWith("S...");
        String text = line.text().substring(skip ? 4 : 2);
        text = text.startsWith(" ") ? text.substring(1) : text;
        if (line.text().startsWith("C:")) {
            seen.add(line.text());
            var out = process.getOutputStream();
            out.write((pattern.fill(text) + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            return;
        }
        while (true) {
            String got = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (got == null || got.equals(END)) {
                throw new AssertionError(
                        "line " + line.line() + ": " + text + "\n    nothing came any more");
            }
            seen.add(got);
            if (pattern.matches(text, got)) {
                return;
            }
            if (!skip) {
                throw new AssertionError("line " + line.line() + ": " + text + "\n    got: " + got);
            }
        }
    }

    private static void listen(Process process, BlockingQueue<String> heard) {
        try (var in =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                heard.add(line.stripTrailing());
            }
        } catch (IOException e) {
            heard.add("(" + e.getMessage() + ")");
        }
        heard.add(END);
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
