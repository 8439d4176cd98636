// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

/// Turns POSIX and PCRE patterns into those of java.util.regex: they differ in what stands between `[` and `]`.
final class RegexpSyntax {
    private RegexpSyntax() {}

    /// @param posix in `[ ]` a backslash is itself, and `\<`, `\>` are word boundaries
    static String toJava(String pattern, boolean posix) {
        var out = new StringBuilder(pattern.length() + 16);
        int i = 0;
        while (i < pattern.length()) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                char next = pattern.charAt(i + 1);
                if (posix && (next == '<' || next == '>')) {
                    out.append("\\b");
                } else if (posix && Character.isLetter(next) && "wWsSbBdD".indexOf(next) < 0) {
                    out.append(next);
                } else {
                    out.append(c).append(next);
                }
                i += 2;
            } else if (c == '[') {
                i = bracket(pattern, i, posix, out);
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    /// Copies a bracket expression that begins at `open`; returns the index behind it.
    private static int bracket(String pattern, int open, boolean posix, StringBuilder out) {
        out.append('[');
        int i = open + 1;
        if (i < pattern.length() && pattern.charAt(i) == '^') {
            out.append('^');
            i++;
        }
        boolean first = true;
        while (i < pattern.length() && (first || pattern.charAt(i) != ']')) {
            char c = pattern.charAt(i);
            int close = pattern.startsWith("[:", i) ? pattern.indexOf(":]", i + 2) : -1;
            if (close > 0) {
                out.append(named(pattern.substring(i + 2, close)));
                i = close + 2;
            } else if (c == '\\' && !posix && i + 1 < pattern.length()) {
                out.append(c).append(pattern.charAt(i + 1));
                i += 2;
            } else {
                if ("[]&\\^".indexOf(c) >= 0) {
                    out.append('\\');
                }
                out.append(c);
                i++;
            }
            first = false;
        }
        out.append(']');
        return i + 1;
    }

    private static String named(String name) {
        return switch (name) {
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
            case "word" -> "\\w";
            case "ascii" -> "\\p{ASCII}";
            default -> "\\p{" + name + "}";
        };
    }
}
