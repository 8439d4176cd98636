// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads the structured values of MIME fields: tokens, parameters, comments (RFC 2045, 5.1; RFC 2231), forgiving.
public final class MimeTokens {
    private static final String SPECIALS = "()<>@,;:\\\"/[]?=";
    private static final int MAX_PARAMETERS = 200;
    private static final int MAX_PIECES = 1000;

    private final FieldLexer lexer;

    public MimeTokens(String text) {
        lexer = new FieldLexer(text);
    }

    /// The transfer encoding a field's value names; null if there is none, or more than that.
    public static @Nullable String encoding(String value) {
        var tokens = new MimeTokens(value);
        var token = tokens.token();
        return token.isEmpty() || !tokens.atEnd() ? null : token;
    }

    /// The token with which a parameter's value begins that has no quotes, which is all of it if the sender keeps to the
    /// rules.
    static String tokenOf(ContentType.Parameter parameter) {
        var value = parameter.value();
        int end = 0;
        while (end < value.length() && isToken(value.charAt(end))) {
            end++;
        }
        return parameter.quoted() || end == 0 ? value : value.substring(0, end);
    }

    /// True if nothing but blanks and comments follows.
    public boolean atEnd() {
        lexer.skip();
        return !lexer.more();
    }

    /// Takes that character if it stands here.
    public boolean accept(char c) {
        lexer.skip();
        if (lexer.peek() == c) {
            lexer.at++;
            return true;
        }
        return false;
    }

    /// A token, empty if none stands here.
    public String token() {
        lexer.skip();
        return lexer.run(MimeTokens::isToken);
    }

    private static boolean isToken(int c) {
        return c > ' ' && c != 127 && SPECIALS.indexOf(c) < 0;
    }

    /// A parameter's value: quoted, or all up to a blank or semicolon, for mailers forget the quotes.
    private String value() {
        lexer.skip();
        if (lexer.peek() == '"') {
            var value = new StringBuilder();
            var _ = lexer.quoted(value);
            return value.toString();
        }
        return lexer.run(c -> " \t\r\n;\"(".indexOf(c) < 0);
    }

    /// All `; name=value` that can be made out from here on.
    public List<ContentType.Parameter> parameters() {
        var found = new ArrayList<ContentType.Parameter>();
        while (!atEnd() && found.size() < MAX_PARAMETERS) {
            if (!accept(';')) {
                lexer.at++;
                continue;
            }
            var name = token();
            if (!name.isEmpty() && accept('=')) {
                lexer.skip();
                boolean quoted = lexer.peek() == '"';
                found.add(new ContentType.Parameter(name, value(), quoted));
            }
        }
        return joined(found);
    }

    /// Puts `name*0`, `name*1*` together (RFC 2231, 3); a percent-encoded one keeps its encoding and is called `name*`.
    private static List<ContentType.Parameter> joined(List<ContentType.Parameter> parameters) {
        boolean any = false;
        for (var p : parameters) {
            any |= p.name().indexOf('*') > 0;
        }
        if (!any) {
            return parameters;
        }
        var result = new ArrayList<ContentType.Parameter>();
        var pieces = new TreeMap<String, Pieces>();
        for (var p : parameters) {
            var piece = Piece.of(p);
            if (piece == null) {
                result.add(p);
            } else {
                pieces.computeIfAbsent(
                                piece.base().toLowerCase(Locale.ROOT),
                                _ -> new Pieces(piece.base(), new TreeMap<>()))
                        .found()
                        .putIfAbsent(piece.index(), piece);
            }
        }
        for (var whole : pieces.values()) {
            whole.addTo(result);
        }
        return result;
    }

    private record Piece(String base, int index, boolean encoded, ContentType.Parameter given) {
        /// Null if the name has not the form `base*N` or `base*N*`.
        static @Nullable Piece of(ContentType.Parameter p) {
            int star = p.name().indexOf('*');
            int end = p.name().length();
            if (star <= 0 || star + 1 == end) {
                return null;
            }
            boolean encoded = p.name().endsWith("*");
            int last = encoded ? end - 1 : end;
            int index = 0;
            for (int i = star + 1; i < last; i++) {
                char c = p.name().charAt(i);
                if (c < '0' || c > '9' || index > MAX_PIECES) {
                    return null;
                }
                index = index * 10 + c - '0';
            }
            return last == star + 1
                    ? null
                    : new Piece(p.name().substring(0, star), index, encoded, p);
        }
    }

    private record Pieces(String base, TreeMap<Integer, Piece> found) {
        void addTo(List<ContentType.Parameter> result) {
            var value = new StringBuilder();
            boolean encoded = false;
            for (var piece : found.values()) {
                encoded |= piece.encoded();
            }
            int next = 0;
            for (var piece : found.values()) {
                if (piece.index() != next++) {
                    // a piece is missing: give all as they came
                    found.values().forEach(p -> result.add(p.given()));
                    return;
                }
                value.append(
                        encoded && !piece.encoded()
                                ? percent(piece.given().value(), next == 1)
                                : piece.given().value());
            }
            result.add(
                    new ContentType.Parameter(encoded ? base + "*" : base, value.toString(), true));
        }

        private static String percent(String plain, boolean first) {
            var text = new StringBuilder(first ? "''" : "");
            for (int i = 0; i < plain.length(); i++) {
                char c = plain.charAt(i);
                if (c <= ' ' || c >= 127 || c == '%' || c == '\'' || c == '*') {
                    text.append('%')
                            .append(Character.toUpperCase(Character.forDigit(c >> 4 & 15, 16)))
                            .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
                } else {
                    text.append(c);
                }
            }
            return text.toString();
        }
    }
}
