// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.postino.config.LogicalLines;
import org.postino.config.Problem;
import org.postino.config.ValueException;

/// Reads the text of a `regexp:` or `pcre:` table. Owned by one thread.
final class RegexpSource {
    private final String name;
    private final boolean posix;
    private final boolean substitution;
    private final List<Problem> problems;
    private final List<RegexpRule> rules = new ArrayList<>();
    private final List<List<Set<String>>> required = new ArrayList<>();
    private final Deque<Integer> open = new ArrayDeque<>();

    private RegexpSource(String name, boolean posix, boolean substitution, List<Problem> problems) {
        this.name = name;
        this.posix = posix;
        this.substitution = substitution;
        this.problems = problems;
    }

    /// Makes a table of a text. Bad lines are left out and added to `problems`.
    ///
    /// @param substitution whether values may have `$1` in them
    static RegexpTable parse(
            String type, String file, String text, boolean substitution, List<Problem> problems) {
        String name = type + " map " + file;
        var source = new RegexpSource(name, type.equals("regexp"), substitution, problems);
        for (var line : LogicalLines.of(file, text, problems)) {
            try {
                source.line(line.text(), line.number());
            } catch (ValueException e) {
                source.problem(line.number(), String.valueOf(e.getMessage()));
            }
        }
        return source.table();
    }

    private void problem(int line, String text) {
        problems.add(new Problem(name, line, text));
    }

    private RegexpTable table() {
        for (int at : open) {
            problem(0, "IF has no matching ENDIF");
            rules.set(at, rules.get(at).withEnd(rules.size()));
        }
        return new RegexpTable(name, rules, new LiteralIndex(required));
    }

    private void line(String text, int number) throws ValueException {
        if (startsWithWord(text, "endif")) {
            if (open.isEmpty()) {
                throw new ValueException("ignoring ENDIF without matching IF");
            }
            int at = open.pop();
            rules.set(at, rules.get(at).withEnd(rules.size()));
            return;
        }
        boolean condition = startsWithWord(text, "if");
        rule(condition ? text.substring(2).strip() : text, condition, number);
    }

    private static boolean startsWithWord(String text, String word) {
        return text.regionMatches(true, 0, word, 0, word.length())
                && (text.length() == word.length()
                        || !Character.isLetterOrDigit(text.charAt(word.length())));
    }

    private void rule(String text, boolean condition, int number) throws ValueException {
        boolean negative = text.startsWith("!");
        String rest = negative ? text.substring(1).strip() : text;
        if (rest.isEmpty() || Character.isLetterOrDigit(rest.charAt(0))) {
            throw new ValueException("ignoring unrecognized request");
        }
        int end = closing(rest);
        int flagsEnd = end + 1;
        while (flagsEnd < rest.length() && !LogicalLines.blank(rest.charAt(flagsEnd))) {
            flagsEnd++;
        }
        String letters = rest.substring(end + 1, flagsEnd);
        String value = rest.substring(flagsEnd).strip();
        var flags = posix ? RegexpFlags.posix(letters) : RegexpFlags.pcre(letters);
        String java = translated(rest.substring(1, end), flags);
        if (posix && java.contains(PosixSyntax.NEVER)) {
            problem(
                    number,
                    "a small letter behind a backslash matches nothing here: for a digit write [0-9], not \\d");
        }
        Pattern pattern = compiled(java, flags);
        @Nullable Replacement given = condition ? null : replacement(value, pattern, negative);
        if (value.isEmpty() != condition) {
            problem(
                    number,
                    condition
                            ? "ignoring extra text after IF statement: \"" + value + "\""
                            : "no replacement text: using empty string");
        }
        if (condition) {
            open.push(rules.size());
        }
        rules.add(new RegexpRule(pattern, flags.anchored(), negative, given, number, 0));
        required.add(!posix && flags.extended() ? List.of() : RequiredText.of(java));
    }

    /// The index of the delimiter that ends the pattern.
    private static int closing(String text) throws ValueException {
        char delimiter = text.charAt(0);
        int end = 1;
        while (end < text.length() && text.charAt(end) != delimiter) {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= text.length()) {
            throw new ValueException(
                    "no closing regexp delimiter \"" + delimiter + "\": skipping this rule");
        }
        return end;
    }

    private String translated(String pattern, RegexpFlags flags) throws ValueException {
        return posix ? PosixSyntax.toJava(pattern, flags) : PcreSyntax.toJava(pattern, flags);
    }

    private Pattern compiled(String java, RegexpFlags flags) throws ValueException {
        try {
            return Pattern.compile(java, flags.java(!posix));
        } catch (PatternSyntaxException e) {
            throw new ValueException(e.getDescription() + ": skipping this rule", e);
        }
    }

    private Replacement replacement(String value, Pattern pattern, boolean negative)
            throws ValueException {
        var given = Replacement.parse(value, pattern.matcher("").groupCount(), negative);
        if (!substitution && given.substitutes()) {
            throw new ValueException(
                    "regular expression substitution is not allowed: skipping this rule");
        }
        return given;
    }
}
