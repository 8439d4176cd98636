// SPDX-License-Identifier: Apache-2.0

package org.postino.global.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postino.global.config.LogicalLines;
import org.postino.global.config.Problem;
import org.postino.message.LocalName;

/// The text from which a table is made: `key whitespace value` lines (postmap) or `name: value` lines (postalias).
public record TableSource(List<Entry> entries, List<Problem> problems) {

    /// A key with its value and line.
    public record Entry(String key, String value, int line) {}

    /// Reads a text of either format with keys in lower case: most keys of an alias file end with a colon.
    static TableSource of(String file, String text) {
        var map = map(file, text, true);
        long colons = map.entries().stream().filter(e -> e.key().endsWith(":")).count();
        return colons * 2 > map.entries().size() ? aliases(file, text, true) : map;
    }

    /// Reads the format of postmap(1). Lines without a value are problems and left out.
    ///
    /// @param fold make keys lower case
    public static TableSource map(String file, String text, boolean fold) {
        var entries = new ArrayList<Entry>();
        var problems = new ArrayList<Problem>();
        for (var line : LogicalLines.of(file, text, problems)) {
            int end = keyEnd(line.text());
            String key = line.text().substring(0, end);
            String value = line.text().substring(end).strip();
            if (value.isEmpty()) {
                problems.add(
                        new Problem(file, line.number(), "expected format: key whitespace value"));
                continue;
            }
            if (key.endsWith(":")) {
                problems.add(
                        new Problem(
                                file,
                                line.number(),
                                "record is in \"key: value\" format; is this an alias file?"));
            }
            entries.add(new Entry(fold ? lower(key) : key, value, line.number()));
        }
        return new TableSource(entries, problems);
    }

    /// The key ends at the first blank outside double quotes.
    private static int keyEnd(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && LogicalLines.blank(c)) {
                return i;
            }
        }
        return text.length();
    }

    /// Reads the format of aliases(5). Lines that are not `name: value`, and names with a domain, are problems and left out.
    ///
    /// @param fold make names lower case
    public static TableSource aliases(String file, String text, boolean fold) {
        var entries = new ArrayList<Entry>();
        var problems = new ArrayList<Problem>();
        for (var line : LogicalLines.of(file, text, problems)) {
            int colon = colon(line.text());
            Optional<String> local =
                    LocalName.parse(colon < 0 ? "" : line.text().substring(0, colon));
            String name = local.orElse("");
            String value = colon < 0 ? "" : line.text().substring(colon + 1).strip();
            if (local.isEmpty()) {
                problems.add(new Problem(file, line.number(), "name must be local"));
            } else if (name.isEmpty() || value.isEmpty()) {
                problems.add(new Problem(file, line.number(), "need name:value pair"));
            } else {
                entries.add(new Entry(fold ? lower(name) : name, value, line.number()));
            }
        }
        return new TableSource(entries, problems);
    }

    private static int colon(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ':' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static String lower(String key) {
        return key.toLowerCase(Locale.ROOT);
    }
}
