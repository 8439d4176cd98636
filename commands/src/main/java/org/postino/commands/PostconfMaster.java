// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.postino.config.Config;
import org.postino.config.MainCf;
import org.postino.config.MasterCf;
import org.postino.config.Setting;
import org.postino.config.ValueException;
import org.postino.suite.AllParams;

/// postconf on master.cf.
final class PostconfMaster {
    private static final List<String> FIELDS =
            List.of(
                    "service",
                    "type",
                    "private",
                    "unprivileged",
                    "chroot",
                    "wakeup",
                    "process_limit",
                    "command");
    private static final int[] WIDTHS = {10, 5, 7, 7, 7, 7, 7};

    private final Cli.Io io;
    private final Path directory;
    private final Path file;
    private final Postconf.Style style;

    PostconfMaster(Cli.Io io, Path directory, Postconf.Style style) {
        this.io = io;
        this.directory = directory;
        this.file = directory.resolve("master.cf");
        this.style = style;
    }

    private List<MasterCf.Row> rows() throws IOException, CommandFailure {
        var master = MasterCf.read(file);
        if (!master.problems().isEmpty()) {
            throw CommandFailure.of(master.problems());
        }
        return master.rows();
    }

    /// Finds the rows for `SERVICE[/TYPE[/NAME]]`, where `*` stands for any. Warns if there is none.
    private List<MasterCf.Row> rows(String request) throws IOException, CommandFailure {
        var parts = request.split("/", 3);
        var found = new ArrayList<MasterCf.Row>();
        for (var row : rows()) {
            if (fits(parts, 0, row.service()) && fits(parts, 1, row.type().word())) {
                found.add(row);
            }
        }
        if (found.isEmpty()) {
            io.warn("unmatched request: \"" + request + "\"");
        }
        return found;
    }

    private static boolean fits(String[] parts, int index, String text) {
        return parts.length <= index || parts[index].equals("*") || parts[index].equals(text);
    }

    void showRows(List<String> requests) throws IOException, CommandFailure {
        for (var request : requests.isEmpty() ? List.of("*") : requests) {
            for (var row : rows(request)) {
                io.out().println(style.json() ? json(row) : format(row, style.fold()));
            }
        }
    }

    void showFields(List<String> requests) throws IOException, CommandFailure {
        for (var request : requests.isEmpty() ? List.of("*") : requests) {
            var parts = request.split("/", 3);
            for (var row : rows(request)) {
                for (int i = 0; i < FIELDS.size(); i++) {
                    if (fits(parts, 2, FIELDS.get(i))) {
                        print(row.key() + "/" + FIELDS.get(i), field(row, i));
                    }
                }
            }
        }
    }

    void showOptions(List<String> requests, boolean expand) throws IOException, CommandFailure {
        for (var request : requests.isEmpty() ? List.of("*") : requests) {
            var parts = request.split("/", 3);
            for (var row : rows(request)) {
                for (var override : sorted(row.overrides())) {
                    int equals = override.indexOf('=');
                    String name = override.substring(0, equals);
                    if (fits(parts, 2, name)) {
                        String value = override.substring(equals + 1);
                        print(row.key() + "/" + name, expand ? expanded(row, name, value) : value);
                    }
                }
            }
        }
    }

    /// Sorts options by name, as Postfix shows them. Of several with one name only the last is kept, which is in force.
    private static Collection<String> sorted(List<String> overrides) {
        var byName = new TreeMap<String, String>();
        for (var override : overrides) {
            byName.put(override.substring(0, override.indexOf('=')), override);
        }
        return byName.values();
    }

    private String expanded(MasterCf.Row row, String name, String value)
            throws IOException, CommandFailure {
        Path mainFile = directory.resolve("main.cf");
        Map<String, Setting> settings =
                MainCf.parse(mainFile.toString(), Files.readAllBytes(mainFile)).settings();
        settings.put("service_name", new Setting("service_name", row.service(), "", 0));
        try {
            return Config.unchecked(directory, settings, AllParams.tables()).expand(value);
        } catch (ValueException e) {
            throw new CommandFailure(
                    file + ", line " + row.line() + ": " + name + " " + e.getMessage(), e);
        }
    }

    private void print(String name, String value) {
        if (style.json()) {
            io.out()
                    .println(
                            "{\"name\": "
                                    + Lines.json(name)
                                    + ", \"value\": "
                                    + Lines.json(value)
                                    + "}");
        } else if (!style.values()) {
            io.out().println(name);
        } else {
            io.out()
                    .println(
                            Lines.words(
                                    style.names() ? name + " = " + value : value, style.fold()));
        }
    }

    private static String json(MasterCf.Row row) {
        var out = new StringBuilder("{");
        for (int i = 0; i < FIELDS.size(); i++) {
            out.append(i == 0 ? "" : ", ")
                    .append(Lines.json(FIELDS.get(i)))
                    .append(": ")
                    .append(Lines.json(field(row, i)));
        }
        return out.append('}').toString();
    }

    private static String field(MasterCf.Row row, int index) {
        return index < 7 ? row.fields().get(index) : command(row, " ");
    }

    private static String command(MasterCf.Row row, String beforeOption) {
        var out = new StringBuilder(row.program());
        int options = row.optionCount();
        boolean value = false;
        for (int i = 0; i < row.args().size(); i++) {
            String arg = row.args().get(i);
            boolean lineBegins = i <= options && !value;
            out.append(lineBegins ? beforeOption : " ").append(word(arg, value));
            value = i < options && lineBegins && arg.equals("-o");
        }
        return out.toString();
    }

