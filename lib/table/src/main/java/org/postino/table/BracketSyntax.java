// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import org.postino.config.ValueException;

/// Turns the bracket expressions of POSIX and PCRE patterns, `[a-z[:digit:]]`, into those of java.util.regex, which take a blank, `[`, `&` and more for
/// something else.
final class BracketSyntax {
    private final String pattern;
    private final boolean posix;
    private final StringBuilder out;
    private int at;

    /// @param posix a backslash is itself, and `[=a=]` and `[.a.]` are known
    private BracketSyntax(String pattern, int at, boolean posix, StringBuilder out) {
        this.pattern = pattern;
        this.at = at;
        this.posix = posix;
        this.out = out;
    }

    /// Copies the expression that begins at `open`; returns the index behind it.
    ///
    /// @param lines `[^ ]` matches no line end
    static int copy(String pattern, int open, boolean posix, boolean lines, StringBuilder out)
            throws ValueException {
        return new BracketSyntax(pattern, open + 1, posix, out).copy(lines);
    }

    private int copy(boolean lines) throws ValueException {
        out.append('[');
        boolean negative = at < pattern.length() && pattern.charAt(at) == '^';
        if (negative) {
            out.append('^').append(lines ? "\\n" : "");
            at++;
        }
        for (boolean first = true; first || peek() != ']'; first = false) {
            item();
        }
        out.append(']');
        return at + 1;
    }

    private char peek() throws ValueException {
        if (at >= pattern.length()) {
            throw new ValueException(
                    posix
                            ? "Unmatched [, [^, [:, [., or [=: skipping this rule"
                            : "missing terminating ] for character class: skipping this rule");
        }
        return pattern.charAt(at);
    }

    private void item() throws ValueException {
        char c = peek();
        if (c == '[' && named()) {
            return;
        }
        if (c == '\\' && !posix) {
            at++;
            escape(peek());
        } else {
            at++;
            literal(c);
        }
    }

    private void literal(char c) {
        if ("[]&\\^# \t\f\u000b".indexOf(c) >= 0) {
            out.append('\\');
        }
        out.append(c);
    }

    private void escape(char c) {
        if (c == 'Q') {
            int end = pattern.indexOf("\\E", at);
            int stop = end < 0 ? pattern.length() : end;
            for (int i = at + 1; i < stop; i++) {
                out.append(pattern.charAt(i) == '-' ? "\\" : "");
                literal(pattern.charAt(i));
            }
            at = end < 0 ? stop : stop + 2;
            return;
        }
        at++;
        if (c == 'b') {
            out.append("\\x08"); // backspace, here
        } else if (c != 'E') {
            out.append('\\').append(c);
        }
    }

    /// Copies `[:name:]` and its like; false if there is none.
    private boolean named() throws ValueException {
        char kind = at + 1 < pattern.length() ? pattern.charAt(at + 1) : 0;
        if (kind != ':' && !(posix && (kind == '=' || kind == '.'))) {
            return false;
        }
        int close = pattern.indexOf(kind + "]", at + 2);
        if (close < 0) {
            if (posix) {
                at = pattern.length();
                peek();
            }
            return false;
        }
        String name = pattern.substring(at + 2, close);
        if (kind == ':') {
            out.append(named(name));
        } else if (name.length() == 1) {
            out.append('\\').append(name.equals("\n") ? "n" : name);
        } else {
            throw new ValueException("Invalid collation character: skipping this rule");
        }
        at = close + 2;
        return true;
    }

    private String named(String name) throws ValueException {
        boolean not = !posix && name.startsWith("^");
        String escape =
                switch (not ? name.substring(1) : name) {
                    case "alpha" -> "\\p{Alpha}";
                    case "digit" -> "\\p{Digit}";
                    case "alnum" -> "\\p{Alnum}";
                    case "upper" -> "\\p{Upper}";
                    case "lower" -> "\\p{Lower}";
                    case "punct" -> "\\p{Punct}";
                    case "graph" -> "\\p{Graph}";
                    case "print" -> "\\p{Print}";
                    case "blank" -> "\\p{Blank}";
                    case "cntrl" -> "\\p{Cntrl}";
                    case "xdigit" -> "\\p{XDigit}";
                    case "space" -> "\\p{Space}";
                    case "word" -> posix ? "" : "\\w";
                    case "ascii" -> posix ? "" : "\\p{ASCII}";
                    default -> "";
                };
        if (escape.isEmpty()) {
            throw new ValueException(
                    posix
                            ? "Invalid character class name: skipping this rule"
                            : "unknown POSIX class name: skipping this rule");
        }
        return not ? escape.replace("\\p", "\\P").replace("\\w", "\\W") : escape;
    }
}
