// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.postino.queue.QueueId;
import org.postino.util.Printable;

/// Finds what the log says of a message, from its client's connection to its last delivery, or of all sessions of a client.
///
/// The lines of a session are those that name its client, by the same process, from `connect` to `disconnect`, and those that name nobody, as of a
/// milter that does not answer, while the process had no other session. Several sessions that a client had at the same time cannot be told
/// apart in a log: all of their lines are shown.
final class LogStory {
    private static final Pattern LINE =
            Pattern.compile(
                    "(\\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d|\\d{4}-\\S+) (\\S+) ([^\\s\\[:]+)(?:\\[(\\d+)\\])?: (.*)");

    /// The forms in which lines of smtpd and postscreen name their client, whose address is the group.
    private static final List<Pattern> CLIENTS =
            List.of(
                    Pattern.compile("(?:dis)?connect from \\S*\\[([^\\]]*)\\]"),
                    Pattern.compile("\\bclient=\\S+?\\[([^\\]]*)\\]"),
                    Pattern.compile(
                            "^(?:[A-Z]+|[A-Z]+ [A-Z]+|DNSBL rank -?\\d+ for) \\[([^\\]]*)\\]:\\d+"),
                    Pattern.compile("^addr (\\S+) listed by domain "),
                    Pattern.compile(
                            "^(?:warning: )?[^\\s\\[\\]]*\\[([0-9a-fA-F.:]+)\\](?::\\d+)?: "),
                    Pattern.compile(" from [^\\s\\[]*\\[([^\\]\\s]*)\\]"));

    /// The lines that decide what becomes of a session or message.
    private static final Pattern DECISIVE =
            Pattern.compile(
                    ": (reject|reject_warning|hold|discard|redirect|filter|quarantine|proxy-reject|milter-[a-z-]+)[: ]"
                            + "|, status=|: sender non-delivery notification| limit exceeded: "
                            + "|^(DENYLISTED|ALLOWLIST VETO|DNSBL rank|PREGREET|HANGUP|BARE NEWLINE|NON-SMTP COMMAND|COMMAND [A-Z ]+) "
                            + "|^warning: (milter |connect to Milter service |clamd: |spamd: )");

    /// @param number in the log
    private record Line(
            int number, String time, String program, String pid, String text, boolean decisive) {}

    /// A session of which lines were read.
    private static final class Story {
        private final List<Line> lines = new ArrayList<>();
        private boolean wanted;
    }

    private final @Nullable String queueId;
    private final @Nullable String address;

    /// By process, then by the client's address.
    private final Map<String, Map<String, Story>> running = new HashMap<>();

    private final List<Line> found = new ArrayList<>();

    /// @param what a queue id, or the address of a client
    LogStory(String what) throws CommandFailure {
        boolean isAddress = what.indexOf('.') >= 0 || what.indexOf(':') >= 0;
        if (!isAddress && QueueId.parse(what).isEmpty()) {
            throw new CommandFailure("neither a queue id nor an address: " + Printable.text(what));
        }
        queueId = isAddress ? null : what;
        address = isAddress ? what : null;
    }

    /// Opens a log.
    ///
    /// @param file null: the one of main.cf; `-`: standard input; a name in `.gz` is unpacked
    static InputStream open(@Nullable String file, Path home, Cli.Io io)
            throws CommandFailure, IOException {
        String name = file == null ? Postexplain.logOf(home) : file;
        if (name.equals("-")) {
            return io.in();
        }
        InputStream in = Files.newInputStream(Path.of(name));
        return name.endsWith(".gz") ? new GZIPInputStream(in) : in;
    }

    /// Prints the lines, and returns the exit status: 1 if the log says nothing.
    int print(InputStream log, PrintStream out, boolean json) throws IOException {
        try (var lines = new BufferedReader(new InputStreamReader(log, StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                Matcher matcher = LINE.matcher(line);
                if (matcher.matches()) {
                    take(
                            new Line(
                                    number,
                                    matcher.group(1),
                                    matcher.group(3),
                                    matcher.group(4) == null ? "" : matcher.group(4),
                                    matcher.group(5),
                                    DECISIVE.matcher(matcher.group(5)).find()));
                }
            }
        }
        running.values().forEach(stories -> stories.values().forEach(this::end));
        found.sort(Comparator.comparingInt(Line::number));
        for (Line line : found) {
            out.println(json ? json(line) : text(line));
        }
        return found.isEmpty() ? 1 : 0;
    }

    private void take(Line line) {
        String client = client(line.text());
        boolean ofMessage = queueId != null && line.text().startsWith(queueId + ": ");
        var stories = running.computeIfAbsent(line.pid(), _ -> new HashMap<>());
        if (client == null) {
            if (ofMessage) {
                found.add(line);
            } else if (stories.size() == 1) {
                stories.values().iterator().next().lines.add(line);
            }
            return;
        }
        Story story = stories.computeIfAbsent(client, _ -> new Story());
        story.lines.add(line);
        story.wanted |= ofMessage || client.equals(address);
        if (line.text().startsWith("disconnect from ") || line.text().startsWith("DISCONNECT ")) {
            stories.remove(client);
            end(story);
        }
    }

    private void end(Story story) {
        if (story.wanted) {
            found.addAll(story.lines);
        }
    }

    /// The address of the client that a line of smtpd or postscreen names; null if it names none.
    private static @Nullable String client(String text) {
        for (Pattern pattern : CLIENTS) {
            Matcher matcher = pattern.matcher(text);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        return null;
    }

    private static String text(Line line) {
        return (line.decisive() ? "* " : "  ")
                + line.time()
                + " "
                + line.program()
                + ": "
                + Printable.text(line.text());
    }

    private static String json(Line line) {
        return "{\"time\": "
                + Lines.json(line.time())
                + ", \"program\": "
                + Lines.json(line.program())
                + ", \"pid\": "
                + Lines.json(line.pid())
                + ", \"text\": "
                + Lines.json(line.text())
                + ", \"decides\": "
                + line.decisive()
                + "}";
    }
}
