// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.net.IDN;
import org.jspecify.annotations.Nullable;

/// Replaces `$name`, `${name}`, `${name?text}`, `${name:text}`, `${name?{text}:{text}}`, `${domain_to_ascii{text}}` and `${{text} op {text}?{text}:{text}}` in a text; `$$` is a dollar sign.
///
/// The operators are `==  !=  <  <=  >=  >` (numbers if both sides are, else texts) and, for compatibility levels, each with `level` behind it.
public final class Expander {
    private static final String TRUE = "true";
    private static final String TO_ASCII = "domain_to_ascii";

    /// Gives the expanded value of a name, or null if there is no such name.
    @FunctionalInterface
    public interface Values {
        @Nullable String value(String name) throws ValueException;
    }

    private final Values values;

    private Expander(Values values) {
        this.values = values;
    }

    /// Expands a text; a name without value becomes nothing.
    ///
    /// @throws ValueException if a `{` is not closed, a name is missing or has a character that names don't have, or `values` says so
    public static String expand(String text, Values values) throws ValueException {
        return text.indexOf('$') < 0 ? text : new Expander(values).text(text);
    }

    private String text(String text) throws ValueException {
        var out = new StringBuilder(text.length() + 32);
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '$') {
                out.append(c);
                i++;
            } else if (i + 1 < text.length() && text.charAt(i + 1) == '$') {
                out.append('$');
                i += 2;
            } else {
                i = macro(text, i + 1, out);
            }
        }
        return out.toString();
    }

    private int macro(String text, int at, StringBuilder out) throws ValueException {
        if (at < text.length() && (text.charAt(at) == '{' || text.charAt(at) == '(')) {
            int end = closing(text, at);
            out.append(expression(text.substring(at + 1, end)));
            return end + 1;
        }
        int end = nameEnd(text, at);
        if (end == at) {
            throw new ValueException("has a \"$\" without a name: \"" + text + "\"");
        }
        out.append(value(text.substring(at, end)));
        return end;
    }

    private String value(String name) throws ValueException {
        String value = values.value(name);
        return value == null ? "" : value;
    }

    private String expression(String text) throws ValueException {
        int at = skipBlanks(text, 0);
        if (at < text.length() && text.charAt(at) == '{') {
            return comparison(text, at);
        }
        int end = nameEnd(text, at);
        int next = skipBlanks(text, end);
        if (next < text.length() && text.charAt(next) == '{') {
            return function(text.substring(at, end), text, next);
        }
        if (end == at || (next < text.length() && "?:".indexOf(text.charAt(next)) < 0)) {
            throw new ValueException("has a bad parameter name: \"${" + text + "}\"");
        }
        String value = value(text.substring(at, end));
        return next == text.length() ? value : choice(text, next, !value.isEmpty());
    }

    /// `domain_to_ascii{text}`: the text as a domain of A-labels (RFC 5890); as it is if there are none for it.
    private String function(String name, String text, int open) throws ValueException {
        int close = closing(text, open);
        if (!name.equals(TO_ASCII) || skipBlanks(text, close + 1) != text.length()) {
            throw new ValueException("has an unknown function: \"${" + text + "}\"");
        }
        String domain = text(text.substring(open + 1, close)).strip();
        if (domain.chars().allMatch(c -> c < 0x80)) {
            return domain; // nearly always, and the tables of IDN take their time to load
        }
        try {
            return IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            return domain;
        }
    }

    private String comparison(String text, int at) throws ValueException {
        int leftEnd = closing(text, at);
        String left = text(text.substring(at + 1, leftEnd));
        int start = skipBlanks(text, leftEnd + 1);
        int end = start;
        while (end < text.length() && "=!<>".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        boolean level = text.startsWith("level", end);
        String operator = text.substring(start, end);
        int open = skipBlanks(text, level ? end + 5 : end);
        if (open >= text.length() || text.charAt(open) != '{') {
            throw new ValueException("has a bad comparison: \"${" + text + "}\"");
        }
        int rightEnd = closing(text, open);
        String right = text(text.substring(open + 1, rightEnd));
        boolean holds =
                holds(operator, level ? Level.compare(left, right) : compare(left, right), text);
        int next = skipBlanks(text, rightEnd + 1);
        return next == text.length() ? (holds ? TRUE : "") : choice(text, next, holds);
    }

    private static boolean holds(String operator, int order, String text) throws ValueException {
        return switch (operator) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default ->
                    throw new ValueException(
                            "has an unknown operator \"" + operator + "\": \"${" + text + "}\"");
        };
    }

    private static int compare(String left, String right) {
        if (number(left) && number(right)) {
            return Long.compare(Long.parseLong(left), Long.parseLong(right));
        }
        return left.compareTo(right);
    }

    private static boolean number(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /// Reads what stands behind the condition: `?text`, `:text`, `?{text}`, `:{text}`, `?{text}:{text}`.
    private String choice(String text, int at, boolean holds) throws ValueException {
        char kind = text.charAt(at);
        if (kind != '?' && kind != ':') {
            throw new ValueException("expects \"?\" or \":\" in \"${" + text + "}\"");
        }
        int open = skipBlanks(text, at + 1);
        if (open >= text.length() || text.charAt(open) != '{') {
            String rest = text.substring(at + 1);
            return holds == (kind == '?') ? text(rest) : "";
        }
        int close = closing(text, open);
        String first = text.substring(open + 1, close);
        int next = skipBlanks(text, close + 1);
        if (next == text.length()) {
            return holds == (kind == '?') ? text(first) : "";
        }
        int second = skipBlanks(text, next + 1);
        if (kind != '?'
                || text.charAt(next) != ':'
                || second >= text.length()
                || text.charAt(second) != '{') {
            throw new ValueException("expects \":{text}\" in \"${" + text + "}\"");
        }
        int end = closing(text, second);
        if (skipBlanks(text, end + 1) != text.length()) {
            throw new ValueException("has something behind the last \"}\" in \"${" + text + "}\"");
        }
        return text(holds ? first : text.substring(second + 1, end));
    }

    /// Index of the bracket that closes the one at `open`.
    private static int closing(String text, int open) throws ValueException {
        char left = text.charAt(open);
        char right = left == '{' ? '}' : ')';
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == left ? 1 : c == right ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new ValueException("has a \"" + left + "\" without \"" + right + "\"");
    }

    private static int nameEnd(String text, int at) {
        int end = at;
        while (end < text.length() && nameCharacter(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /// True if a character may stand in the name of a parameter.
    public static boolean nameCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_';
    }

    private static int skipBlanks(String text, int at) {
        int i = at;
        while (i < text.length() && LogicalLines.blank(text.charAt(i))) {
            i++;
        }
        return i;
    }
}
