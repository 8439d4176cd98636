// SPDX-License-Identifier: Apache-2.0

package org.postino.global.address;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The addresses in a header field such as To: or Bcc: (RFC 5322, 3.4 and 4.4), read as people write them.
///
/// Comments, display names, groups, source routes and obsolete blanks are understood. What is not an address list at all is
/// read up to the next comma: mail programs err here, and a letter shall not be lost for it.
public final class AddressList {
    /// An address and where it stands.
    ///
    /// @param address in internal form, without quotes; the domain may be missing
    /// @param start the position in the text of the address itself, without brackets
    /// @param end the position behind it
    public record Entry(String address, int start, int end) {}

    private enum Kind {
        WORD,
        QUOTED,
        LITERAL,
        SPECIAL
    }

    private record Token(Kind kind, String value, int start, int end) {
        boolean is(char c) {
            return kind == Kind.SPECIAL && value.charAt(0) == c;
        }
    }

    private final String text;
    private int position;
    private final List<Entry> entries = new ArrayList<>();

    private AddressList(String text) {
        this.text = text;
    }

    /// The addresses of a field's value, folded or not, in order.
    public static List<Entry> parse(String fieldValue) {
        var parser = new AddressList(fieldValue);
        parser.run();
        return parser.entries;
    }

    /// The addresses alone.
    public static List<String> addresses(String fieldValue) {
        var addresses = new ArrayList<String>();
        for (Entry e : parse(fieldValue)) {
            addresses.add(e.address);
        }
        return addresses;
    }

    private void run() {
        var tokens = new ArrayList<Token>();
        boolean inBrackets = false;
        for (var next = token(); next.isPresent(); next = token()) {
            Token t = next.get();
            boolean ends = !inBrackets && (t.is(',') || t.is(';'));
            if (ends) {
                element(tokens);
                tokens.clear();
            } else if (!inBrackets && t.is(':')) {
                tokens.clear(); // the name of a group, or a source route without brackets
            } else {
                inBrackets = t.is('<') || (inBrackets && !t.is('>'));
                tokens.add(t);
            }
        }
        element(tokens);
    }

    private void element(List<Token> tokens) {
        int open = indexOf(tokens, '<');
        List<Token> spec = tokens;
        if (open >= 0) {
            int close = indexOf(tokens, '>');
            spec = tokens.subList(open + 1, close > open ? close : tokens.size());
            for (int i = 0; i < spec.size(); i++) {
                if (spec.get(i).is(':')) {
                    spec = spec.subList(i + 1, spec.size()); // RFC 5322, 4.4: routes are ignored
                    i = -1;
                }
            }
        } else if (indexOf(tokens, '@') >= 0) {
            spec = aroundAt(tokens);
        }
        add(spec);
    }

    /// Of words before and behind an address without brackets, only what the at sign and dots hold together.
    private static List<Token> aroundAt(List<Token> tokens) {
        int at = indexOf(tokens, '@');
        int from = at;
        while (from > 0 && joined(tokens.get(from - 1), tokens.get(from))) {
            from--;
        }
        int to = at;
        while (to < tokens.size() - 1 && joined(tokens.get(to), tokens.get(to + 1))) {
            to++;
        }
        return tokens.subList(from, to + 1);
    }

    private static boolean joined(Token a, Token b) {
        return a.kind == Kind.SPECIAL || b.kind == Kind.SPECIAL || a.end == b.start;
    }

    private void add(List<Token> spec) {
        var address = new StringBuilder();
        for (int i = 0; i < spec.size(); i++) {
            Token t = spec.get(i);
            if (i > 0 && !joined(spec.get(i - 1), t)) {
                address.append(' ');
            }
            address.append(t.value);
        }
        if (!address.isEmpty()) {
            entries.add(new Entry(address.toString(), spec.getFirst().start, spec.getLast().end));
        }
    }

    private static int indexOf(List<Token> tokens, char c) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).is(c)) {
                return i;
            }
        }
        return -1;
    }

    private Optional<Token> token() {
        skipBlanksAndComments();
        if (position >= text.length()) {
            return Optional.empty();
        }
        int start = position;
        char c = text.charAt(position);
        if (c == '"') {
            String value = quoted();
            return Optional.of(new Token(Kind.QUOTED, value, start, position));
        }
        if (c == '[') {
            literal();
            return Optional.of(
                    new Token(Kind.LITERAL, text.substring(start, position), start, position));
        }
        position++;
        if (isSpecial(c)) {
            return Optional.of(new Token(Kind.SPECIAL, String.valueOf(c), start, position));
        }
        while (position < text.length() && isWord(text.charAt(position))) {
            position += text.charAt(position) == '\\' && position + 1 < text.length() ? 2 : 1;
        }
        return Optional.of(
                new Token(
                        Kind.WORD,
                        text.substring(start, position).replace("\\", ""),
                        start,
                        position));
    }

    private void skipBlanksAndComments() {
        int depth = 0;
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c == '(') {
                depth++;
            } else if (c == ')' && depth > 0) {
                depth--;
            } else if (depth == 0 && !isBlank(c)) {
                return;
            } else if (c == '\\' && depth > 0) {
                position++;
            }
            position++;
        }
        position = Math.min(position, text.length());
    }

    private String quoted() {
        var value = new StringBuilder();
        position++;
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c == '"') {
                break;
            }
            if (c == '\\' && position < text.length()) {
                value.append(text.charAt(position++));
            } else if (c != '\r' && c != '\n') {
                value.append(c);
            }
        }
        return value.toString();
    }

    private void literal() {
        while (position < text.length() && text.charAt(position) != ']') {
            position++;
        }
        position = Math.min(position + 1, text.length());
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
    }

    private static boolean isSpecial(char c) {
        return "<>@,;:.)".indexOf(c) >= 0;
    }

    private static boolean isWord(char c) {
        return !isBlank(c) && !isSpecial(c) && c != '"' && c != '(' && c != '[';
    }
}
