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

    /// `randmap:{value, ...}`: one of the values, whatever the key.
    static Table random(String text) throws ValueException {
        var values = new ArrayList<String>();
        for (var item : items(text)) {
            values.add(braced(item) ? inner(item) : item);
        }
        if (values.isEmpty()) {
            throw new ValueException("needs a value");
        }
        return _ -> Optional.of(values.get(ThreadLocalRandom.current().nextInt(values.size())));
    }

    private static List<Table> parts(String text, Tables tables) throws ValueException {
        var parts = new ArrayList<Table>();
        for (var item : items(text)) {
            parts.add(tables.open(braced(item) ? inner(item) : item));
        }
        if (parts.isEmpty()) {
            throw new ValueException("needs a table");
        }
        return parts;
    }

    /// The first type among the tables of a `{ ... }` that cannot be opened.
    static Optional<String> firstUnsupported(String text) {
        try {
            for (var item : items(text)) {
                var type = TableTypes.unsupported(braced(item) ? inner(item) : item, true);
                if (type.isPresent()) {
                    return type;
                }
            }
        } catch (ValueException e) {
            return Optional.empty(); // the look-up says what is wrong with the braces
        }
        return Optional.empty();
    }

    private static List<String> items(String text) throws ValueException {
        String bare = text.strip();
        if (!braced(bare)) {
            throw new ValueException("must be written as type:{ ... }");
        }
        return ParamType.Items.split(inner(bare));
    }

    /// The rules of `{ {rule} {rule} }`, a line each, as in a file.
    static String lines(String text) throws ValueException {
        var lines = new StringBuilder();
        for (String item : items(text)) {
            lines.append(braced(item) ? inner(item) : item).append('\n');
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
