// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// Plays conversation files: a dialogue with a server, one behaviour a file.
///
/// | line | |
/// |---|---|
/// | `# text` | a comment |
/// | `param name = value` | a setting of main.cf, before the first connection |
/// | `C: text` | the client sends the text and CRLF (`C2:` on a second connection, and so on) |
/// | `C= "text\r\n"` | the client sends just these bytes; `\r \n \t \0 \\ \" \xHH`; `*N` behind the quote repeats |
/// | `S: pattern` | the server's next line has this form ([Pattern]) |
/// | `S...pattern` | of the lines that follow, one has this form; what stands before it is skipped |
/// | `S: (closed)` | the server closes the connection |
/// | `TLS` | both sides go over to TLS (`TLS2` on the second connection) |
/// | `log: pattern` | an event of this form is logged, now or soon |
/// | `word: text` | anything else is the stage's business |
public final class Conversations {
    private final Stage stage;
    private final Map<String, Wire> wires = new HashMap<>();
    private final Pattern pattern = new Pattern(new HashMap<>());

    private Conversations(Stage stage) {
        this.stage = stage;
    }

    /// Opens stages.
    @FunctionalInterface
    public interface Stages {
        Stage open() throws IOException;
    }

    /// One dynamic test for each `.txt` file of a directory, each on a stage of its own, which is closed after it.
    public static Stream<DynamicTest> tests(Path directory, Stages stages) throws IOException {
        List<Path> files;
        try (var found = Files.list(directory)) {
            files = found.filter(p -> p.toString().endsWith(".txt")).sorted().toList();
        }
        if (files.isEmpty()) {
            throw new IOException("no conversation in " + directory);
        }
        return files.stream()
                .map(file ->
                        DynamicTest.dynamicTest(
                                String.valueOf(file.getFileName()),
                                file.toUri(),
                                () -> {
                                    try (var stage = stages.open()) {
                                        play(file, stage);
                                    }
                                }));
    }

    /// Plays one file.
    ///
    /// @throws AssertionError a line did not come out as the file says; the message names file and line
    public static void play(Path file, Stage stage) throws IOException {
        var runner = new Conversations(stage);
        try {
            int number = 0;
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                number++;
                try {
                    runner.step(line);
                } catch (IOException | AssertionError e) {
                    throw new AssertionError(
                            file.getFileName()
                                    + ":"
                                    + number
                                    + ": "
                                    + line
                                    + "\n    "
                                    + e.getMessage()
                                    + runner.logTail(),
                            e);
                }
            }
        } finally {
            for (Wire wire : runner.wires.values()) {
                wire.close();
            }
        }
    }

    private String logTail() throws IOException {
        List<String> log = stage.log();
        var tail = log.subList(Math.max(0, log.size() - 12), log.size());
        return tail.isEmpty() ? "" : "\n    log: " + String.join("\n    log: ", tail);
    }

    private void step(String line) throws IOException {
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#")) {
            return;
        }
        int digits = 1;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        String who = text.substring(1, digits);
        String rest = text.substring(digits);
        char first = text.charAt(0);
        if (first == 'C' && rest.startsWith(":")) {
            wire(who).send(pattern.fill(argument(rest, 1)) + "\r\n");
        } else if (first == 'C' && rest.startsWith("=")) {
            wire(who).send(pattern.fill(Quoted.parse(rest.substring(1).strip())));
        } else if (first == 'S' && rest.startsWith("...")) {
            skipTo(wire(who), argument(rest, 3));
        } else if (first == 'S' && rest.startsWith(":")) {
            expect(wire(who), argument(rest, 1));
        } else if (text.matches("TLS\\d*")) {
            Wire plain = wire(text.substring(3));
            plain.upgrade(stage.tls(plain.socket()));
        } else {
            otherwise(text);
        }
    }

    /// The text behind a mark and at most one blank, so that leading blanks can be meant.
    private static String argument(String rest, int mark) {
        String text = rest.substring(mark);
        return text.startsWith(" ") ? text.substring(1) : text;
    }

    private void otherwise(String text) throws IOException {
        if (text.startsWith("param ") || text.startsWith("param\t")) {
            String setting = text.substring(6);
            int equals = setting.indexOf('=');
            stage.param(
                    setting.substring(0, equals).strip(), setting.substring(equals + 1).strip());
            return;
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IOException("not a line of a conversation file");
        }
        String word = text.substring(0, colon);
        String value = text.substring(colon + 1).strip();
        if (word.equals("log")) {
            Await.until(
                    "log: " + pattern.fill(value),
                    () -> stage.log().stream().anyMatch(l -> pattern.matches(value, l)));
        } else {
            stage.directive(word, pattern.fill(value));
        }
    }

    private void expect(Wire wire, String wanted) throws IOException {
        String line = wire.line();
        boolean asWanted =
                line == null
                        ? wanted.equals("(closed)")
                        : !wanted.equals("(closed)") && pattern.matches(wanted, line);
        if (!asWanted) {
            throw new AssertionError(line == null ? "got: (closed)" : "got: " + line);
        }
    }

    private void skipTo(Wire wire, String wanted) throws IOException {
        var seen = new StringBuilder();
        for (String line = wire.line(); line != null; line = wire.line()) {
            if (pattern.matches(wanted, line)) {
                return;
            }
            seen.append("\n    ").append(line);
        }
        throw new AssertionError("got:" + seen + "\n    (closed)");
    }

    private Wire wire(String who) throws IOException {
        String name = who.equals("1") ? "" : who;
        Wire wire = wires.get(name);
        if (wire == null) {
            wire = new Wire(stage.connect());
            wires.put(name, wire);
        }
        return wire;
    }
}
