// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.ThreadLocalRandom;
import org.postino.config.MainCf;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

/// Tables that are written out in main.cf, `type:{ ... }`.
final class Composite {
    private Composite() {}

    /// `inline:{ key=value, { key = value with blanks } }`.
    static Table inline(String text) throws ValueException {
        Map<String, String> entries = new HashMap<>();
        for (var item : items(text)) {
            var pair = MainCf.assignment(braced(item) ? inner(item) : item, "inline", 0);
            entries.put(pair.name().toLowerCase(Locale.ROOT), pair.text());
        }
        return key -> Optional.ofNullable(entries.get(key.toLowerCase(Locale.ROOT)));
    }

    /// `unionmap:{type:name, ...}`: all values, joined by commas.
    static Table union(String text, Tables tables) throws ValueException {
        var parts = parts(text, tables);
        return key -> {
            var all = new StringJoiner(",").setEmptyValue("");
            for (var table : parts) {
                table.lookup(key).ifPresent(all::add);
            }
            return all.length() == 0 ? Optional.empty() : Optional.of(all.toString());
        };
    }

    /// `pipemap:{type:name, ...}`: the value of one table is the key for the next.
    static Table pipe(String text, Tables tables) throws ValueException {
        var parts = parts(text, tables);
        return key -> {
            Optional<String> value = Optional.of(key);
            for (var table : parts) {
                value = table.lookup(value.get());
                if (value.isEmpty()) {
                    break;
                }
            }
            return value;
        };
    }

    /// `randmap:{value, ...}`: for every key, one of the values at random.
    static Table random(String text) throws ValueException {
        var values = values(text);
        if (values.isEmpty()) {
            throw new ValueException("needs a value");
        }
        return _ -> Optional.of(values.get(ThreadLocalRandom.current().nextInt(values.size())));
    }

    private static List<Table> parts(String text, Tables tables) throws ValueException {
        var parts = new ArrayList<Table>();
        for (var table : values(text)) {
            parts.add(tables.open(table));
        }
        if (parts.isEmpty()) {
            throw new ValueException("needs a table");
        }
        return parts;
    }

    /// `static:value`: that value for every key. It is asked for whole addresses only, not for parts of them.
    static Table fixed(String text) {
        String value = braced(text) ? inner(text) : text;
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

    /// `debug:type:name`: that table, with a line in the log for each lookup.
    static Table debug(String name, Tables tables) {
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

    /// Splits `{value, { value with blanks }}` into its values.
    static List<String> values(String text) throws ValueException {
        var values = new ArrayList<String>();
        for (var item : items(text)) {
            values.add(braced(item) ? inner(item) : item);
        }
        return values;
    }

    private static List<String> items(String text) throws ValueException {
        String bare = text.strip();
        if (!braced(bare)) {
            throw new ValueException("must be written as type:{ ... }");
        }
        return ParamType.Items.split(inner(bare));
    }

    /// Writes the rules of `{ {rule} {rule} }` as the lines of a file.
    static String lines(String text) throws ValueException {
        var lines = new StringBuilder();
        for (String line : values(text)) {
            lines.append(line).append('\n');
        }
        return lines.toString();
    }

    static boolean braced(String text) {
        return text.startsWith("{") && text.endsWith("}");
    }

    static String inner(String text) {
        return text.substring(1, text.length() - 1).strip();
    }
}
