// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.postino.config.Config;
import org.postino.config.MainCf;
import org.postino.config.MasterCf;
import org.postino.config.Problem;
import org.postino.config.Setting;
import org.postino.config.ValueException;
import org.postino.suite.AllParams;
import org.postino.suite.ConfigCheck;

/// postconf on main.cf.
final class PostconfMain {
    private final Cli.Io io;
    private final Path file;
    private final Path directory;
    private final Postconf.Style style;
    private final MainCf main;
    private final MasterCf master;

    PostconfMain(Cli.Io io, Path directory, List<String> overrides, Postconf.Style style)
            throws IOException, CommandFailure {
        this.io = io;
        this.directory = directory;
        this.style = style;
        file = directory.resolve("main.cf");
        main = MainCf.parse(file.toString(), Files.readAllBytes(file));
        if (!main.problems().isEmpty()) {
            throw CommandFailure.of(main.problems());
        }
        for (var text : overrides) {
            var setting = assignment(text);
            main.settings().put(setting.name(), setting);
        }
        Path rows = directory.resolve("master.cf");
        master =
                MasterCf.parse(
                        rows.toString(),
                        Files.exists(rows) ? Files.readAllBytes(rows) : new byte[0]);
    }

    private static Setting assignment(String text) throws CommandFailure {
        try {
            return MainCf.assignment(text, "-o", 0);
        } catch (ValueException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    /// Shows the named parameters, or all if none is named.
    void show(List<String> names, boolean defaults, boolean assigned, boolean expand)
            throws CommandFailure {
        var config =
                Config.unchecked(
                        directory, defaults ? Map.of() : main.settings(), AllParams.tables());
        if (!defaults && names.isEmpty()) {
            warnUnused();
        }
        for (var name : names.isEmpty() ? all(assigned, defaults) : names) {
            if (!known(name)) {
                io.warn(unknown(name));
            } else if (!assigned || main.settings().containsKey(name)) {
                print(name, value(config, name, expand));
            }
        }
    }

    private Collection<String> all(boolean assigned, boolean defaults) {
        var names = new TreeSet<String>();
        if (!assigned) {
            names.addAll(AllParams.names());
        }
        if (!defaults) {
            names.addAll(main.settings().keySet());
        }
        names.removeIf(name -> !known(name));
        return names;
    }

    private boolean known(String name) {
        return ConfigCheck.known(name, main, master);
    }

    private static String unknown(String name) {
        return name
                + ": unknown parameter"
                + AllParams.nearest(name).map(other -> "; did you mean " + other + "?").orElse("");
    }

    private void warnUnused() {
        for (var setting : main.settings().values()) {
            if (!known(setting.name())) {
                io.warn(
                        file
                                + ": unused parameter: "
                                + setting.name()
                                + "="
                                + setting.text()
                                + AllParams.nearest(setting.name())
                                        .map(other -> "; did you mean " + other + "?")
                                        .orElse(""));
            }
        }
    }

    private String value(Config config, String name, boolean expand) throws CommandFailure {
        try {
            return expand ? config.expanded(name) : config.unexpanded(name);
        } catch (ValueException e) {
            var setting = main.settings().get(name);
            throw CommandFailure.of(
                    List.of(
                            new Problem(
                                    file.toString(),
                                    setting == null ? 0 : setting.line(),
                                    "parameter " + name + " " + e.getMessage())));
        }
    }

    private void print(String name, String value) {
        if (style.json()) {
            io.out()
                    .println(
                            "{\"name\": "
                                    + Lines.json(name)
                                    + ", \"value\": "
                                    + Lines.json(Lines.words(value, false))
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

    /// Assigns; each text is `name=value`.
    void edit(List<String> assignments) throws CommandFailure, IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (var text : assignments) {
            oneLine(text);
            var setting = assignment(text);
            values.put(setting.name(), setting.text());
        }
        var text = ConfFile.read(file);
        values.forEach((name, value) -> {
            if (!known(name)) {
                io.warn(unknown(name));
            }
            text.put(assigns(name), value.isEmpty() ? name + " =" : name + " = " + value);
        });
        text.save();
    }

    /// Removes assignments, or makes them comments.
    void remove(List<String> names, boolean comment) throws CommandFailure, IOException {
        var bare = new ArrayList<String>();
        for (var name : names) {
            oneLine(name);
            int equals = name.indexOf('=');
            bare.add((equals < 0 ? name : name.substring(0, equals)).strip());
        }
        var text = ConfFile.read(file);
        boolean changed = false;
        for (var name : bare) {
            changed |= comment ? text.comment(assigns(name)) : text.remove(assigns(name));
        }
        if (changed) {
            text.save();
        }
    }

    private static void oneLine(String text) throws CommandFailure {
        if (text.indexOf('\n') >= 0) {
            throw new CommandFailure("-e, -X, or -# accepts no multi-line input");
        }
        if (text.strip().startsWith("#")) {
            throw new CommandFailure("-e, -X, or -# accepts no comment input");
        }
    }

    private static Predicate<String> assigns(String name) {
        return line -> {
            try {
                return MainCf.assignment(line, "", 0).name().equals(name);
            } catch (ValueException e) {
                return false;
            }
        };
    }
}
