// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds texts without which a pattern of java.util.regex cannot match. Owned by one thread.
///
/// It reads the pattern in the form in which [PosixSyntax] and [PcreSyntax] write it. Whatever it does not understand counts as
/// something that can match anything, so that what it finds is always right and sometimes less than there is. All is folded ([#fold]).
final class RequiredText {
    private static final int MOST_TEXTS = 16;
    private static final int LONGEST = 40;

    private final String pattern;
    private int at;
    private int depth;

    /// The error of a construct that makes all that was found doubtful.
    private static final class UnclearException extends Exception {
        UnclearException() {
            super("unclear", null, false, false);
        }
    }

    /// A piece of a pattern.
    ///
    /// @param exact all texts that it can match; null if they are many
    /// @param required it matches no text without one of these in it; several sets hold at a time
    private record Node(@Nullable Set<String> exact, List<Set<String>> required) {
        static final Node ANYTHING = new Node(null, List.of());
        static final Node NOTHING_WIDE = new Node(Set.of(""), List.of());

        static Node of(Set<String> exact) {
            return new Node(exact, List.of());
        }

        /// The sets that hold if it has to match.
        List<Set<String>> sets() {
            return exact == null ? required : List.of(exact);
        }
    }

    private RequiredText(String pattern) {
        this.pattern = pattern;
    }

    /// The sets of texts of which one each has to stand in what the pattern matches. Empty if there are none.
    static List<Set<String>> of(String pattern) {
        var reader = new RequiredText(pattern);
        try {
            Node all = reader.alternatives();
            return reader.at < pattern.length() ? List.of() : usable(all.sets());
        } catch (UnclearException e) {
            return List.of();
        }
    }

    private static List<Set<String>> usable(List<Set<String>> sets) {
        return sets.stream().filter(s -> !s.contains("")).toList();
    }

    /// The character that stands for all that java.util.regex takes for the same without regard to case.
    static char fold(char c) {
        if (c < 128) {
            return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
        }
        return Character.toLowerCase(Character.toUpperCase(c));
    }

    private boolean more() {
        return at < pattern.length();
    }

    private Node alternatives() throws UnclearException {
        if (++depth > 100) {
            throw new UnclearException();
        }
        var branches = new ArrayList<Node>();
        branches.add(sequence());
        while (more() && pattern.charAt(at) == '|') {
            at++;
            branches.add(sequence());
        }
        depth--;
        return branches.size() == 1 ? branches.getFirst() : either(branches);
    }

    /// One of several: one of the texts of each.
    private static Node either(List<Node> branches) {
        Set<String> exact = new LinkedHashSet<>();
        Set<String> required = new LinkedHashSet<>();
        boolean isExact = true;
        for (var branch : branches) {
            Set<String> longest = longest(usable(branch.sets()));
            isExact &= branch.exact() != null;
            if (branch.exact() != null) {
                exact.addAll(branch.exact());
            }
            if (longest == null) {
                required.add("");
            } else {
                required.addAll(longest);
            }
        }
        if (isExact && exact.size() <= MOST_TEXTS) {
            return Node.of(exact);
        }
        return required.contains("") || required.size() > 4 * MOST_TEXTS
                ? Node.ANYTHING
                : new Node(null, List.of(required));
    }

    private static @Nullable Set<String> longest(List<Set<String>> sets) {
        Set<String> best = null;
        for (var set : sets) {
            best = best == null || shortest(set) > shortest(best) ? set : best;
        }
        return best;
    }

    /// The length of the shortest text.
    static int shortest(Set<String> texts) {
        int length = Integer.MAX_VALUE;
        for (String text : texts) {
            length = Math.min(length, text.length());
        }
        return length;
    }

    private Node sequence() throws UnclearException {
        Set<String> run = Set.of("");
        boolean whole = true;
        var required = new ArrayList<Set<String>>();
        while (more() && "|)".indexOf(pattern.charAt(at)) < 0) {
            Node next = repeated(atom());
            Set<String> longer = next.exact() == null ? null : product(run, next.exact());
            if (longer == null) {
                whole = false;
                required.add(run);
                required.addAll(next.required());
                run = next.exact() == null ? Set.of("") : next.exact();
            } else {
                run = longer;
            }
        }
        if (whole) {
            return Node.of(run);
        }
        required.add(run);
        return new Node(null, usable(required));
    }

