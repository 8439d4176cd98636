// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.suite.AllParams;
import org.postino.util.ByteNames;

/// postlog(1), which writes to the suite's log. Manual page: `postlog.1`.
public final class Postlog {
    private static final String SYNOPSIS =
            "usage: postlog [-iv] [-c config_directory] [-p priority] [-t tag] [text...]";

    private static final int USAGE = 64;
    private static final Set<String> PRIORITIES =
            Set.of("info", "warn", "warning", "error", "fatal", "panic");

    private Path directory = Cli.directory(null);
    private String priority = "info";
    private String tag = "postlog";
    private final List<String> words = new ArrayList<>();

    private Postlog() {}

    public static void main(String[] args) {
        Exit.with(new Postlog().run(ByteNames.texts(args)));
    }

    private int run(String[] args) {
        if (Cli.asksForHelp(args)) {
            System.out.println(SYNOPSIS);
            return 0;
        }
        String problem = parse(args);
        if (!problem.isEmpty()) {
            System.err.println("postlog: fatal: " + problem);
            System.err.println(SYNOPSIS);
            return USAGE;
        }
        try {
            send(words.isEmpty() ? readLines() : List.of(String.join(" ", words)));
            return 0;
        } catch (IOException e) {
            System.err.println("postlog: fatal: " + e.getMessage());
            return 1;
        }
    }

    private String parse(String[] args) {
        int i = 0;
        while (i < args.length && args[i].startsWith("-") && args[i].length() > 1) {
            String option = args[i].substring(0, 2);
            if (args[i].equals("--")) {
                i++;
                break;
            }
            // -i is accepted for old scripts: the process number is always logged.
            if (option.equals("-i") || option.equals("-v")) {
                i++;
                continue;
            }
            if (!Set.of("-c", "-p", "-t").contains(option)) {
                return "unknown option " + option;
            }
            boolean attached = args[i].length() > 2;
            if (!attached && i + 1 == args.length) {
                return "option " + option + " needs a value";
            }
            String value = attached ? args[i].substring(2) : args[++i];
            switch (option) {
                case "-c" -> directory = ByteNames.path(value);
                case "-p" -> priority = value;
                default -> tag = value;
            }
            i++;
        }
        words.addAll(List.of(args).subList(i, args.length));
        return PRIORITIES.contains(priority) ? "" : "unknown priority " + priority;
    }

    private static List<String> readLines() throws IOException {
        var lines = new ArrayList<String>();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            lines.add(line);
        }
        return lines;
    }

    /// Hands the lines to master, which alone writes the log; without a master they go to standard error.
    private void send(List<String> lines) throws IOException {
        Path queue =
                Config.lenient(directory, new AllParams.Others()).get(MainParams.QUEUE_DIRECTORY);
        try {
            record(queue, tag, priority.equals("warn") ? "warning" : priority, lines);
        } catch (IOException e) {
            for (String line : lines) {
                System.err.println(tag + ": " + line);
            }
        }
    }

    /// Writes lines to the log of the suite with this queue directory.
    ///
    /// @throws IOException no master runs there
    static void record(Path queue, String tag, String severity, List<String> lines)
            throws IOException {
        String pid = Long.toString(ProcessHandle.current().pid());
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(queue.resolve("private/master")));
            OutputStream out = Channels.newOutputStream(channel);
            for (String line : lines) {
                out.write(
                        String.join("\t", "log", severity, tag.replace('\t', ' '), pid, line + "\n")
                                .getBytes(StandardCharsets.UTF_8));
            }
            channel.shutdownOutput();
            Channels.newInputStream(channel).readAllBytes(); // until it is written
        }
    }
}
