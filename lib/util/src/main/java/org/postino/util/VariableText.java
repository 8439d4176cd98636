// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A text with the variables of Dovecot 2.3: `%[[OFFSET.]WIDTH][MODIFIERS]LETTER`, `%{NAME}`, and `%%` for a percent sign.
///
/// ```
/// %u        the value of u
/// %Lu       modifiers in their order: L U lower, upper case; X a number as hexadecimal; R reversed; T without blanks at
///           its end; E quotes and \ behind a \; M the MD5 digest; D a.b as a,dc=b; H N a number made of the value
/// %2u       its first two characters; %04u at least four, with zeros in front
/// %1.2u     two characters behind the first; %-3.2u two of the last three; %1.-2u all but the first and the last two
/// %2.256Nu  for H and N: a number below 256 in hexadecimal, of at least two digits
/// ```
public final class VariableText {
    /// A piece of the text.
    private sealed interface Piece {
        record Plain(String text) implements Piece {}

        record Variable(char letter, Format format) implements Piece {}
    }

    /// The width and the modifiers before the letter.
    private record Format(int offset, int width, boolean zeros, String modifiers) {
        String apply(String value) {
            String now = value;
            int skip = offset;
            int length = width;
            for (int i = 0; i < modifiers.length(); i++) {
                char modifier = modifiers.charAt(i);
                now = VariableModifier.apply(modifier, now, length, skip);
                if (VariableModifier.isHash(modifier)) {
                    length = 0;
                    skip = 0;
                }
            }
            return cut(now, skip, length);
        }

        private String cut(String value, int skip, int length) {
            int from =
                    skip < 0 ? Math.max(0, value.length() + skip) : Math.min(skip, value.length());
            String rest = value.substring(from);
            if (length == 0) {
                return rest;
            }
            if (zeros) {
                return "0".repeat(Math.max(0, length - rest.length())) + rest;
            }
            int end = length < 0 ? Math.max(0, rest.length() + length) : length;
            return rest.substring(0, Math.min(end, rest.length()));
        }
    }

    private static final int LARGEST = 100_000;

    private final List<Piece> pieces;

    private VariableText(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    /// Reads a text.
    ///
    /// @param variables letters of the variables that there are, and their names in `%{NAME}`
    /// @throws IllegalArgumentException the text has another variable, or ends in the middle of one; the message says so
    public static VariableText parse(String text, Map<Character, String> variables) {
        return new VariableText(new Parser(text, variables).parse());
    }

    /// Returns what is wrong with a text; empty if [#parse] takes it.
    public static Optional<String> problem(String text, Map<Character, String> variables) {
        try {
            parse(text, variables);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Tells whether a variable occurs.
    public boolean has(char letter) {
        return pieces.stream()
                .anyMatch(p -> p instanceof Piece.Variable(var own, var _) && own == letter);
    }

    /// Returns the text with the values that the function has for the letters.
    public String print(Function<Character, String> values) {
        var out = new StringBuilder();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Plain(var text) -> out.append(text);
                case Piece.Variable(var letter, var format) ->
                        out.append(format.apply(values.apply(letter)));
            }
        }
        return out.toString();
    }

    private static final class Parser {
        private final String text;
        private final Map<Character, String> variables;
        private final List<Piece> pieces = new ArrayList<>();
        private int at;

        Parser(String text, Map<Character, String> variables) {
            this.text = text;
            this.variables = variables;
        }

        List<Piece> parse() {
            while (at < text.length()) {
                int percent = text.indexOf('%', at);
                int end = percent < 0 ? text.length() : percent;
                if (end > at) {
                    pieces.add(new Piece.Plain(text.substring(at, end)));
                }
                at = end;
                if (percent >= 0) {
                    at++;
                    variable();
                }
            }
            return pieces;
        }

        private void variable() {
            int start = at - 1;
            if (next() == '%') {
                at++;
                pieces.add(new Piece.Plain("%"));
                return;
            }
            boolean minus = minus();
            boolean zeros = next() == '0';
            int first = number();
            int offset = 0;
            int width = first; // a minus sign in front of it means nothing to Dovecot
            if (next() == '.') {
                at++;
                offset = minus ? -first : first;
                minus = minus();
                zeros = next() == '0';
                int second = number();
                width = minus ? -second : second;
            }
            int modifiers = at;
            while (VariableModifier.is(next())) {
                at++;
            }
            String wanted = text.substring(modifiers, at);
            pieces.add(new Piece.Variable(letter(start), new Format(offset, width, zeros, wanted)));
        }

        private boolean minus() {
            boolean minus = next() == '-';
            at += minus ? 1 : 0;
            return minus;
        }

        private int number() {
            int number = 0;
            while (next() >= '0' && next() <= '9') {
                number = Math.min(LARGEST, number * 10 + (next() - '0'));
                at++;
            }
            return number;
        }

        private char letter(int start) {
            if (next() == '{') {
                int end = text.indexOf('}', at);
                String name = end < 0 ? "" : text.substring(at + 1, end);
                at = end < 0 ? text.length() : end + 1;
                for (var variable : variables.entrySet()) {
                    if (variable.getValue().equals(name)) {
                        return variable.getKey();
                    }
                }
                throw unknown(start);
            }
            char letter = next();
            at = Math.min(at + 1, text.length());
            if (!variables.containsKey(letter)) {
                throw unknown(start);
            }
            return letter;
        }

        private IllegalArgumentException unknown(int start) {
            var known = new ArrayList<String>();
            for (var variable : variables.entrySet()) {
                known.add("%" + variable.getKey());
            }
            known.sort(null);
            return new IllegalArgumentException(
                    "unknown variable \""
                            + text.substring(start, at)
                            + "\"; known are: "
                            + String.join(", ", known));
        }

        private char next() {
            return at < text.length() ? text.charAt(at) : '\0';
        }
    }

    /// The octets of a value as digests take them.
    static byte[] octets(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
