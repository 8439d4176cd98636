// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.content.CheckSubject;
import org.postino.linux.LockableFile;
import org.postino.table.TableException;
import org.postino.table.TableFile;
import org.postino.table.TableName;
import org.postino.table.TableSource;
import org.postino.table.TableType;
import org.postino.table.Tables;
import org.postino.util.ByteNames;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The common work of postmap and postalias: they make, query, change and print tables in files.
abstract sealed class TableCommand implements Cli.Body permits Postmap, Postalias {
    @Option(names = "-c", paramLabel = "DIR", description = "The configuration directory.")
    private @Nullable Path directory;

    @Option(
            names = "-q",
            paramLabel = "KEY",
            description = "Look KEY up; - reads keys from standard input.")
    private @Nullable String query;

    @Option(
            names = "-d",
            paramLabel = "KEY",
            description = "Delete KEY; - reads keys from standard input.")
    private @Nullable String delete;

    @Option(names = "-s", description = "Show all entries.")
    private boolean show;

    @Option(names = "-i", description = "Add entries from standard input to the table.")
    private boolean incremental;

    @Option(names = "-r", description = "A second entry for a key replaces the first.")
    private boolean replace;

    @Option(names = "-w", description = "Do not warn about a second entry for a key.")
    private boolean quiet;

    @Option(names = "-f", description = "Keep upper case in keys.")
    private boolean keepCase;

    @Option(names = "-o", description = "Accepted without effect.")
    void keepOwner(@SuppressWarnings("unused") boolean on) {}

    @Option(names = "-p", description = "Do not take the mode of the source for a new table.")
    private boolean ownMode;

    @Option(
            names = {"-n", "-N", "-u", "-U", "-v"},
            description = "Accepted without effect.")
    void without(@SuppressWarnings("unused") boolean on) {}

    @Parameters(paramLabel = "[TYPE:]FILE", arity = "1..*")
    private List<String> tables = new ArrayList<>();

    /// Reads the source text of a table.
    abstract TableSource source(String file, String text, boolean fold);

    /// Returns what stands before the value where an entry is shown: the key, and what parts them.
    abstract String front(String key);

    /// Refuses options that do not go together.
    ///
    /// @param ofInput keys are read from standard input and looked up
    void check(Cli.Io io, boolean ofInput) throws CommandFailure {}

    /// Reads the keys that are to be looked up from standard input.
    List<CheckSubject> keys(Cli.Io io) throws IOException {
        return lines(io).stream()
                .map(line -> new CheckSubject(line, StandardCharsets.UTF_8, false))
                .toList();
    }

    /// Returns the value to be kept for one in the text.
    ///
    /// @throws IOException says why there is none
    String kept(String value) throws IOException {
        return value;
    }

    /// Returns the value to be printed for one in a table.
    ///
    /// @param of what was looked up
    byte[] shown(TableName table, CheckSubject of, String value) throws CommandFailure {
        return of.bytes(value);
    }

    @Override
    public final int run(Cli.Io io) throws CommandFailure, IOException {
        if ((query != null ? 1 : 0)
                        + (delete != null ? 1 : 0)
                        + (show ? 1 : 0)
                        + (incremental ? 1 : 0)
                > 1) {
            throw new CommandFailure("specify one of -q, -d, -s and -i");
        }
        check(io, query != null && query.equals("-"));
        var config = Cli.load(Cli.directory(directory));
        if (query != null) {
            return query(io, config, query);
        }
        boolean found = false;
        for (var table : tables) {
            var name = TableName.parse(table, config.text("default_database_type"));
            if (show) {
                show(io, name);
            } else if (delete != null) {
                found |= delete(io, name, delete);
            } else if (incremental) {
                add(io, name);
            } else {
                make(io, name);
            }
        }
        return delete != null && !found ? 1 : 0;
    }

    private static void mustBeMade(TableName name) throws CommandFailure {
        if (name.known() == null) {
            throw new CommandFailure(
                    "unsupported dictionary type: "
                            + name.type()
                            + "; types are "
                            + String.join(", ", TableType.words()));
        }
        if (!name.isMade()) {
            throw new CommandFailure(
                    "unsupported dictionary type: "
                            + name.type()
                            + " does not support bulk-mode creation.");
        }
    }

    private int query(Cli.Io io, Config config, String key) throws CommandFailure, IOException {
        var open = new Tables(config, io::warn);
        if (!key.equals("-")) {
            var value = lookup(config, open, new CheckSubject(key, StandardCharsets.UTF_8, false));
            if (value == null) {
                return 1;
            }
            print(io, value);
            return 0;
        }
        boolean found = false;
        for (var one : keys(io)) {
            var value = lookup(config, open, one);
            if (value != null) {
                io.out().writeBytes(one.bytes(front(one.text())));
                print(io, value);
                found = true;
            }
        }
        return found ? 0 : 1;
    }

