// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postino.util.ByteNames;

/// The configuration a program runs with: an immutable snapshot of main.cf and its own `-o` options, over the declared defaults.
public final class Config {
    /// Environment variable with the path of the copy of main.cf that master made when it last read its files.
    public static final String SNAPSHOT = "POSTINO_SNAPSHOT";

    private final Path directory;
    private final Map<String, Setting> settings;
    private final Map<String, Param<?>> declared;
    private final Map<String, Object> values = new ConcurrentHashMap<>();
    private final HandedFiles files;
    private final Declarations others;

    private Config(
            Path directory,
            HandedFiles files,
            Map<String, Setting> settings,
            Declarations others,
            ParamTable... tables) {
        this.directory = directory;
        this.files = files;
        this.others = others;
        this.settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        this.declared = new HashMap<>();
        declare(MainParams.ALL);
        for (var table : tables) {
            declare(table);
        }
    }

    private void declare(ParamTable table) {
        for (var p : table.params()) {
            declared.put(p.name(), p);
        }
    }

    /// Reads `directory`/main.cf (or the file that [#SNAPSHOT] names) under the options `overrides`, each `name=value`, and validates the parameters of `tables` and [MainParams].
    ///
    /// @throws ConfigException with all problems
    public static Config load(Path directory, List<String> overrides, ParamTable... tables)
            throws ConfigException {
        return load(directory, overrides, Declarations.NONE, tables);
    }

    /// As above, for a program that reads a part of the parameters only: a value may refer to those of `others` too.
    public static Config load(
            Path directory, List<String> overrides, Declarations others, ParamTable... tables)
            throws ConfigException {
        return load(directory, HandedFiles.NONE, overrides, others, tables);
    }

    /// As above, for a daemon to which `files` were handed over.
    public static Config load(
            Path directory,
            HandedFiles files,
            List<String> overrides,
            Declarations others,
            ParamTable... tables)
            throws ConfigException {
        Path file = directory.resolve("main.cf");
        String snapshot = System.getenv(SNAPSHOT);
        return of(
                directory,
                parse(snapshot == null || snapshot.isEmpty() ? file : Path.of(snapshot)),
                files,
                overrides,
                others,
                tables);
    }

    /// Puts the options `overrides` over a main.cf that has been read, and validates as [#load(Path, List, ParamTable...)].
    ///
    /// @throws ConfigException with all problems, those of `main` among them
    public static Config of(
            Path directory, MainCf main, List<String> overrides, ParamTable... tables)
            throws ConfigException {
        return of(directory, main, HandedFiles.NONE, overrides, Declarations.NONE, tables);
    }

