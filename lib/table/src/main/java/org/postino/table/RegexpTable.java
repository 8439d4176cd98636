// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.postino.config.LogicalLines;
import org.postino.config.Problem;
import org.postino.config.ValueException;

/// `regexp:` and `pcre:` tables: lines `/pattern/flags value`, `!/pattern/flags value`, and `if /pattern/flags` ... `endif`; `$1`, `${1}`, `$(1)` in a value are what a group matched.
///
/// Security: a match that takes too many steps, or too deep a stack, is a temporary failure and never a match.
final class RegexpTable implements Table {
    private static final int STEPS = 4_000_000;

    /// One line. If `value` is null, it is an `if`, and its block ends before the rule with index `end`.
    private record Rule(Pattern pattern, boolean negative, @Nullable String value, int end) {}

    private final String name;
    private final List<Rule> rules;

    private RegexpTable(String name, List<Rule> rules) {
        this.name = name;
        this.rules = rules;
    }

    /// Returns a parser for the type of `table`. It allows `$1` in values unless `tables` are those without substitution.
    static FileTables.Rules reader(TableName table, Tables tables) {
        return (source, text, problems) ->
                parse(table.type(), source, text, tables.substitution(), problems);
    }

    /// @param substitution whether values may have `$1` in them
    static RegexpTable parse(
            String type, String file, String text, boolean substitution, List<Problem> problems) {
        String name = type + " map " + file;
        var rules = new ArrayList<Rule>();
        Deque<Integer> open = new ArrayDeque<>();
        for (var line : LogicalLines.of(file, text, problems)) {
            try {
                line(type, line.text(), substitution, rules, open);
            } catch (ValueException e) {
                problems.add(new Problem(name, line.number(), String.valueOf(e.getMessage())));
            }
        }
        for (int at : open) {
            problems.add(new Problem(name, 0, "IF has no matching ENDIF"));
            close(rules, at);
        }
        return new RegexpTable(name, List.copyOf(rules));
    }

    private static void line(
            String type, String text, boolean substitution, List<Rule> rules, Deque<Integer> open)
            throws ValueException {
        if (text.equalsIgnoreCase("endif")) {
            if (open.isEmpty()) {
                throw new ValueException("ignoring ENDIF without matching IF");
            }
            close(rules, open.pop());
            return;
        }
        boolean condition =
                text.regionMatches(true, 0, "if", 0, 2)
                        && text.length() > 2
                        && LogicalLines.blank(text.charAt(2));
        var rule = rule(type, condition ? text.substring(2).strip() : text, condition);
        String value = rule.value();
        if (!substitution && value != null && value.replace("$$", "").indexOf('$') >= 0) {
            throw new ValueException(
                    "regular expression substitution is not allowed: skipping this rule");
        }
        if (condition) {
            open.push(rules.size());
        }
        rules.add(rule);
    }

    private static void close(List<Rule> rules, int at) {
        var head = rules.get(at);
        rules.set(at, new Rule(head.pattern(), head.negative(), null, rules.size()));
    }

    private static Rule rule(String type, String text, boolean condition) throws ValueException {
        boolean negative = text.startsWith("!");
        String rest = negative ? text.substring(1).strip() : text;
        if (rest.isEmpty() || Character.isLetterOrDigit(rest.charAt(0))) {
            throw new ValueException("ignoring unrecognized request");
        }
        char delimiter = rest.charAt(0);
        int end = 1;
        while (end < rest.length() && rest.charAt(end) != delimiter) {
            end += rest.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= rest.length()) {
            throw new ValueException("no closing delimiter: skipping this rule");
        }
        int flagsEnd = end + 1;
        while (flagsEnd < rest.length() && !LogicalLines.blank(rest.charAt(flagsEnd))) {
            flagsEnd++;
        }
        String value = rest.substring(flagsEnd).strip();
        boolean posix = type.equals("regexp");
        var pattern =
                compile(
                        rest.substring(1, end),
                        flags(rest.substring(end + 1, flagsEnd), posix),
                        posix);
        if (!condition) {
            substitute(value, pattern.matcher(""), negative);
        }
        return new Rule(pattern, negative, condition ? null : value, 0);
    }

