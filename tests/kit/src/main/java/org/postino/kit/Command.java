// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program run to its end: status, standard output, standard error.
public final class Command {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    /// The outcome of a program: its exit status and its output.
    public record Result(int status, String out, String err) {
        /// The result, if the program ended well.
        ///
        /// @throws AssertionError it did not
        public Result ok() {
            if (status != 0) {
                throw new AssertionError("status " + status + "\n" + out + err);
            }
            return this;
        }
    }

    private final List<String> words;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private String input = "";
    private Duration limit = LIMIT;

    public Command(String... words) {
        this.words = new ArrayList<>(List.of(words));
    }

    public Command environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /// Text for the program's standard input.
    public Command input(String text) {
        input = text;
        return this;
    }

    /// Sets the time that it may take; two minutes unless told otherwise.
    public Command limit(Duration longest) {
        limit = longest;
        return this;
    }

    /// True if a program of this name can be found.
    public static boolean exists(String program) {
        for (String dir : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Path.of(dir, program).toFile().canExecute()) {
                return true;
            }
        }
        return Path.of("/usr/sbin", program).toFile().canExecute();
    }

    /// Runs it; when its time is over it is killed.
    public Result run() throws IOException {
        var builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        Process process = builder.start();
        var err = new StringBuilder();
        Thread errors = Thread.ofVirtual().start(() -> err.append(read(process.getErrorStream())));
        Thread feeder = Thread.ofVirtual().start(() -> feed(process));
        Thread killer =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                                    process.destroyForcibly();
                                }
                            } catch (InterruptedException e) {
                                process.destroyForcibly();
                            }
                        });
        String out = read(process.getInputStream());
        try {
            int status = process.waitFor();
            errors.join();
            feeder.join();
            killer.join();
            return new Result(status, out, err.toString());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }

    private void feed(Process process) {
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // a program need not read its input
            process.isAlive();
        }
    }

    private static String read(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "(" + e + ")";
        }
    }
}