    private static Config of(
            Path directory,
            MainCf main,
            HandedFiles files,
            List<String> overrides,
            Declarations others,
            ParamTable... tables)
            throws ConfigException {
        var problems = new ArrayList<>(main.problems());
        var settings = new LinkedHashMap<>(main.settings());
        for (var text : overrides) {
            try {
                var setting = MainCf.assignment(text, "-o", 0);
                settings.put(setting.name(), setting);
            } catch (ValueException e) {
                problems.add(new Problem("-o", 0, MainCf.message(e)));
            }
        }
        var config = new Config(directory, files, settings, others, tables);
        config.validate(problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }

    /// Reads `directory`/main.cf without a check, for commands that must work whatever stands there, as `postino stop` does.
    ///
    /// @param others the parameters that values may refer to, beside the main ones
    public static Config lenient(Path directory, Declarations others) {
        var settings = new LinkedHashMap<String, Setting>();
        try {
            settings.putAll(parse(directory.resolve("main.cf")).settings());
        } catch (ConfigException e) {
            settings.clear(); // defaults then
        }
        return new Config(directory, HandedFiles.NONE, settings, others);
    }

    private static MainCf parse(Path file) throws ConfigException {
        try {
            return MainCf.parse(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ConfigException(file.toString(), "cannot be read: " + reason(e));
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "permission denied";
            default -> MainCf.message(e);
        };
    }

    /// A configuration made of these assignments, for tests.
    ///
    /// @throws IllegalArgumentException with all problems
    public static Config of(Map<String, String> assignments, ParamTable... tables) {
        var settings = new LinkedHashMap<String, Setting>();
        assignments.forEach((name, text) -> settings.put(name, new Setting(name, text, "-o", 0)));
        var problems = new ArrayList<Problem>();
        var config =
                new Config(
                        ByteNames.path(
                                assignments.getOrDefault("config_directory", "/etc/postino")),
                        HandedFiles.NONE,
                        settings,
                        Declarations.NONE,
                        tables);
        config.validate(problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(new ConfigException(problems).getMessage());
        }
        return config;
    }

    /// A configuration made of these assignments without any check, for programs that show what is there.
    public static Config unchecked(
            Path directory, Map<String, Setting> settings, ParamTable... tables) {
        return new Config(directory, HandedFiles.NONE, settings, Declarations.NONE, tables);
    }

    /// Checks what is set, and the defaults that depend on what is set.
    private void validate(List<Problem> problems) {
        var ofDefaults = new ArrayList<Problem>();
        for (var p : declared.values()) {
            Setting setting = settings.get(p.name());
            if (setting == null && !(p.defaultText().indexOf('$') >= 0 && p.type().canFail())) {
                continue;
            }
            try {
                validate(p);
            } catch (ValueException e) {
                (setting == null ? ofDefaults : problems).add(problem(p, setting, e));
            }
        }
        if (problems.isEmpty()) {
            problems.addAll(ofDefaults); // else they most likely follow from the others
        }
        Collections.sort(problems);
    }

    private <T> void validate(Param<T> p) throws ValueException {
        T value = p.type().parse(expanded(p.name()));
        values.put(p.name(), value);
        p.type().check(value, new Lookup(new ArrayList<>()));
    }

    private Problem problem(Param<?> p, @Nullable Setting setting, ValueException e) {
        if (setting == null) {
            return new Problem(
                    directory.resolve("main.cf").toString(),
                    0,
                    "parameter "
                            + p.name()
                            + " (by default "
                            + p.defaultText()
                            + ") "
                            + e.getMessage());
        }
        return new Problem(
                setting.file(),
                setting.line(),
                "parameter " + p.name() + " = " + setting.text() + ": " + e.getMessage());
    }

    /// The value of a parameter.
    public <T> T get(Param<T> p) {
        return typed(p, p.name());
    }

    /// The value of `p` for one transport: `default_destination_recipient_limit` is `NAME_destination_recipient_limit` where that is set or declared, `initial_destination_concurrency` is `NAME_initial_destination_concurrency`.
    public <T> T get(Param<T> p, String transport) {
        String name =
                p.name().startsWith("default_")
                        ? transport + p.name().substring("default".length())
                        : transport + "_" + p.name();
        return settings.containsKey(name) || declared.containsKey(name)
                ? typed(p, name)
                : typed(p, p.name());
    }

    /// The value of another name with the type of `p`: of one that main.cf assigns, `SERVICE_time_limit` say, or that is declared, as
    /// `lmtp_tls_loglevel` beside `smtp_tls_loglevel`; the value of `p` if it is neither.
    ///
    /// @throws IllegalStateException the value is bad: names that are not declared are not checked before
    public <T> T getAs(Param<T> p, String name) {
        boolean known = settings.containsKey(name) || declared.containsKey(name);
        return typed(p, known ? name : p.name());
    }

    @SuppressWarnings("unchecked") // under a name stands what the type of its declaration made
    private <T> T typed(Param<T> p, String name) {
        Object value = values.get(name);
        if (value == null) {
            try {
                value =
                        p.type()
                                .parse(
                                        settings.containsKey(name) || declared.containsKey(name)
                                                ? expanded(name)
                                                : Expander.expand(
                                                        p.defaultText(),
                                                        new Lookup(
                                                                new ArrayList<>(List.of(name)))));
            } catch (ValueException e) {
                throw new IllegalStateException("parameter " + name + " " + e.getMessage(), e);
            }
            values.put(name, value);
        }
        return (T) value;
    }

    /// The expanded text of a parameter or of any name that main.cf assigns; empty if there is none.
    public String text(String name) {
        try {
            return expanded(name);
        } catch (ValueException e) {
            throw new IllegalStateException("parameter " + name + " " + e.getMessage(), e);
        }
    }

    /// The expanded text of a name.
    ///
    /// @throws ValueException if it cannot be expanded
    public String expanded(String name) throws ValueException {
        String value = lookup(name, new ArrayList<>());
        return value == null ? "" : value;
    }

    /// The text of a name as it is written or declared; empty if there is none.
    ///
    /// @throws ValueException if it is computed from something that cannot be expanded
    public String unexpanded(String name) throws ValueException {
        String text = source(name, new ArrayList<>(List.of(name)));
        return text == null ? "" : text;
    }

    /// @param path the names whose values are being made, `name` the last of them
    private @Nullable String source(String name, List<String> path) throws ValueException {
        Setting setting = settings.get(name);
        if (setting != null) {
            return setting.text();
        }
        Param<?> param = param(name, null);
        if (param == null) {
            return null;
        }
        String computed = Computed.value(name, this, new Lookup(path));
        return computed == null ? param.defaultText() : computed;
    }

    /// A text with `$names` replaced as in a value of main.cf.
    public String expand(String text) throws ValueException {
        return Expander.expand(text, new Lookup(new ArrayList<>()));
    }

    /// The values of names on the way to one value; a class, since lambdas cost a daemon time at its start.
    private final class Lookup implements Expander.Values {
        private final List<String> path;

        Lookup(List<String> path) {
            this.path = path;
        }

        @Override
        public @Nullable String value(String name) throws ValueException {
            return lookup(name, path);
        }
    }

    private @Nullable String lookup(String name, List<String> path) throws ValueException {
        if (path.contains(name)) {
            path.add(name);
            throw new ValueException("refers to itself: " + String.join(" -> ", path));
        }
        path.add(name);
        String text = source(name, path);
        Param<?> param = param(name, settings.get(name));
        if (text == null || (param != null && param.type() instanceof ParamType.Raw)) {
            path.removeLast();
            return text;
        }
        String value = Expander.expand(text, new Lookup(path));
        path.removeLast();
        return name.equals("myorigin") && value.startsWith("/")
                ? firstLine(ByteNames.path(value))
                : value;
    }

    /// Debian's `myorigin = /etc/mailname`: the value stands in the file.
    private String firstLine(Path file) throws ValueException {
        try {
            var lines = ByteNames.lines(files.placeOf(file));
            return lines.isEmpty() ? "" : lines.getFirst().strip();
        } catch (IOException e) {
            throw new ValueException("cannot read " + file + ": " + reason(e), e);
        }
    }

    /// The declaration of a name; those of other programs are looked at only for a name that is neither set nor ours.
    private @Nullable Param<?> param(String name, @Nullable Setting setting) {
        Param<?> own = declared.get(name);
        return own != null || setting != null ? own : others.find(name);
    }

    /// The line of main.cf that assigns a name; 0 if none does.
    public int line(String name) {
        Setting setting = settings.get(name);
        return setting == null ? 0 : setting.line();
    }

    /// The assignments of main.cf and the options, as written.
    public Map<String, Setting> settings() {
        return settings;
    }

    /// The files that were handed over to this program.
    public HandedFiles files() {
        return files;
    }

    /// The directory of main.cf and master.cf.
    public Path directory() {
        return directory;
    }
}
