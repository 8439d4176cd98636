// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.util.ArrayList;
import java.util.List;

/// The words of an address list (RFC 5322, 3.2), without blanks and comments.
///
/// Besides the specials of the standard `%`, `!` and `|` hold words together, since addresses of other networks and the commands
/// of alias files are written so.
final class AddressTokens {
    enum Kind {
        /// An atom, without its backslashes.
        WORD,
        /// A quoted string, without quotes and backslashes.
        QUOTED,
        /// A domain literal, with its brackets.
        LITERAL,
        SPECIAL
    }

    /// One word.
    ///
    /// @param start the position of its first character in the text
    /// @param end the position behind its last
    record Token(Kind kind, String value, int start, int end) {
        boolean is(char c) {
            return kind == Kind.SPECIAL && value.charAt(0) == c;
        }

        boolean isWord() {
            return kind != Kind.SPECIAL;
        }
    }

    private static final String SPECIALS = "<>@,;:.)]%!|";

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private String unclosed = "";

    AddressTokens(String text) {
        this.text = text;
        skipBlanksAndComments();
        while (position < text.length()) {
            tokens.add(next());
            skipBlanksAndComments();
        }
    }

    List<Token> all() {
        return tokens;
    }

    /// The comment at the end that nothing closes; empty if there is none.
    String unclosedComment() {
        return unclosed;
    }

    private Token next() {
        int start = position;
        char c = text.charAt(position);
        if (c == '"') {
            return new Token(Kind.QUOTED, quoted(), start, position);
        }
        if (c == '[') {
            literal();
            return new Token(Kind.LITERAL, text.substring(start, position), start, position);
        }
        if (SPECIALS.indexOf(c) >= 0) {
            position++;
            return new Token(Kind.SPECIAL, String.valueOf(c), start, position);
        }
        return new Token(Kind.WORD, word(), start, position);
    }

    private String word() {
        var value = new StringBuilder();
        while (position < text.length() && isWord(text.charAt(position))) {
            char c = text.charAt(position++);
            if (c != '\\') {
                value.append(c);
            } else if (position < text.length()) {
                value.append(text.charAt(position++));
            }
        }
        return value.toString();
    }

    private void skipBlanksAndComments() {
        int depth = 0;
        int open = 0;
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c == '(') {
                open = depth++ == 0 ? position : open;
            } else if (c == ')' && depth > 0) {
                depth--;
            } else if (depth == 0 && !isBlank(c)) {
                return;
            } else if (c == '\\' && depth > 0) {
                position++;
            }
            position++;
        }
        position = text.length();
        if (depth > 0) {
            unclosed = text.substring(open);
        }
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

    private static boolean isWord(char c) {
        return !isBlank(c) && SPECIALS.indexOf(c) < 0 && c != '"' && c != '(' && c != '[';
    }
}
