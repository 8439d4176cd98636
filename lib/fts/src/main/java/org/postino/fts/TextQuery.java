// SPDX-License-Identifier: Apache-2.0

package org.postino.fts;

import java.util.ArrayList;
import java.util.List;
import org.postino.ipc.FieldReader;
import org.postino.ipc.FieldWriter;
import org.postino.ipc.ProtocolException;

/// A condition that messages must meet, as far as the index can tell: whatever meets it is among the candidates.
///
/// On the wire, in prefix form: a byte for the kind, then the number of its conditions, or the place and the text as characters of UTF-16.
public sealed interface TextQuery {
    /// The texts of a message in which a text is looked for.
    enum Place {
        /// The fields of the header, and of the headers of all parts.
        HEADER,
        /// The texts of all parts.
        BODY
    }

    /// The longest text that is looked for; of a longer one the beginning will do.
    int LONGEST = 200;

    /// The most conditions in one question.
    int MOST = 500;

    /// The deepest nesting of conditions.
    int DEEPEST = 50;

    /// A text within one of the texts.
    ///
    /// @param text folded as SEARCH folds it; long enough, see [#narrows]
    record Contains(Place place, String text) implements TextQuery {
        /// Cuts the text at [#LONGEST].
        public Contains {
            text = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        }
    }

    /// All of them.
    record And(List<TextQuery> all) implements TextQuery {
        public And {
            all = List.copyOf(all);
        }
    }

    /// One of them.
    record Or(List<TextQuery> any) implements TextQuery {
        public Or {
            any = List.copyOf(any);
        }
    }

    /// True if the index knows where a folded text may stand: one of three characters or more, or of the dense scripts alone.
    static boolean narrows(String folded) {
        return folded.length() >= 3
                || (!folded.isEmpty() && folded.chars().allMatch(c -> isDense((char) c)));
    }

    /// True for a character of the scripts in which one or two make a word: the index has each of them, and each pair.
    static boolean isDense(char c) {
        return c >= 0x2e80 || (c >= 0x1100 && c <= 0x11ff);
    }

    /// True if a condition is within the bounds of what can be asked.
    static boolean isAskable(TextQuery query) {
        return size(query) <= MOST && depth(query) <= DEEPEST;
    }

    private static int size(TextQuery query) {
        return 1 + inner(query).stream().mapToInt(TextQuery::size).sum();
    }

    private static int depth(TextQuery query) {
        return 1 + inner(query).stream().mapToInt(TextQuery::depth).max().orElse(0);
    }

    private static List<TextQuery> inner(TextQuery query) {
        return switch (query) {
            case Contains _ -> List.of();
            case And(var all) -> all;
            case Or(var any) -> any;
        };
    }

    /// The condition on the wire.
    default byte[] toBytes() {
        var out = new FieldWriter();
        write(this, out);
        return out.toBytes();
    }

    private static void write(TextQuery query, FieldWriter out) {
        switch (query) {
            case Contains(var place, var text) -> {
                out.raw('C').raw(place == Place.HEADER ? 'H' : 'B').number(text.length());
                text.chars().forEach(out::number); // UTF-8 has no halves of characters
            }
            case And(var all) -> write('A', all, out);
            case Or(var any) -> write('O', any, out);
        }
    }

    private static void write(char kind, List<TextQuery> queries, FieldWriter out) {
        out.raw(kind).number(queries.size());
        for (var query : queries) {
            write(query, out);
        }
    }

    /// Takes a condition from the wire.
    ///
    /// @throws ProtocolException it is none, or larger than we make any
    static TextQuery parse(byte[] bytes) throws ProtocolException {
        var in = new FieldReader(bytes);
        var query = parse(in, new int[] {MOST}, DEEPEST);
        if (!in.atEnd()) {
            throw new ProtocolException("more than one condition");
        }
        return query;
    }

    private static TextQuery parse(FieldReader in, int[] left, int depth) throws ProtocolException {
        if (depth == 0 || left[0]-- == 0) {
            throw new ProtocolException("too many conditions");
        }
        int kind = in.raw();
        return switch (kind) {
            case 'C' -> contains(in);
            case 'A' -> new And(several(in, left, depth));
            case 'O' -> new Or(several(in, left, depth));
            default -> throw new ProtocolException("unknown condition " + kind);
        };
    }

    private static List<TextQuery> several(FieldReader in, int[] left, int depth)
            throws ProtocolException {
        long n = in.number();
        if (n < 1 || n > MOST) {
            throw new ProtocolException(n + " conditions");
        }
        var queries = new ArrayList<TextQuery>();
        for (int i = 0; i < n; i++) {
            queries.add(parse(in, left, depth - 1));
        }
        return queries;
    }

    private static Contains contains(FieldReader in) throws ProtocolException {
        int where = in.raw();
        long length = in.number();
        if (length > LONGEST) {
            throw new ProtocolException("text too long");
        }
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) in.number());
        }
        if ((where != 'H' && where != 'B') || !narrows(text.toString())) {
            throw new ProtocolException("malformed condition");
        }
        return new Contains(where == 'H' ? Place.HEADER : Place.BODY, text.toString());
    }
}
