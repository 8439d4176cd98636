// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.util.HashMap;
import java.util.Map;
import org.postino.config.ValueException;

/// Turns a pattern of PCRE into one of java.util.regex. What cannot be said there (recursion, conditions, callouts, verbs) is an error. Owned by
/// one thread.
final class PcreSyntax {
    private final String pattern;
    private final RegexpFlags flags;
    private final StringBuilder out;
    private final Map<String, Integer> names = new HashMap<>();
    private boolean ungreedy;
    private int groups;
    private int at;

    /// True if a quantifier may follow.
    private boolean repeatable;

    private PcreSyntax(String pattern, RegexpFlags flags) {
        this.pattern = pattern;
        this.flags = flags;
        ungreedy = flags.ungreedy();
        out = new StringBuilder(pattern.length() + 16);
    }

    static String toJava(String pattern, RegexpFlags flags) throws ValueException {
        return new PcreSyntax(pattern, flags).all();
    }

    private String all() throws ValueException {
        for (String verb : new String[] {"(*UTF8)", "(*UTF)"}) {
            at = pattern.startsWith(verb) ? verb.length() : at; // that is so anyway
        }
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            switch (c) {
                case '\\' -> {
                    at++;
                    escape();
                }
                case '[' -> bracket();
                case '(' -> group();
                case '*', '+', '?', '{' -> quantifier(c);
                case '$' -> {
                    out.append(flags.dollarEnd() && !flags.multiline() ? "\\z" : "$");
                    at++;
                    repeatable = false;
                }
                case '#' -> comment();
                default -> {
                    out.append(c);
                    at++;
                    boolean blank = flags.extended() && " \t\n\f\u000b".indexOf(c) >= 0;
                    repeatable = blank ? repeatable : c != '^' && c != '|';
                }
            }
        }
        return out.toString();
    }

    /// Copies a comment to the end of its line, if the pattern may have any.
    private void comment() {
        int end = pattern.indexOf('\n', at);
        int stop = !flags.extended() ? at + 1 : end < 0 ? pattern.length() : end;
        out.append(pattern, at, stop);
        at = stop;
        repeatable |= !flags.extended();
    }

    private void bracket() throws ValueException {
        if (pattern.startsWith("[[:<:]]", at) || pattern.startsWith("[[:>:]]", at)) {
            out.append(pattern.charAt(at + 3) == '<' ? "\\b(?=\\w)" : "\\b(?<=\\w)");
            at += 7;
            repeatable = false;
        } else {
            at = BracketSyntax.copy(pattern, at, false, false, out);
            repeatable = true;
        }
    }

    private void quantifier(char c) throws ValueException {
        int end = at + 1;
        if (c == '{') {
            end = intervalEnd();
            if (end < 0) {
                out.append("\\{");
                at++;
                repeatable = true;
                return;
            }
        }
        if (!repeatable) {
            throw new ValueException(
                    "quantifier does not follow a repeatable item: skipping this rule");
        }
        repeatable = false;
        out.append(pattern, at, end);
        at = end;
        char next = at < pattern.length() ? pattern.charAt(at) : 0;
        if (next == '+') {
            out.append('+');
            at++;
        } else {
            boolean lazy = next == '?';
            out.append(lazy != ungreedy ? "?" : "");
            at += lazy ? 1 : 0;
        }
    }

    /// The index behind `{n}`, `{n,}` or `{n,m}`; -1 if the brace is itself.
    private int intervalEnd() {
        int i = at + 1;
        int digits = i;
        while (i < pattern.length() && isDigit(pattern.charAt(i))) {
            i++;
        }
        if (i == digits) {
            return -1;
        }
        if (i < pattern.length() && pattern.charAt(i) == ',') {
            i++;
            while (i < pattern.length() && isDigit(pattern.charAt(i))) {
                i++;
            }
        }
        return i < pattern.length() && pattern.charAt(i) == '}' ? i + 1 : -1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void group() throws ValueException {
        if (pattern.startsWith("(*", at)) {
            throw unknown("(*");
        }
        if (pattern.startsWith("(?#", at)) {
            at = behind(")");
            return;
        }
        repeatable = false;
        if (!pattern.startsWith("(?", at)) {
            groups++;
            out.append('(');
            at++;
            return;
        }
        String rest = pattern.substring(at + 2);
        if (rest.startsWith("P<")) {
            named(at + 4, ">");
        } else if (rest.startsWith("'")) {
            named(at + 3, "'");
        } else if (rest.startsWith("<") && !rest.startsWith("<=") && !rest.startsWith("<!")) {
            named(at + 3, ">");
        } else if (rest.startsWith("P=")) {
            int start = at + 4;
            at = behind(")");
            reference(pattern.substring(start, at - 1));
            repeatable = true;
        } else if (!rest.isEmpty() && ":=!><".indexOf(rest.charAt(0)) >= 0) {
            int length = rest.charAt(0) == '<' ? 4 : 3;
            out.append(pattern, at, at + length);
            at += length;
        } else {
            options();
        }
    }

    private void named(int start, String closing) throws ValueException {
        int end = pattern.indexOf(closing, start);
        if (end < 0) {
            throw unknown("(?<");
        }
        names.putIfAbsent(pattern.substring(start, end), ++groups);
        out.append('(');
        at = end + 1;
    }

    /// `(?i)`, `(?i-s:`.
    private void options() throws ValueException {
        int i = at + 2;
        boolean off = false;
        var kept = new StringBuilder();
        while (i < pattern.length() && "imsxU-".indexOf(pattern.charAt(i)) >= 0) {
            char c = pattern.charAt(i++);
            off |= c == '-';
            if (c == 'U') {
                ungreedy = !off;
            } else {
                kept.append(c);
            }
        }
        if (i >= pattern.length() || ":)".indexOf(pattern.charAt(i)) < 0) {
            throw unknown("(?" + (at + 2 < pattern.length() ? pattern.charAt(at + 2) : ""));
        }
        if (!kept.isEmpty() || pattern.charAt(i) == ':') {
            out.append("(?").append(kept).append(pattern.charAt(i));
        }
        at = i + 1;
    }

    /// The index behind the next of these texts.
    private int behind(String text) throws ValueException {
        int found = pattern.indexOf(text, at);
        if (found < 0) {
            throw new ValueException("missing " + text + ": skipping this rule");
        }
        return found + text.length();
    }

    private void escape() throws ValueException {
        if (at >= pattern.length()) {
            throw new ValueException("\\ at end of pattern: skipping this rule");
        }
        char c = pattern.charAt(at++);
        repeatable = c == 'E' ? repeatable : "bBAzZGK".indexOf(c) < 0;
        switch (c) {
            case 'Q' -> quoted();
            case 'E', 'K' -> {} // \K moves the beginning of what was found, which nobody sees
            case 'N' -> out.append("[^\\n]");
            case 'g', 'k' -> reference(c);
            case 'C', 'L', 'l', 'u', 'U', 'o', 'i' -> throw unknown("\\" + c);
            default -> out.append('\\').append(c);
        }
    }

    private void quoted() {
        int end = pattern.indexOf("\\E", at);
        int stop = end < 0 ? pattern.length() : end;
        for (int i = at; i < stop; i++) {
            char c = pattern.charAt(i);
            out.append(c < 128 && !Character.isLetterOrDigit(c) ? "\\" : "").append(c);
        }
        at = end < 0 ? stop : stop + 2;
    }

    /// `\g1`, `\g{1}`, `\g{-1}`, `\k{name}`, `\k<name>`, `\k'name'`.
    private void reference(char letter) throws ValueException {
        char open = at < pattern.length() ? pattern.charAt(at) : 0;
        int close = "{<'".indexOf(open);
        if (open == 0 || (letter == 'g' && close > 0) || (letter == 'k' && close < 0)) {
            throw unknown("\\" + letter);
        }
        int start = at;
        if (close < 0) {
            while (at < pattern.length() && isDigit(pattern.charAt(at))) {
                at++;
            }
            reference(pattern.substring(start, at));
        } else {
            at++;
            at = behind("}>'".substring(close, close + 1));
            reference(pattern.substring(start + 1, at - 1));
        }
    }

    private void reference(String name) throws ValueException {
        Integer number = names.get(name);
        if (number == null && name.length() < 4 && name.matches("-?[1-9][0-9]*")) {
            int given = Integer.parseInt(name);
            number = given < 0 ? groups + 1 + given : given;
        }
        if (number == null || number < 1) {
            throw new ValueException("reference to non-existent subpattern: skipping this rule");
        }
        out.append("(?:\\").append(number).append(')');
    }

    private static ValueException unknown(String what) {
        return new ValueException("\"" + what + "\" is not known here: skipping this rule");
    }
}
