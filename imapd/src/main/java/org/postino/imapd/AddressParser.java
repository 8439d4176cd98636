// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.postino.imapd.Address.NO_DOMAIN;
import static org.postino.imapd.Address.NO_MAILBOX;
import static org.postino.imapd.Address.NO_SYNTAX;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the value of From, To and their like (RFC 5322, 3.4 and 4.4), making something of whatever stands there.
///
/// What lacks a mailbox or a domain shows [Address#NO_MAILBOX] and [Address#NO_DOMAIN]; no address is made of two words, for
/// nobody could be meant by it.
final class AddressParser {
    private static final int MAX_ADDRESSES = 10_000;

    private final String text;
    private int at;
    private boolean inGroup;
    private @Nullable String comment;
    private final List<Address> found = new ArrayList<>();

    private AddressParser(String text) {
        this.text = text;
    }

    static List<Address> parse(String value) {
        var parser = new AddressParser(value);
        parser.list();
        return parser.found;
    }

    private int peek() {
        return at < text.length() ? text.charAt(at) : -1;
    }

    private void list() {
        while (found.size() < MAX_ADDRESSES) {
            skip();
            int c = peek();
            if (c < 0) {
                break;
            }
            if (c == ',') {
                at++;
                comment = null;
            } else if (c == ';') {
                at++;
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
    }

    private void endGroup() {
        inGroup = false;
        comment = null;
        found.add(Address.GROUP_END);
    }

    private void element() {
        int before = at;
        comment = null;
        var words = new Words();
        words.read();
        switch (peek()) {
            case ':' -> {
                at++;
                if (!inGroup) {
                    found.add(Address.groupStart(words.phrase()));
                    inGroup = true;
                }
            }
            case '<' -> angle(words.isEmpty() ? null : words.phrase());
            case '@' -> {
                at++;
                var host = domain();
                skip();
                found.add(
                        words.count > 1
                                ? new Address(words.phrase(), null, NO_MAILBOX, NO_DOMAIN)
                                : new Address(
                                        comment,
                                        null,
                                        words.isEmpty() ? NO_MAILBOX : words.joined(),
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
        if (at == before) {
            at++;
        }
    }

    private void bare(Words words) {
        if (words.broken) {
            found.add(new Address(null, null, NO_MAILBOX, NO_DOMAIN));
        } else if (words.count == 1 && (!words.quoted || comment != null)) {
            found.add(new Address(comment, null, words.joined(), NO_DOMAIN));
        } else {
            found.add(new Address(words.phrase(), null, NO_MAILBOX, NO_DOMAIN));
        }
    }

    private void angle(@Nullable String name) {
        at++;
        var outside = comment;
        skip();
        String route = null;
        if (peek() == '@') {
            route = route();
        }
        var words = new Words();
        words.read();
        String host = null;
        if (peek() == '@') {
            at++;
            host = domain();
            skip();
        }
        boolean sound = peek() == '>' && words.count <= 1;
        while (peek() >= 0 && peek() != '>' && peek() != ',') {
            at++;
        }
        if (words.count > 1 || (host == null && !sound)) {
            host = NO_SYNTAX;
        }
        // a comment within is not the name
        comment = outside;
        found.add(
                new Address(
                        name == null ? comment : name,
                        route,
                        words.isEmpty() ? NO_MAILBOX : words.first(),
                        host == null ? NO_DOMAIN : host));
        if (peek() == '>') {
            at++;
            skip();
            toSeparator();
        }
    }

    /// `@a,@b:` before an address, obsolete since 1982 and still found.
    private @Nullable String route() {
        int colon = text.indexOf(':', at);
        int close = text.indexOf('>', at);
        if (colon < 0 || (close >= 0 && close < colon)) {
            return null;
        }
        var hosts = new StringBuilder();
        while (at < colon) {
            char c = text.charAt(at++);
            if (c > ' ') {
                hosts.append(c);
            }
        }
        at = colon + 1;
        return hosts.toString();
    }

    private String domain() {
        skip();
        var host = new StringBuilder();
        if (peek() == '[') {
            while (peek() >= 0 && peek() != ']' && peek() != '>') {
                char c = text.charAt(at++);
                if (c > ' ') {
                    host.append(c);
                }
            }
            if (peek() == ']') {
                at++;
                host.append(']');
            }
        }
        while (true) {
            skip();
            int c = peek();
            if (c < 0 || ",;<>:()\"@[]\\".indexOf(c) >= 0) {
                break;
            }
            boolean dot = c == '.';
            boolean afterDot = host.isEmpty() || host.charAt(host.length() - 1) == '.';
            if (!dot && !afterDot) {
                break;
            }
            if (dot) {
                at++;
                host.append('.');
            } else {
                host.append(atom());
            }
        }
        return host.isEmpty() ? NO_DOMAIN : host.toString();
    }

    private String atom() {
        int from = at;
        while (isAtom(peek())) {
            at++;
        }
        if (from == at) {
            at++;
        }
        return text.substring(from, at);
    }

    private static boolean isAtom(int c) {
        return c > ' ' && c != 127 && "()<>@,;:\\\".[]".indexOf(c) < 0;
    }

    private void toSeparator() {
        while (peek() >= 0 && peek() != ',' && !(peek() == ';' && inGroup)) {
            if (peek() == '"') {
                var _ = quoted(new StringBuilder());
            } else if (peek() == '(') {
                skip();
            } else {
                at++;
            }
        }
    }

    /// Passes over blanks and comments; the last comment is kept, it may be the name.
    private void skip() {
        while (true) {
            int c = peek();
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                at++;
            } else if (c == '(') {
                comment = comment();
            } else {
                return;
            }
        }
    }

    private String comment() {
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
                break;
            }
            inner.append(c);
        }
        return inner.toString();
    }

    /// False if the closing quote is missing.
    private boolean quoted(StringBuilder into) {
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
                int before = at;
                skip();
                boolean blank = at > before;
                int c = peek();
                if (c == '"') {
                    word(blank, true);
                    int start = phrase.length();
                    quoted = true;
                    broken |= !quoted(phrase);
                    local.append(phrase, start, phrase.length());
                } else if (c == '.') {
                    at++;
                    phrase.append('.');
                    local.append('.');
                    pendingDot = true;
                } else if (isAtom(c) || c == '\\' || c == ']' || c == '[') {
                    word(blank, false);
                    int from = at;
                    at++;
                    while (isAtom(peek())) {
                        at++;
                    }
                    phrase.append(text, from, at);
                    local.append(text, from, at);
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
