// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A text in Markdown whose fenced blocks are what a reader types and sees, read so that a program can do it too.
///
/// A block ```` ```console ```` is a list of commands, each with what it prints below it:
///
/// | line | |
/// |---|---|
/// | `# command` | root types the command; what stands behind a `\` at its end, or up to the end of a here-document, belongs to it |
/// | `alice$ command` | the user alice types it |
/// | `pattern` | a line of the output has this form (`~` any text, `$name` a text that is captured) |
/// | `...` | any number of lines |
///
/// A command with nothing below it must succeed, and prints what it likes. In a block ```` ```console soon ````
/// a command is repeated until its output is as it should be.
///
/// A block ```` ```telnet ```` begins with a command, and goes on with the dialogue that the user has with it, in the
/// lines of [Conversations]: `C:`, `S:` and `S...`. One form is added: `S> question` skips lines until the program waits
/// behind a question on the same line. Blocks with other words, or none, are only read.
public record Tutorial(List<Section> sections) {

    /// The blocks below one heading.
    public record Section(String title, List<Block> blocks) {}

    /// A block that can be done.
    public sealed interface Block {
        /// Commands, one after another.
        record Commands(List<Command> commands, boolean soon) implements Block {}

        /// A dialogue with a program.
        record Dialogue(Command program, List<Line> lines) implements Block {}
    }

    /// A command and the form of its output.
    ///
    /// @param user who types it
    public record Command(int line, String user, String text, List<String> output) {}

    /// A line of a dialogue.
    ///
    /// @param mark who speaks, and how: `C:`, `S:`, `S...` or `S>`
    public record Line(int line, String mark, String text) {}

    private static final Pattern HERE = Pattern.compile("<<\\s*['\"]?(\\w+)['\"]?");
    private static final Pattern MARKED = Pattern.compile("(C:|S:|S\\.\\.\\.|S>) ?(.*)");
    private static final Pattern USER = Pattern.compile("([a-z][a-z0-9-]*)\\$ (.*)");

    /// Reads a text.
    ///
    /// @throws IOException there is a block that cannot be understood
    public static Tutorial read(Path file) throws IOException {
        return parse(Files.readAllLines(file));
    }

    static Tutorial parse(List<String> lines) throws IOException {
        var sections = new ArrayList<Section>();
        var blocks = new ArrayList<Block>();
        sections.add(new Section("", blocks));
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("#")) {
                blocks = new ArrayList<>();
                sections.add(new Section(line.replaceFirst("^#+ *", ""), blocks));
            } else if (line.startsWith("```")) {
                int end = i + 1;
                while (end < lines.size() && !lines.get(end).startsWith("```")) {
                    end++;
                }
                var block = block(line.substring(3).strip(), lines.subList(i + 1, end), i + 2);
                if (block != null) {
                    blocks.add(block);
                }
                i = end;
            }
        }
        sections.removeIf(s -> s.blocks().isEmpty());
        return new Tutorial(List.copyOf(sections));
    }

    private static @Nullable Block block(String words, List<String> lines, int number)
            throws IOException {
        return switch (words) {
            case "console" -> new Block.Commands(commands(lines, number), false);
            case "console soon" -> new Block.Commands(commands(lines, number), true);
            case "telnet" -> dialogue(lines, number);
            default -> null;
        };
    }

    private static List<Command> commands(List<String> lines, int number) throws IOException {
        var commands = new ArrayList<Command>();
        for (int i = 0; i < lines.size(); ) {
            int begin = i;
            i = endOfCommand(lines, i);
            var output = new ArrayList<String>();
            var command = command(lines.subList(begin, i), number + begin, output);
            while (i < lines.size() && !isPrompt(lines.get(i))) {
                output.add(lines.get(i++));
            }
            commands.add(command);
        }
        return commands;
    }

    private static Block dialogue(List<String> lines, int number) throws IOException {
        if (lines.isEmpty()) {
            throw new IOException("line " + number + ": a dialogue begins with a command");
        }
        var program = command(lines.subList(0, 1), number, List.of());
        var rest = new ArrayList<Line>();
        for (int i = 1; i < lines.size(); i++) {
            var line = MARKED.matcher(lines.get(i));
            if (!line.matches()) {
                throw new IOException("line " + (number + i) + ": none of C: S: S... S>");
            }
            rest.add(new Line(number + i, line.group(1), line.group(2)));
        }
        return new Block.Dialogue(program, rest);
    }

    private static boolean isPrompt(String line) {
        return line.startsWith("# ") || USER.matcher(line).matches();
    }

    /// The index behind a command that begins at `start`.
    private static int endOfCommand(List<String> lines, int start) {
        int end = start;
        while (lines.get(end).endsWith("\\") && end + 1 < lines.size()) {
            end++;
        }
        var here = HERE.matcher(lines.get(end));
        if (here.find()) {
            while (end + 1 < lines.size() && !lines.get(end).equals(here.group(1))) {
                end++;
            }
        }
        return end + 1;
    }

    private static Command command(List<String> lines, int number, List<String> output)
            throws IOException {
        String text = String.join("\n", lines);
        var user = USER.matcher(lines.getFirst());
        if (text.startsWith("# ")) {
            return new Command(number, "root", text.substring(2), output);
        }
        if (user.matches()) {
            return new Command(
                    number, user.group(1), text.substring(user.group(1).length() + 2), output);
        }
        throw new IOException("line " + number + ": no prompt: " + lines.getFirst());
    }
}
