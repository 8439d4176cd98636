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

    private final FieldLexer lexer;
    private final List<Token> tokens = new ArrayList<>();

    AddressTokens(String text) {
        lexer = new FieldLexer(text);
        lexer.skip();
        while (lexer.more()) {
            tokens.add(next());
            lexer.skip();
        }
    }

    List<Token> all() {
        return tokens;
    }

    /// The comment at the end that nothing closes; empty if there is none.
    String unclosedComment() {
        return lexer.openComment < 0 ? "" : lexer.text.substring(lexer.openComment);
    }

    private Token next() {
        int start = lexer.at;
        char c = lexer.text.charAt(start);
        if (c == '"') {
            return new Token(Kind.QUOTED, quoted(), start, lexer.at);
        }
        if (c == '[') {
            literal();
            return new Token(Kind.LITERAL, lexer.text.substring(start, lexer.at), start, lexer.at);
        }
        if (SPECIALS.indexOf(c) >= 0) {
            lexer.at++;
            return new Token(Kind.SPECIAL, String.valueOf(c), start, lexer.at);
        }
        return new Token(Kind.WORD, word(), start, lexer.at);
    }

    private String word() {
        var value = new StringBuilder();
        while (lexer.more() && isWord(lexer.text.charAt(lexer.at))) {
            char c = lexer.text.charAt(lexer.at++);
            if (c != '\\') {
                value.append(c);
            } else if (lexer.more()) {
                value.append(lexer.text.charAt(lexer.at++));
            }
        }
        return value.toString();
    }

    /// The line ends of folds are no part of what is quoted (RFC 5322, 2.2.3).
    private String quoted() {
        var value = new StringBuilder();
        var _ = lexer.quoted(value);
        return value.indexOf("\n") < 0 && value.indexOf("\r") < 0
                ? value.toString()
                : value.toString().replace("\r", "").replace("\n", "");
    }

    private void literal() {
        int close = lexer.text.indexOf(']', lexer.at);
        lexer.at = close < 0 ? lexer.text.length() : close + 1;
    }

    private static boolean isWord(char c) {
        return !FieldLexer.isBlank(c)
                && SPECIALS.indexOf(c) < 0
                && c != '"'
                && c != '('
                && c != '[';
    }
}
