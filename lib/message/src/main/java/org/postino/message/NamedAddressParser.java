// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import static org.postino.message.NamedAddress.NO_DOMAIN;
import static org.postino.message.NamedAddress.NO_LOCAL_PART;
import static org.postino.message.NamedAddress.NO_SYNTAX;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the value of From, To and their like for those who show it (RFC 5322, 3.4 and 4.4), making something of whatever stands there.
final class NamedAddressParser {
    private static final int MAX_ADDRESSES = 10_000;

    private final FieldLexer lexer;
    private boolean inGroup;
    private final List<NamedAddress> found = new ArrayList<>();

    NamedAddressParser(String text) {
        lexer = new FieldLexer(text);
    }

    List<NamedAddress> list() {
        while (found.size() < MAX_ADDRESSES) {
            lexer.skip();
            int c = lexer.peek();
            if (c < 0) {
                break;
            }
            if (c == ',') {
                lexer.at++;
                lexer.comment = null;
            } else if (c == ';') {
                lexer.at++;
                if (inGroup) {
                    endGroup();
                }
            } else {
                element();
            }
        }
        if (inGroup) {
            endGroup();
        }
        return found;
    }

    private void endGroup() {
        inGroup = false;
        lexer.comment = null;
        found.add(NamedAddress.GROUP_END);
    }

    private void element() {
        int before = lexer.at;
        lexer.comment = null;
        var words = new Words();
        words.read();
        switch (lexer.peek()) {
            case ':' -> {
                lexer.at++;
                if (!inGroup) {
                    found.add(NamedAddress.groupStart(words.phrase()));
                    inGroup = true;
                }
            }
            case '<' -> angle(words.isEmpty() ? null : words.phrase());
            case '@' -> {
                lexer.at++;
                var host = domain();
                lexer.skip();
                found.add(
                        words.count > 1
                                ? new NamedAddress(words.phrase(), null, NO_LOCAL_PART, NO_DOMAIN)
                                : new NamedAddress(
                                        lexer.comment,
                                        null,
                                        words.isEmpty() ? NO_LOCAL_PART : words.joined(),
                                        host));
                toSeparator();
            }
            default -> {
                if (!words.isEmpty()) {
                    bare(words);
                }
                toSeparator();
            }
        }
        if (lexer.at == before) {
            lexer.at++;
        }
    }

    private void bare(Words words) {
        if (words.broken) {
            found.add(new NamedAddress(null, null, NO_LOCAL_PART, NO_DOMAIN));
        } else if (words.count == 1 && (!words.quoted || lexer.comment != null)) {
            found.add(new NamedAddress(lexer.comment, null, words.joined(), NO_DOMAIN));
        } else {
            found.add(new NamedAddress(words.phrase(), null, NO_LOCAL_PART, NO_DOMAIN));
        }
    }

    private void angle(@Nullable String name) {
        lexer.at++;
        var outside = lexer.comment;
        lexer.skip();
        String route = null;
        if (lexer.peek() == '@') {
            route = route();
        }
        var words = new Words();
        words.read();
        String host = null;
        if (lexer.peek() == '@') {
            lexer.at++;
            host = domain();
            lexer.skip();
        }
        boolean sound = lexer.peek() == '>' && words.count <= 1;
        while (lexer.peek() >= 0 && lexer.peek() != '>' && lexer.peek() != ',') {
            lexer.at++;
        }
        if (words.count > 1 || (host == null && !sound)) {
            host = NO_SYNTAX;
        }
        // a comment within is not the name
        lexer.comment = outside;
        found.add(
                new NamedAddress(
                        name == null ? lexer.comment : name,
                        route,
                        words.isEmpty() ? NO_LOCAL_PART : words.first(),
                        host == null ? NO_DOMAIN : host));
        if (lexer.peek() == '>') {
            lexer.at++;
            lexer.skip();
            toSeparator();
        }
    }