    /// Writes an argument, in braces if it has blanks.
    private static String word(String arg, boolean assignment) {
        String text = arg;
        if (assignment) {
            try {
                var setting = MainCf.assignment(arg, "", 0);
                text = setting.name() + "=" + setting.text();
            } catch (ValueException e) {
                return "{" + arg + "}";
            }
        }
        return text.isEmpty() || text.indexOf(' ') >= 0 || text.indexOf('\t') >= 0
                ? "{" + text + "}"
                : text;
    }

    /// Writes a row in columns. With `fold`, every option has a line of its own.
    static String format(MasterCf.Row row, boolean fold) {
        var out = new StringBuilder();
        for (int i = 0; i < WIDTHS.length; i++) {
            String field = row.fields().get(i);
            out.append(field)
                    .append(" ".repeat(Math.max(0, WIDTHS[i] - field.length())))
                    .append(' ');
        }
        return out.append(command(row, fold ? "\n    " : " ")).toString();
    }

    /// Puts a whole row, `service type private ...`, in the place of the one for `service/type`.
    void putRow(String key, String text) throws IOException, CommandFailure {
        var row = parse(text);
        if (!row.key().equals(key)) {
            throw new CommandFailure("the row for " + key + " is one for " + row.key());
        }
        put(row);
    }

    void putField(String key, String value) throws IOException, CommandFailure {
        var parts = three(key, "field");
        int index = FIELDS.indexOf(parts[2]);
        if (index < 0) {
            throw new CommandFailure(
                    "unknown field \""
                            + parts[2]
                            + "\": must be one of "
                            + String.join(", ", FIELDS));
        }
        var row = one(parts);
        var words = new ArrayList<>(row.fields());
        if (index < 7) {
            words.set(index, value);
        }
        var changed =
                parse(String.join(" ", words) + " " + (index < 7 ? command(row, " ") : value));
        if (index < 2) {
            var text = edit();
            text.put(isRow(row.key()), format(changed, true));
            text.save();
        } else {
            put(changed);
        }
    }

    void putOption(String key, String value) throws IOException, CommandFailure {
        var parts = three(key, "parameter");
        var row = one(parts);
        var args = withoutOption(row, parts[2]);
        boolean blanks = value.isEmpty() || value.indexOf(' ') >= 0 || value.indexOf('\t') >= 0;
        String text = parts[2] + "=" + value;
        int behind = row.args().size() - row.optionCount(); // the program's own words stay last
        args.add(args.size() - behind, "-o " + (blanks ? "{" + text + "}" : text));
        put(rebuilt(row, args));
    }

    void removeOption(String key) throws IOException, CommandFailure {
        var parts = three(key, "parameter");
        var row = one(parts);
        put(rebuilt(row, withoutOption(row, parts[2])));
    }

    private MasterCf.Row rebuilt(MasterCf.Row row, List<String> args) throws CommandFailure {
        return parse(
                String.join(" ", row.fields())
                        + " "
                        + row.program()
                        + (args.isEmpty() ? "" : " " + String.join(" ", args)));
    }

    /// Returns the arguments as written, without the `-o` for a parameter.
    private static List<String> withoutOption(MasterCf.Row row, String name) {
        var kept = new ArrayList<String>();
        var args = row.args();
        int options = row.optionCount();
        for (int i = 0; i < args.size(); i++) {
            if (i >= options) {
                kept.add(word(args.get(i), false));
            } else if (args.get(i).equals("-o") && i + 1 < options) {
                String text = word(args.get(++i), true);
                String bare = text.startsWith("{") ? text.substring(1) : text;
                if (!bare.startsWith(name + "=")) {
                    kept.add("-o " + text);
                }
            } else if (!args.get(i).startsWith("-o" + name + "=")) {
                kept.add(word(args.get(i), false));
            }
        }
        return kept;
    }

    void removeRow(String key, boolean comment) throws IOException, CommandFailure {
        if (key.indexOf('/') < 0) {
            throw new CommandFailure("need service/type: \"" + key + "\"");
        }
        var text = edit();
        if (comment ? text.comment(isRow(key)) : text.remove(isRow(key))) {
            text.save();
        } else {
            io.warn("unmatched request: \"" + key + "\"");
        }
    }

    private void put(MasterCf.Row row) throws IOException {
        var text = edit();
        text.put(isRow(row.key()), format(row, true));
        text.save();
    }

    private ConfFile edit() throws IOException {
        return ConfFile.read(file);
    }

    private static Predicate<String> isRow(String key) {
        return line -> {
            var words = line.split("[ \t]+", 3);
            return words.length == 3 && (words[0] + "/" + words[1]).equals(key);
        };
    }

    private static String[] three(String key, String third) throws CommandFailure {
        var parts = key.split("/", 3);
        if (parts.length < 3) {
            throw new CommandFailure("need service/type/" + third + ": \"" + key + "\"");
        }
        return parts;
    }

    private MasterCf.Row one(String[] parts) throws IOException, CommandFailure {
        String key = parts[0] + "/" + parts[1];
        Optional<MasterCf.Row> found =
                rows().stream().filter(row -> row.key().equals(key)).findFirst();
        return found.orElseThrow(() -> new CommandFailure("no row " + key + " in " + file));
    }

    private static MasterCf.Row parse(String text) throws CommandFailure {
        try {
            return MasterCf.row(text, 0);
        } catch (ValueException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
