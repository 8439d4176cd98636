// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.util.ArrayList;
import java.util.List;

/// The message identifiers of Message-ID, In-Reply-To and References (RFC 5322, 3.6.4), in one form for each: without brackets, quotes,
/// blanks and comments (RFC 5256, 2). What is none is passed over.
public final class MessageIds {
    private final FieldLexer lexer;
    private final List<String> found = new ArrayList<>();

    private MessageIds(String field) {
        lexer = new FieldLexer(field);
    }

    /// All of a field, in order.
    public static List<String> of(String field) {
        var ids = new MessageIds(field);
        ids.read();
        return ids.found;
    }

    private void read() {
        while (next()) {
            var id = new StringBuilder();
            if (part(id) && lexer.peek() == '@') {
                lexer.at++;
                id.append('@');
                int at = id.length();
                if (part(id) && id.length() > at && lexer.peek() == '>') {
                    lexer.at++;
                    found.add(id.toString());
                }
            }
        }
    }

    /// Goes behind the bracket with which the next one may begin.
    private boolean next() {
        while (lexer.more()) {
            lexer.skip();
            if (lexer.peek() == '<') {
                lexer.at++;
                return true;
            }
            lexer.at++;
        }
        return false;
    }

    /// One side of the `@`; false if it is empty.
    private boolean part(StringBuilder id) {
        int before = id.length();
        while (true) {
            lexer.skip();
            if (lexer.peek() == '"') {
                var quoted = new StringBuilder();
                if (!lexer.quoted(quoted)) {
                    return false;
                }
                id.append(quoted);
            } else {
                var run = lexer.run(c -> c > ' ' && "<>@\"(".indexOf(c) < 0);
                if (run.isEmpty()) {
                    return id.length() > before;
                }
                id.append(run);
            }
        }
    }
}