    /// Reads the flags, each of which toggles a default: `i` (ignore case) is on without it, and so is `s` for pcre.
    private static int flags(String letters, boolean posix) throws ValueException {
        int flags =
                Pattern.CASE_INSENSITIVE
                        | Pattern.UNICODE_CASE
                        | Pattern.DOTALL
                        | Pattern.UNIX_LINES;
        for (int i = 0; i < letters.length(); i++) {
            char c = letters.charAt(i);
            if (posix && "imx".indexOf(c) < 0) {
                throw new ValueException("unknown regexp option \"" + c + "\": skipping this rule");
            }
            flags ^=
                    switch (c) {
                        case 'i' -> Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
                        case 'm' -> Pattern.MULTILINE;
                        case 's' -> Pattern.DOTALL;
                        case 'x' -> posix ? 0 : Pattern.COMMENTS;
                        case 'E', 'S', 'X', 'A' -> 0;
                        default ->
                                throw new ValueException(
                                        "unknown PCRE option \"" + c + "\": skipping this rule");
                    };
        }
        return flags;
    }

    private static Pattern compile(String text, int flags, boolean posix) throws ValueException {
        try {
            return Pattern.compile(RegexpSyntax.toJava(text, posix), flags);
        } catch (PatternSyntaxException e) {
            throw new ValueException(e.getDescription() + ": skipping this rule", e);
        }
    }

    @Override
    public Optional<String> lookup(String key) throws TableException {
        try {
            return find(key);
        } catch (TooExpensiveException | StackOverflowError e) {
            throw new TableException(name + ": a pattern takes too long to match", e);
        } catch (ValueException e) {
            throw new TableException(name + ": " + e.getMessage(), e);
        }
    }

    private Optional<String> find(String key) throws ValueException {
        var text = new Counted(key);
        int i = 0;
        while (i < rules.size()) {
            var rule = rules.get(i);
            var matcher = rule.pattern().matcher(text);
            boolean fits = matcher.find() != rule.negative();
            if (rule.value() != null && fits) {
                return Optional.of(substitute(rule.value(), matcher, rule.negative()));
            }
            i = rule.value() == null && !fits ? rule.end() : i + 1;
        }
        return Optional.empty();
    }

    /// Puts what the groups matched into a value. On a matcher that has matched nothing yet this only checks the value.
    private static String substitute(String value, Matcher matcher, boolean negative)
            throws ValueException {
        var out = new StringBuilder();
        int i = 0;
        while (i < value.length()) {
            char c = value.charAt(i++);
            if (c != '$') {
                out.append(c);
                continue;
            }
            if (i < value.length() && value.charAt(i) == '$') {
                out.append('$');
                i++;
                continue;
            }
            boolean bracket =
                    i < value.length() && (value.charAt(i) == '{' || value.charAt(i) == '(');
            int start = bracket ? i + 1 : i;
            int end = start;
            while (end < value.length()
                    && Character.isDigit(value.charAt(end))
                    && end < start + 3) {
                end++;
            }
            if (end == start
                    || (bracket
                            && (end >= value.length() || "})".indexOf(value.charAt(end)) < 0))) {
                throw new ValueException("bad replacement syntax: skipping this rule");
            }
            out.append(group(matcher, Integer.parseInt(value.substring(start, end)), negative));
            i = bracket ? end + 1 : end;
        }
        return out.toString();
    }

    private static String group(Matcher matcher, int number, boolean negative)
            throws ValueException {
        if (negative) {
            throw new ValueException(
                    "$number found in negative match replacement text: skipping this rule");
        }
        if (number == 0 || number > matcher.groupCount()) {
            throw new ValueException(
                    "out of range replacement index \"" + number + "\": skipping this rule");
        }
        String text = matcher.hasMatch() ? matcher.group(number) : null;
        return text == null ? "" : text;
    }

    @Override
    public boolean patterns() {
        return true;
    }

    /// Ends a match that looked at too many characters.
    private static final class TooExpensiveException extends RuntimeException {
        TooExpensiveException() {
            super("too many steps", null, false, false);
        }
    }

    /// A text that counts how often it is read; one for all patterns of a lookup.
    private static final class Counted implements CharSequence {
        private final CharSequence text;
        private int left = STEPS;

        Counted(CharSequence text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooExpensiveException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