    /// Every text of one with every text of the other behind it; null if they are too many or too long.
    private static @Nullable Set<String> product(Set<String> first, Set<String> second) {
        if (first.size() * second.size() > MOST_TEXTS) {
            return null;
        }
        if (first.size() == 1 && second.size() == 1) {
            String all = first.iterator().next() + second.iterator().next();
            return all.length() > LONGEST ? null : Set.of(all);
        }
        Set<String> all = new LinkedHashSet<>();
        for (String a : first) {
            for (String b : second) {
                if (a.length() + b.length() > LONGEST) {
                    return null;
                }
                all.add(a + b);
            }
        }
        return all;
    }

    /// Reads the quantifier behind a piece, if there is one.
    private Node repeated(Node piece) throws UnclearException {
        if (!more() || "*+?{".indexOf(pattern.charAt(at)) < 0) {
            return piece;
        }
        char c = pattern.charAt(at++);
        boolean optional = c == '*' || c == '?';
        if (c == '{') {
            int close = pattern.indexOf('}', at);
            if (close < 0) {
                throw new UnclearException();
            }
            optional = pattern.charAt(at) == '0' || pattern.charAt(at) == ',';
            at = close + 1;
        }
        if (more() && "+?".indexOf(pattern.charAt(at)) >= 0) {
            at++;
        }
        if (c == '?' && piece.exact() != null && piece.exact().size() < MOST_TEXTS) {
            Set<String> exact = new LinkedHashSet<>(piece.exact());
            exact.add("");
            return Node.of(exact);
        }
        return optional ? Node.ANYTHING : new Node(null, usable(piece.sets()));
    }

    private Node atom() throws UnclearException {
        char c = pattern.charAt(at++);
        return switch (c) {
            case '^', '$' -> Node.NOTHING_WIDE;
            case '.' -> Node.ANYTHING;
            case '(' -> group();
            case '[' -> bracket();
            case '\\' -> escape();
            case '*', '+', '?', '{' -> throw new UnclearException();
            default -> letter(c);
        };
    }

    private static Node letter(char c) {
        return Character.isSurrogate(c) ? Node.ANYTHING : Node.of(Set.of(String.valueOf(fold(c))));
    }

    private Node group() throws UnclearException {
        boolean looks = false;
        if (more() && pattern.charAt(at) == '?') {
            String rest = pattern.substring(at + 1);
            looks = rest.startsWith("=") || rest.startsWith("!") || rest.startsWith("<");
            int length = 1;
            if (!rest.startsWith(":") && !rest.startsWith(">") && !looks) {
                while (length <= rest.length() && "ims-".indexOf(rest.charAt(length - 1)) >= 0) {
                    length++;
                }
                boolean closed = length <= rest.length() && rest.charAt(length - 1) == ')';
                if (!closed && (length > rest.length() || rest.charAt(length - 1) != ':')) {
                    throw new UnclearException();
                }
                if (closed) {
                    at += 1 + length;
                    return Node.NOTHING_WIDE;
                }
            }
            at += 1 + (rest.startsWith("<") ? 2 : length);
        }
        Node inside = alternatives();
        if (!more()) {
            throw new UnclearException();
        }
        at++; // the closing one
        return looks ? Node.NOTHING_WIDE : inside;
    }

    /// A bracket expression of few plain characters is these; any other is anything.
    private Node bracket() throws UnclearException {
        Set<String> letters = new LinkedHashSet<>();
        boolean plain = true;
        boolean first = true;
        while (true) {
            if (!more()) {
                throw new UnclearException();
            }
            char c = pattern.charAt(at++);
            if (c == ']' && !first) {
                break;
            }
            if (c == '\\' && more()) {
                c = pattern.charAt(at++);
                plain &= c < 128 && !Character.isLetterOrDigit(c);
                if ((c == 'p' || c == 'P') && more() && pattern.charAt(at) == '{') {
                    at = Math.max(at, pattern.indexOf('}', at) + 1);
                }
            } else {
                plain &= c != '-' && c != '^' && !Character.isSurrogate(c);
            }
            letters.add(String.valueOf(fold(c)));
            first = false;
        }
        return plain && letters.size() <= 4 ? Node.of(letters) : Node.ANYTHING;
    }

    private Node escape() throws UnclearException {
        if (!more()) {
            throw new UnclearException();
        }
        char c = pattern.charAt(at++);
        if ("bBAzZG".indexOf(c) >= 0) {
            return Node.NOTHING_WIDE;
        }
        if ("wWdDsShHvVRX123456789".indexOf(c) >= 0) {
            return Node.ANYTHING;
        }
        if (Character.isLetterOrDigit(c) || c >= 128) {
            throw new UnclearException();
        }
        return letter(c);
    }
}
