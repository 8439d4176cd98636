// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.util.ArrayDeque;
import java.util.Deque;
import org.postino.config.ValueException;

/// Turns a POSIX pattern, extended or basic, into one of java.util.regex, with the extensions and errors of the GNU C library. Owned by one thread.
final class PosixSyntax {
    private static final String NO_ATOM = "Invalid preceding regular expression";
    private static final int MOST_REPEATS = 32767;

    /// The pattern of java.util.regex that never matches.
    static final String NEVER = "(?!)";

    private final String pattern;
    private final RegexpFlags flags;
    private final StringBuilder out;

    /// The bounds of each group: where it begins in `out` while it is open.
    private final Deque<Integer> open = new ArrayDeque<>();

    private int at;
    private int groups;

    /// The index in `out` at which the last thing begins that may be repeated; -1 if there is none.
    private int atom = -1;

    private boolean repeated;

    private PosixSyntax(String pattern, RegexpFlags flags) {
        this.pattern = pattern;
        this.flags = flags;
        out = new StringBuilder(pattern.length() + 16);
    }

    static String toJava(String pattern, RegexpFlags flags) throws ValueException {
        return new PosixSyntax(pattern, flags).all();
    }

    private String all() throws ValueException {
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '\\') {
                at++;
                if (at == pattern.length()) {
                    throw bad("Trailing backslash");
                }
                escape(pattern.charAt(at++));
            } else if (c == '[') {
                begin();
                at = BracketSyntax.copy(pattern, at, true, flags.multiline(), out);
            } else {
                at++;
                character(c);
            }
        }
        if (!open.isEmpty()) {
            throw bad("Unmatched ( or \\(");
        }
        return out.toString();
    }

    private void character(char c) throws ValueException {
        if (c == '*' || (flags.extended() && "+?{()|".indexOf(c) >= 0)) {
            operator(c);
        } else if (c == '^' && (flags.extended() || startsHere())) {
            anchor("^");
        } else if (c == '$' && (flags.extended() || endsHere())) {
            anchor(flags.multiline() ? "$" : "\\z");
        } else if (c == '.') {
            begin();
            out.append('.');
        } else {
            literal(c);
        }
    }

    private void operator(char c) throws ValueException {
        switch (c) {
            case '(' -> {
                open.push(out.length());
                groups++;
                out.append('(');
                atom = -1;
            }
            case ')' -> close();
            case '|' -> {
                out.append('|');
                atom = -1;
            }
            case '{' -> interval();
            default -> {
                if (!flags.extended() && atom < 0) {
                    literal(c);
                } else {
                    repeat(String.valueOf(c));
                }
            }
        }
    }

    private void close() throws ValueException {
        if (open.isEmpty()) {
            if (!flags.extended()) {
                throw bad("Unmatched ) or \\)");
            }
            literal(')');
            return;
        }
        out.append(')');
        atom = open.pop();
        repeated = false;
    }

    private void repeat(String quantifier) throws ValueException {
        if (atom < 0) {
            throw bad(NO_ATOM);
        }
        if (repeated) {
            out.insert(atom, "(?:").append(')');
        }
        out.append(quantifier);
        repeated = true;
    }

    /// `{n}`, `{n,}`, `{n,m}`, `{,m}`.
    private void interval() throws ValueException {
        if (atom < 0) {
            throw bad(NO_ATOM);
        }
        String closing = flags.extended() ? "}" : "\\}";
        int end = pattern.indexOf(closing, at);
        if (end < 0) {
            throw bad("Unmatched \\{");
        }
        String[] bounds = pattern.substring(at, end).split(",", -1);
        at = end + closing.length();
        int least = bounds[0].isEmpty() && bounds.length == 2 ? 0 : number(bounds[0]);
        if (bounds.length == 1) {
            repeat("{" + least + "}");
        } else if (bounds.length == 2 && bounds[1].isEmpty()) {
            repeat("{" + least + ",}");
        } else if (bounds.length == 2 && number(bounds[1]) >= least) {
            repeat("{" + least + "," + number(bounds[1]) + "}");
        } else {
            throw bad("Invalid content of \\{\\}");
        }
    }

    private static int number(String text) throws ValueException {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw bad("Invalid content of \\{\\}");
        }
        if (text.length() > 5 || Integer.parseInt(text) > MOST_REPEATS) {
            throw bad("Regular expression too big");
        }
        return Integer.parseInt(text);
    }

    private void anchor(String text) {
        out.append(text);
        atom = -1;
    }

    private void begin() {
        atom = out.length();
        repeated = false;
    }

    private void literal(char c) {
        begin();
        out.append(c < 128 && !Character.isLetterOrDigit(c) ? "\\" : "").append(c);
    }

    /// True if a basic pattern or one of its alternatives or groups begins before the character that was just read.
    private boolean startsHere() {
        String before = pattern.substring(0, at - 1);
        return before.isEmpty() || before.endsWith("\\(") || before.endsWith("\\|");
    }

    private boolean endsHere() {
        return at == pattern.length()
                || pattern.startsWith("\\)", at)
                || pattern.startsWith("\\|", at);
    }

    private void escape(char c) throws ValueException {
        if (!flags.extended() && "+?{()|".indexOf(c) >= 0) {
            operator(c);
            return;
        }
        switch (c) {
            case '<' -> anchor("\\b(?=\\w)");
            case '>' -> anchor("\\b(?<=\\w)");
            case '`' -> anchor("\\A");
            case '\'' -> anchor("\\z");
            case 'b', 'B' -> anchor("\\" + c);
            case 'w', 'W', 's', 'S' -> {
                begin();
                out.append('\\').append(c);
            }
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> backReference(c - '0');
            default -> {
                // Without regard to case, the C library compares a letter behind a backslash with
                // the capitals of the text.
                if (flags.ignoreCase() && c >= 'a' && c <= 'z') {
                    begin();
                    out.append(NEVER);
                } else {
                    literal(c);
                }
            }
        }
    }

    private void backReference(int number) throws ValueException {
        if (number > groups - open.size()) {
            throw bad("Invalid back reference");
        }
        begin();
        out.append("(?:\\").append(number).append(')');
    }

    private static ValueException bad(String what) {
        return new ValueException(what + ": skipping this rule");
    }
}
