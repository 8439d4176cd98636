// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Finds the pieces of which all structured fields are made (RFC 5322, 3.2): blanks, comments, quoted strings, words.
///
/// Each reader decides what is a word to it and what the pieces mean; here they are only found. A comment or quoted string that
/// nothing closes ends with the text.
final class FieldLexer {
    final String text;
    int at;

    /// The text of the comment that was passed over last, without its outer parentheses and its backslashes.
    @Nullable String comment;

    /// The place where a comment begins that nothing closes; -1 if there is none.
    int openComment = -1;

    FieldLexer(String text) {
        this.text = text;
    }

    boolean more() {
        return at < text.length();
    }

    /// The next character, -1 at the end.
    int peek() {
        return at < text.length() ? text.charAt(at) : -1;
    }

    /// Passes over blanks, line ends and comments.
    void skip() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '(') {
                comment();
            } else if (isBlank(c)) {
                at++;
            } else {
                return;
            }
        }
    }

    /// RFC 5322, 4.1 has a NUL among the obsolete characters of text; it separates, as a blank does.
    static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
    }

    private void comment() {
        int start = at;
        var inner = new StringBuilder();
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            } else if (c == '(') {
                if (depth++ == 0) {
                    continue;
                }
            } else if (c == ')' && --depth == 0) {
                comment = inner.toString();
                return;
            }
            inner.append(c);
        }
        comment = inner.toString();
        openComment = start;
    }

    /// Adds the quoted string that begins here, without quotes and backslashes.
    ///
    /// @return false if the closing quote lacks
    boolean quoted(StringBuilder into) {
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return true;
            }
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            }
            into.append(c);
        }
        return false;
    }

    /// The characters from here on that belong to a word; empty if none does.
    String run(IntPredicate isWord) {
        int from = at;
        while (at < text.length() && isWord.test(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }
}