    /// `@a,@b:` before an address, obsolete since 1982 and still found.
    private @Nullable String route() {
        int colon = lexer.text.indexOf(':', lexer.at);
        int close = lexer.text.indexOf('>', lexer.at);
        if (colon < 0 || (close >= 0 && close < colon)) {
            return null;
        }
        var hosts = new StringBuilder();
        while (lexer.at < colon) {
            char c = lexer.text.charAt(lexer.at++);
            if (c > ' ') {
                hosts.append(c);
            }
        }
        lexer.at = colon + 1;
        return hosts.toString();
    }

    private String domain() {
        lexer.skip();
        var host = new StringBuilder();
        if (lexer.peek() == '[') {
            while (lexer.peek() >= 0 && lexer.peek() != ']' && lexer.peek() != '>') {
                char c = lexer.text.charAt(lexer.at++);
                if (c > ' ') {
                    host.append(c);
                }
            }
            if (lexer.peek() == ']') {
                lexer.at++;
                host.append(']');
            }
        }
        while (true) {
            lexer.skip();
            int c = lexer.peek();
            if (c < 0 || ",;<>:()\"@[]\\".indexOf(c) >= 0) {
                break;
            }
            boolean dot = c == '.';
            boolean afterDot = host.isEmpty() || host.charAt(host.length() - 1) == '.';
            if (!dot && !afterDot) {
                break;
            }
            if (dot) {
                lexer.at++;
                host.append('.');
            } else {
                host.append(atom());
            }
        }
        return host.isEmpty() ? NO_DOMAIN : host.toString();
    }

    private String atom() {
        var atom = lexer.run(NamedAddressParser::isAtom);
        if (atom.isEmpty()) {
            return lexer.text.substring(lexer.at, ++lexer.at);
        }
        return atom;
    }

    private static boolean isAtom(int c) {
        return c > ' ' && c != 127 && "()<>@,;:\\\".[]".indexOf(c) < 0;
    }

    private void toSeparator() {
        while (lexer.peek() >= 0 && lexer.peek() != ',' && !(lexer.peek() == ';' && inGroup)) {
            if (lexer.peek() == '"') {
                var _ = lexer.quoted(new StringBuilder());
            } else if (lexer.peek() == '(') {
                lexer.skip();
            } else {
                lexer.at++;
            }
        }
    }

    /// A run of atoms, quoted strings and dots: a display name or a local part, which only what follows decides.
    private final class Words {
        private final StringBuilder phrase = new StringBuilder();
        private final StringBuilder local = new StringBuilder();
        private int count;
        private int firstLength;
        private boolean pendingDot;
        private boolean afterQuotes;
        private boolean quoted;
        private boolean broken;

        void read() {
            while (true) {
                int before = lexer.at;
                lexer.skip();
                boolean blank = lexer.at > before;
                int c = lexer.peek();
                if (c == '"') {
                    word(blank, true);
                    int start = phrase.length();
                    quoted = true;
                    broken |= !lexer.quoted(phrase);
                    local.append(phrase, start, phrase.length());
                } else if (c == '.') {
                    lexer.at++;
                    phrase.append('.');
                    local.append('.');
                    pendingDot = true;
                } else if (isAtom(c) || c == '\\' || c == ']' || c == '[') {
                    word(blank, false);
                    int from = lexer.at++;
                    var _ = lexer.run(NamedAddressParser::isAtom);
                    phrase.append(lexer.text, from, lexer.at);
                    local.append(lexer.text, from, lexer.at);
                } else {
                    return;
                }
            }
        }

        /// A word begins; a quoted one is a word of its own wherever it stands, unless a dot joins it.
        private void word(boolean blank, boolean quote) {
            boolean apart = blank || ((quote || afterQuotes) && !pendingDot);
            if (apart && !phrase.isEmpty()) {
                phrase.append(' ');
            }
            if (!pendingDot && (apart || count == 0)) {
                firstLength = count == 1 ? local.length() : firstLength;
                count++;
            }
            pendingDot = false;
            afterQuotes = quote;
        }

        /// The local part that the first word is.
        String first() {
            return count > 1 ? local.substring(0, firstLength) : local.toString();
        }

        boolean isEmpty() {
            return phrase.isEmpty() && count == 0;
        }

        String phrase() {
            return phrase.toString();
        }

        String joined() {
            return local.toString();
        }
    }
}
