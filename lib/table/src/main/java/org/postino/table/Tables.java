// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.ValueException;
import org.slf4j.LoggerFactory;

/// The tables that a program uses. Each is opened once and kept; safe for use by several threads.
public final class Tables {
    private final Config config;
    private final Consumer<String> warnings;
    private final @Nullable TableListener listener;
    private final boolean substitution;
    private final @Nullable Tables safe;
    private final Map<String, Table> open = new ConcurrentHashMap<>();

    public Tables(Config config) {
        this(config, new ToLog());
    }

    /// @param warnings gets a text for each bad line of a table
    public Tables(Config config, Consumer<String> warnings) {
        this(config, warnings, null, true);
    }

    /// Opens tables whose answers `listener` hears as well; null: nobody does. Warnings are logged.
    public Tables(Config config, @Nullable TableListener listener) {
        this(config, new ToLog(), listener, true);
    }

    private Tables(
            Config config,
            Consumer<String> warnings,
            @Nullable TableListener listener,
            boolean substitution) {
        this.config = config;
        this.warnings = warnings;
        this.listener = listener;
        this.substitution = substitution;
        safe = substitution ? new Tables(config, warnings, listener, false) : null;
    }

    /// Returns the same tables for values that name transports, files, ids or commands.
    ///
    /// Text from a stranger must not become part of such a value, so a rule with `$1` is a bad line and left out.
    public Tables withoutSubstitution() {
        return safe == null ? this : safe;
    }

    boolean substitution() {
        return substitution;
    }

    /// Writes warnings to the log. It is a class, as the first lambda of a command would cost more than its other work.
    private static final class ToLog implements Consumer<String> {
        @Override
        public void accept(String text) {
            LoggerFactory.getLogger("table").warn("{}", text);
        }
    }

    void warn(String text) {
        warnings.accept(text);
    }

    /// Opens the table `type:name`, once; a name without a type has `default_database_type`. Never fails: if the table cannot be
    /// opened, each of its lookups fails.
    public Table open(String typeAndName) {
        Table known = open.get(typeAndName);
        if (known == null) {
            known = make(typeAndName);
            Table earlier = open.putIfAbsent(typeAndName, known);
            known = earlier == null ? known : earlier;
        }
        return known;
    }

    private Table make(String typeAndName) {
        if (typeAndName.indexOf(':') < 0) {
            return open(config.text("default_database_type") + ":" + typeAndName);
        }
        var table = TableName.parse(typeAndName);
        var type = table.known();
        if (type == null) {
            return failing(typeAndName, "unsupported dictionary type: " + table.type());
        }
        try {
            Table opened = type.open(table, this);
            return listener == null ? opened : new HeardTable(typeAndName, opened, listener);
        } catch (ValueException e) {
            return failing(typeAndName, String.valueOf(e.getMessage()));
        }
    }

    Config config() {
        return config;
    }

    /// Returns the path at which to read a file of the configuration: master may have opened and handed it over.
    Path placeOf(Path file) {
        return config.files().placeOf(file);
    }

    /// Opens several tables, as a parameter lists them.
    public Maps maps(List<String> names) {
        var tables = new ArrayList<Table>();
        for (var name : names) {
            tables.add(open(name));
        }
        return new Maps(names, tables);
    }

    /// Makes a table whose every lookup fails for this reason.
    static Table failing(String typeAndName, String reason) {
        return _ -> failed(typeAndName, reason);
    }

    private static Optional<String> failed(String typeAndName, String reason)
            throws TableException {
        throw new TableException("table " + typeAndName + ": " + reason);
    }
}
