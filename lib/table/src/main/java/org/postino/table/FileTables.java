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
import org.postino.config.Problem;
import org.postino.config.ValueException;
import org.postino.util.ByteNames;

/// Tables that are read from files, and read again when a file has changed.
final class FileTables {
    /// The parser of one kind of rules.
    interface Rules {
        /// Makes a table of a text. Bad lines are left out and added to `problems`.
        ///
        /// @param source the file's name, for the problems
        Table parse(String source, String text, List<Problem> problems);
    }

    private FileTables() {}

    /// Opens the file that postmap or postalias made. If another system's postmap made it, the text beside it is read instead.
    static Table made(TableName table, Tables tables) {
        return watched(table, table.made(), false, tables, file -> made(file, table, tables));
    }

    private static Table made(Path file, TableName table, Tables tables) throws IOException {
        if (!TableFile.isForeign(file) || !Files.exists(tables.placeOf(table.text()))) {
            return TableFile.open(file);
        }
        tables.warn(
                "table "
                        + table
                        + ": another system's postmap made its file: "
                        + table.name()
                        + " is read as text instead");
        return watched(
                table,
                table.text(),
                false,
                tables,
                f -> text(table.name(), TableSource.of(table.name(), ByteNames.read(f)), tables));
    }

    /// Reads a text of keys and values.
    static Table text(TableName table, Tables tables) {
        return watched(
                table,
                table.text(),
                false,
                tables,
                f ->
                        text(
                                table.name(),
                                TableSource.map(table.name(), ByteNames.read(f), true),
                                tables));
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

    /// Reads rules from a file, or from the name itself if they stand there in braces.
    static Table rules(TableName table, Tables tables, Rules rules) throws ValueException {
        if (Composite.braced(table.name())) {
            return rules(table.toString(), Composite.lines(table.name()), tables, rules);
        }
        return watched(
                table,
                table.text(),
                true,
                tables,
                f -> rules(table.name(), ByteNames.read(f), tables, rules));
    }

    private static Table rules(String source, String text, Tables tables, Rules rules) {
        var problems = new ArrayList<Problem>();
        var table = rules.parse(source, text, problems);
        report(problems, tables);
        return table;
    }

    private static Table watched(
            TableName table,
            Path file,
            boolean patterns,
            Tables tables,
            WatchedTable.Loader loader) {
        return new WatchedTable(table.toString(), file, tables.placeOf(file), patterns, loader);
    }

    private static void report(List<Problem> problems, Tables tables) {
        for (var p : problems) {
            tables.warn(p.toString());
        }
    }
}
