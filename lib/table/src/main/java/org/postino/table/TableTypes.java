// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postino.config.Config;
import org.postino.config.Problem;
import org.postino.config.ValueException;
import org.postino.util.ByteNames;

/// What each table type is made of.
public final class TableTypes {
    /// The types, in the order in which `postconf -m` shows them.
    public static final List<String> NAMES =
            List.of(
                    "btree",
                    "cdb",
                    "cidr",
                    "debug",
                    "environ",
                    "fail",
                    "hash",
                    "inline",
                    "lmdb",
                    "pcre",
                    "pipemap",
                    "proxy",
                    "randmap",
                    "regexp",
                    "static",
                    "texthash",
                    "unionmap",
                    "unix",
                    "userdb");

    /// The types that postmap and postalias make.
    public static final List<String> MADE = List.of("btree", "cdb", "hash", "lmdb");

    /// The types whose file is read as it was written.
    private static final List<String> WRITTEN = List.of("cidr", "pcre", "regexp", "texthash");

    /// Types of Postfix that are not there: a word with one of them in front is a table, wherever it stands.
    private static final Set<String> MISSING =
            Set.of(
                    "dbm",
                    "ldap",
                    "memcache",
                    "mongodb",
                    "mysql",
                    "netinfo",
                    "nis",
                    "nisplus",
                    "pgsql",
                    "sdbm",
                    "socketmap",
                    "sqlite",
                    "tcp");

    private TableTypes() {}

    /// The type that keeps a table `type:name` from being opened, its own or that of a table inside it, as in `proxy:mysql:/file`.
    ///
    /// @param sure whether the text is a table for certain; otherwise only the types that Postfix has are looked for
    public static Optional<String> unsupported(String typeAndName, boolean sure) {
        String type = type(typeAndName);
        String name = typeAndName.substring(Math.min(typeAndName.length(), type.length() + 1));
        if (MISSING.contains(type)) {
            return Optional.of(type);
        }
        return switch (type) {
            case "proxy", "debug" -> unsupported(name, true);
            case "unionmap", "pipemap" -> Composite.firstUnsupported(name);
            default ->
                    type.isEmpty() || !sure || NAMES.contains(type)
                            ? Optional.empty()
                            : Optional.of(type);
        };
    }

    /// The type of a table `type:name`; empty if it names none.
    public static String type(String typeAndName) {
        return typeAndName.substring(0, Math.max(0, typeAndName.indexOf(':')));
    }

    /// Whether a table `type:name` is a file, and not lines in braces, say.
    public static boolean isFile(String typeAndName) {
        String type = type(typeAndName);
        return MADE.contains(type)
                || (WRITTEN.contains(type)
                        && !Composite.braced(typeAndName.substring(type.length() + 1)));
    }

