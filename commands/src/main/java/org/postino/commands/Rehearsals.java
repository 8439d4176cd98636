// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.suite.Jvm;
import org.postino.suite.Program;

/// Has smtpd's code judge a session in a process of its own, and prints the steps it tells of.
///
/// A step is a line, its kind and fields by TAB; the main class of that process says which there are. As text, what a restriction
/// asks for stands below it, further right.
final class Rehearsals {
    private static final String MAIN_CLASS = "org.postino.smtpd.Explain";

    /// The names of each kind's fields, in JSON.
    private static final Map<String, List<String>> FIELDS =
            Map.ofEntries(
                    Map.entry("command", List.of("text")),
                    Map.entry("list", List.of("name")),
                    Map.entry("ask", List.of("restriction")),
                    Map.entry("table", List.of("table", "key", "result")),
                    Map.entry("dns", List.of("question", "answer")),
                    Map.entry("policy", List.of("server", "answer", "request")),
                    Map.entry("milter", List.of("milter", "told", "answer")),
                    Map.entry("anvil", List.of("question", "answer")),
                    Map.entry("note", List.of("text")),
                    Map.entry("verdict", List.of("verdict")),
                    Map.entry("log", List.of("text")),
                    Map.entry("reply", List.of("text")));

    private final boolean json;
    private final Cli.Io io;
    private final PrintStream out;

    /// The restrictions that are asked and have no verdict.
    private int depth;

    /// One that was asked, and nothing was heard since.
    private @Nullable String waiting;

    Rehearsals(boolean json, Cli.Io io) {
        this.json = json;
        this.io = io;
        this.out = io.out();
    }

    /// Runs that process with these arguments, and returns its exit status.
    int run(List<String> arguments) throws IOException {
        var builder =
                new ProcessBuilder(Jvm.command(MAIN_CLASS, Program.Weight.STEADY, null, arguments));
        builder.redirectInput(Redirect.INHERIT).redirectError(Redirect.INHERIT);
        Process process = builder.start();
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                step(line.split("\t", -1));
            }
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } finally {
            process.destroy();
        }
    }

    void step(String[] fields) {
        if (fields[0].equals("fatal")) {
            io.err().println(io.name() + ": fatal: " + fields[1]);
        } else if (json) {
            json(fields);
        } else {
            text(fields);
        }
    }

    private void json(String[] fields) {
        var line = new StringBuilder("{\"step\": ").append(Lines.json(fields[0]));
        List<String> names = FIELDS.getOrDefault(fields[0], List.of());
        for (int i = 0; i < names.size() && i + 1 < fields.length; i++) {
            if (names.get(i).equals("result")) {
                line.append(jsonResult(fields[i + 1]));
            } else {
                line.append(member(names.get(i), Lines.json(fields[i + 1])));
            }
        }
        out.println(line.append('}'));
    }

    /// A text, null if the key is not there, or why the table could not be asked.
    private static String jsonResult(String field) {
        return switch (kind(field)) {
            case '=' -> member("result", Lines.json(field.substring(1)));
            case '!' -> member("failed", Lines.json(field.substring(1)));
            default -> member("result", "null");
        };
    }

    private static String member(String name, String json) {
        return ", \"" + name + "\": " + json;
    }

    private void text(String[] fields) {
        switch (fields[0]) {
            case "verdict" -> verdict(fields[1]);
            case "ask" -> {
                settle();
                waiting = fields[1];
            }
            case "command" -> out.println(fields[1]);
            case "reply" -> {
                settle();
                depth = 0;
                out.println("  < " + fields[1]);
            }
            case "list" -> out.println("  " + fields[1]);
            case "table" -> line(fields[1] + " \"" + fields[2] + "\": " + result(fields[3]));
            case "dns" -> line("DNS " + fields[1] + ": " + fields[2]);
            case "policy" -> {
                line("policy server " + fields[1] + ": " + fields[2]);
                line("  was asked: " + fields[3]);
            }
            case "milter" -> line("milter " + fields[1] + ": " + fields[2] + ": " + fields[3]);
            case "anvil" -> line("anvil: " + fields[1] + ": " + fields[2]);
            case "note" -> line(fields[1]);
            case "log" -> line("log: " + fields[1]);
            default -> line(String.join(" ", fields));
        }
    }

    private void verdict(String verdict) {
        String asked = waiting;
        if (asked != null) {
            out.println(indent() + asked + ": " + verdict);
            waiting = null;
        } else {
            depth = Math.max(0, depth - 1);
            out.println(indent() + "= " + verdict);
        }
    }

    /// Prints the restriction that waits, and what is heard next below it.
    private void settle() {
        String asked = waiting;
        if (asked != null) {
            out.println(indent() + asked);
            waiting = null;
            depth++;
        }
    }

    private void line(String text) {
        settle();
        out.println(indent() + text);
    }

    private String indent() {
        return "    " + "  ".repeat(depth);
    }

    private static String result(String field) {
        return switch (kind(field)) {
            case '=' -> field.substring(1);
            case '!' -> "failed: " + field.substring(1);
            default -> "not there";
        };
    }

    private static char kind(String field) {
        return field.isEmpty() ? '-' : field.charAt(0);
    }
}