    private byte @Nullable [] lookup(Config config, Tables open, CheckSubject key)
            throws CommandFailure {
        for (var name : tables) {
            try {
                var value = open.open(name).lookup(key.text());
                if (value.isPresent()) {
                    var table = TableName.parse(name, config.text("default_database_type"));
                    return shown(table, key, value.get());
                }
            } catch (TableException e) {
                throw new CommandFailure(String.valueOf(e.getMessage()), e);
            }
        }
        return null;
    }

    private static void print(Cli.Io io, byte[] value) {
        io.out().writeBytes(value);
        io.out().println();
    }

    private void print(Cli.Io io, TableName table, Map<String, String> entries)
            throws CommandFailure {
        for (var e : entries.entrySet()) {
            var key = new CheckSubject(e.getKey(), StandardCharsets.UTF_8, false);
            byte[] value = shown(table, key, e.getValue());
            io.out().print(front(e.getKey()));
            print(io, value);
        }
    }

    private static List<String> lines(Cli.Io io) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(io.in(), StandardCharsets.UTF_8));
        var lines = new ArrayList<String>();
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
        }
        return lines;
    }

    private void show(Cli.Io io, TableName name) throws CommandFailure, IOException {
        if (name.known() == TableType.TEXTHASH) {
            var entries = new LinkedHashMap<String, String>();
            collect(io, name.name(), ByteNames.read(name.text()), entries, name.name());
            print(io, name, entries);
            return;
        }
        if (!name.isMade()) {
            throw new CommandFailure("table type " + name.type() + " cannot be listed");
        }
        print(io, name, TableFile.open(name.made()).entries());
    }

    private void make(Cli.Io io, TableName name) throws CommandFailure, IOException {
        mustBeMade(name);
        var entries = new LinkedHashMap<String, String>();
        Path source = name.text();
        collect(io, name.name(), ByteNames.read(source), entries, ByteNames.text(name.made()));
        write(name, entries, source);
    }

    private void collect(
            Cli.Io io, String file, String text, Map<String, String> entries, String table) {
        var source = source(file, text, !keepCase);
        source.problems().forEach(problem -> io.warn(problem.toString()));
        for (var e : source.entries()) {
            if (replace || !entries.containsKey(e.key())) {
                try {
                    entries.put(e.key(), kept(e.value()));
                } catch (IOException problem) {
                    io.warn(file + ", line " + e.line() + ": " + problem.getMessage());
                }
            } else if (!quiet) {
                io.warn(table + ": duplicate entry: \"" + e.key() + "\"");
            }
        }
    }

    /// Writes the table anew, with the permissions to read of the former file, or of the text if there is none.
    private void write(TableName name, Map<String, String> entries, @Nullable Path source)
            throws IOException {
        Path file = name.made();
        Path like = Files.exists(file) ? file : source;
        String mode =
                like == null || (ownMode && like.equals(source))
                        ? "rw-r--r--"
                        : PosixFilePermissions.toString(readableAs(like));
        name.make(entries, mode);
    }

    private static Set<PosixFilePermission> readableAs(Path like) throws IOException {
        var mode = EnumSet.copyOf(Files.getPosixFilePermissions(like));
        mode.add(PosixFilePermission.OWNER_READ);
        mode.add(PosixFilePermission.OWNER_WRITE);
        mode.remove(PosixFilePermission.OWNER_EXECUTE);
        mode.remove(PosixFilePermission.GROUP_EXECUTE);
        mode.remove(PosixFilePermission.OTHERS_EXECUTE);
        return mode;
    }

    private void add(Cli.Io io, TableName name) throws CommandFailure, IOException {
        mustBeMade(name);
        String text = String.join("\n", lines(io));
        locked(
                name,
                entries -> {
                    collect(io, "stdin", text, entries, ByteNames.text(name.made()));
                    return true;
                });
    }

    private boolean delete(Cli.Io io, TableName name, String key)
            throws CommandFailure, IOException {
        mustBeMade(name);
        var keys = key.equals("-") ? lines(io) : List.of(key);
        return locked(
                name,
                entries -> {
                    boolean found = false;
                    for (var k : keys) {
                        found |= entries.remove(keepCase ? k : k.toLowerCase(Locale.ROOT)) != null;
                    }
                    return found;
                });
    }

    private interface Change {
        /// Changes the entries; true if any was changed.
        boolean apply(Map<String, String> entries);
    }

    /// Changes a table while no other command does. Starts again if another command has replaced the file meanwhile.
    private boolean locked(TableName name, Change change) throws IOException {
        Path file = name.made();
        if (!Files.exists(file)) {
            var entries = new LinkedHashMap<String, String>();
            boolean changed = change.apply(entries);
            if (incremental) {
                write(name, entries, null);
            }
            return changed;
        }
        while (true) {
            try (var lock = LockableFile.open(file)) {
                lock.lock(LockableFile.Kind.FCNTL);
                if (!lock.isStill()) {
                    continue;
                }
                var entries = new LinkedHashMap<>(TableFile.open(file).entries());
                boolean changed = change.apply(entries);
                if (changed) {
                    write(name, entries, null);
                }
                return changed;
            }
        }
    }
}