    static Table open(String typeAndName, Config config, Tables tables) {
        int colon = typeAndName.indexOf(':');
        if (colon < 0) {
            return tables.open(config.text("default_database_type") + ":" + typeAndName);
        }
        String type = typeAndName.substring(0, colon);
        String name = typeAndName.substring(colon + 1);
        try {
            return switch (type) {
                case "hash", "btree", "lmdb", "cdb" ->
                        watched(
                                typeAndName,
                                TableFile.path(type, name),
                                config,
                                true,
                                false,
                                f -> made(f, typeAndName, name, config, tables));
                case "texthash" ->
                        watched(
                                typeAndName,
                                ByteNames.path(name),
                                config,
                                true,
                                false,
                                f -> text(name, TableSource.map(name, read(f), true), tables));
                case "cidr" ->
                        Composite.braced(name)
                                ? cidr(typeAndName, Composite.lines(name), tables)
                                : watched(
                                        typeAndName,
                                        ByteNames.path(name),
                                        config,
                                        false,
                                        true,
                                        f -> cidr(name, read(f), tables));
                case "regexp", "pcre" ->
                        Composite.braced(name)
                                ? regexp(type, typeAndName, Composite.lines(name), tables)
                                : watched(
                                        typeAndName,
                                        ByteNames.path(name),
                                        config,
                                        false,
                                        true,
                                        f -> regexp(type, name, read(f), tables));
                case "static" -> fixed(Composite.braced(name) ? Composite.inner(name) : name);
                case "environ" -> key -> Optional.ofNullable(System.getenv(key));
                case "fail" -> Tables.failing(typeAndName, "always fails");
                case "inline" -> Composite.inline(name);
                case "unionmap" -> Composite.union(name, tables);
                case "pipemap" -> Composite.pipe(name, tables);
                case "randmap" -> Composite.random(name);
                case "proxy" -> tables.open(name);
                case "debug" -> debug(name, tables);
                case "userdb" -> SystemTables.userdb(name, config);
                case "unix" ->
                        SystemTables.unix(name)
                                .orElseGet(() ->
                                        Tables.failing(
                                                typeAndName,
                                                "unknown table; use passwd.byname or"
                                                        + " group.byname"));
                default -> Tables.failing(typeAndName, "unsupported dictionary type: " + type);
            };
        } catch (ValueException e) {
            return Tables.failing(typeAndName, String.valueOf(e.getMessage()));
        }
    }

    /// The file that postmap or postalias made, or the text beside it if that was another system's.
    private static Table made(
            Path file, String typeAndName, String name, Config config, Tables tables)
            throws IOException {
        if (!TableFile.isForeign(file)
                || !Files.exists(config.files().placeOf(ByteNames.path(name)))) {
            return TableFile.open(file);
        }
        tables.warn(
                "table "
                        + typeAndName
                        + ": another system's postmap made its file: "
                        + name
                        + " is read as text instead");
        return watched(
                typeAndName,
                ByteNames.path(name),
                config,
                true,
                false,
                f -> text(name, TableSource.of(name, read(f)), tables));
    }

    private static Table watched(
            String typeAndName,
            Path file,
            Config config,
            boolean fold,
            boolean patterns,
            WatchedTable.Loader loader) {
        return new WatchedTable(
                typeAndName, file, config.files().placeOf(file), fold, patterns, loader);
    }

    /// The same value for every key; not asked for parts of an address.
    private static Table fixed(String value) {
        return new Table() {
            @Override
            public Optional<String> lookup(String key) {
                return Optional.of(value);
            }

            @Override
            public boolean patterns() {
                return true;
            }
        };
    }

    private static Table debug(String name, Tables tables) {
        var table = tables.open(name);
        return key -> {
            var value = table.lookup(key);
            tables.warn(
                    name
                            + " lookup: \""
                            + key
                            + "\" = "
                            + value.map(v -> "\"" + v + "\"").orElse("\"not_found\""));
            return value;
        };
    }

    private static Table text(String file, TableSource source, Tables tables) {
        report(source.problems(), tables);
        Map<String, String> entries = new HashMap<>();
        for (var e : source.entries()) {
            if (entries.putIfAbsent(e.key(), e.value()) != null) {
                tables.warn(
                        new Problem(file, e.line(), "duplicate entry: \"" + e.key() + "\"")
                                .toString());
            }
        }
        return key -> Optional.ofNullable(entries.get(key));
    }

    private static Table cidr(String source, String text, Tables tables) {
        var problems = new ArrayList<Problem>();
        var table = CidrTable.parse(source, text, problems);
        report(problems, tables);
        return table;
    }

    private static Table regexp(String type, String source, String text, Tables tables) {
        var problems = new ArrayList<Problem>();
        var table = RegexpTable.parse(type, source, text, tables.substitution(), problems);
        report(problems, tables);
        return table;
    }

    private static String read(Path file) throws IOException {
        return ByteNames.read(file);
    }

    private static void report(List<Problem> problems, Tables tables) {
        for (var p : problems) {
            tables.warn(p.toString());
        }
    }
}
