// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.util.ArrayList;
import java.util.List;
import org.postino.message.AddressTokens.Token;

/// The addresses of a header field such as To: or Bcc: (RFC 5322, 3.4 and 4.4), an alias, a table's result or a command line, read
/// as people write them.
///
/// Comments, display names, groups, source routes and obsolete blanks are understood. Commas may lack: two words that no `@`, dot
/// or other special holds together are two addresses, as in `alice@a.test bob@b.test`. Nothing that looks like an address is
/// left out in silence. This is the answer to "whom shall it reach"; what a field looks like to its readers [NamedAddress] says.
///
/// @param entries the addresses, in order
/// @param leftOut what was not taken, as it was written: an address where a name is expected, a comment without end
public record AddressList(List<Entry> entries, List<String> leftOut) {
    /// An address and where it stands.
    ///
    /// @param address in internal form, without quotes; the domain may be missing
    /// @param start the position in the text of the address itself, without brackets
    /// @param end the position behind it
    /// @param missingComma the position where a comma lacks before it, or -1
    public record Entry(String address, int start, int end, int missingComma) {}

    public AddressList {
        entries = List.copyOf(entries);
        leftOut = List.copyOf(leftOut);
    }

    /// Reads a list, folded or not. No text is an error.
    public static AddressList parse(String text) {
        var reader = new Reader(text);
        reader.run();
        return new AddressList(reader.entries, reader.leftOut);
    }

    /// The addresses alone.
    public List<String> addresses() {
        return entries.stream().map(Entry::address).toList();
    }

    /// Says what takes the place of an address.
    ///
    /// @param <E> why it cannot say now
    @FunctionalInterface
    public interface Change<E extends Exception> {
        /// Returns the address, in internal form, that replaces this one; the same if it stays.
        String of(String address) throws E;
    }

    /// Returns a list with other addresses, and with the commas that were missing between them. Everything else stays as it is; the whole
    /// text does if no address changes.
    public static <E extends Exception> String replaced(String text, Change<E> change) throws E {
        var changed = new StringBuilder();
        int copied = 0;
        boolean differs = false;
        for (Entry e : parse(text).entries()) {
            if (e.missingComma() >= 0) {
                changed.append(text, copied, e.missingComma()).append(',');
                copied = e.missingComma();
            }
            String after = change.of(e.address());
            if (!after.equals(e.address())) {
                differs = true;
                changed.append(text, copied, e.start()).append(Address.parse(after).quoted());
                copied = e.end();
            }
        }
        return differs ? changed.append(text, copied, text.length()).toString() : text;
    }

    /// Returns a list as far as a number of words and signs reach, cut behind an address; comments and blanks do not count.
    static String head(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        List<Token> tokens = new AddressTokens(text).all();
        if (tokens.size() <= most) {
            return text;
        }
        int cut = most;
        while (cut > 0 && !tokens.get(cut).is(',') && !tokens.get(cut).is(';')) {
            cut--;
        }
        return text.substring(0, tokens.get(cut).start());
    }

    /// Collects the text between two separators, and turns it into addresses when it sees the end.
    private static final class Reader {
        private static final String INCLUDE = "include";

        private final String text;
        private final AddressTokens scanned;
        private final List<Token> tokens;
        private final List<Token> words = new ArrayList<>();
        private final List<Entry> entries = new ArrayList<>();
        private final List<String> leftOut = new ArrayList<>();

        /// Behind the last address if no separator has followed yet, else -1.
        private int open = -1;

        Reader(String text) {
            this.text = text;
            scanned = new AddressTokens(text);
            tokens = scanned.all();
        }

        void run() {
            int last = lastSemicolon();
            int i = 0;
            while (i < tokens.size()) {
                Token t = tokens.get(i);
                if (t.is(',') || t.is(';')) {
                    takeWords();
                    open = -1;
                } else if (t.is('>')) {
                    takeWords(); // nothing opened it
                } else if (t.is('<')) {
                    i = brackets(i);
                } else if (t.is(':') && beginsGroup(i, last)) {
                    name("");
                    open = -1;
                } else {
                    words.add(t);
                }
                i++;
            }
            takeWords();
            if (!scanned.unclosedComment().isEmpty()) {
                leftOut.add(scanned.unclosedComment());
            }
        }

        private int lastSemicolon() {
            int i = tokens.size() - 1;
            while (i >= 0 && !tokens.get(i).is(';')) {
                i--;
            }
            return i;
        }

        /// True if a colon ends the name of a group rather than being part of an address: the group is closed somewhere, or a blank
        /// follows.
        private boolean beginsGroup(int colon, int lastSemicolon) {
            if (words.isEmpty() || has(words, ':') || isInclude(tokens, colon)) {
                return false;
            }
            boolean blankFollows =
                    colon + 1 < tokens.size()
                            && tokens.get(colon + 1).start() > tokens.get(colon).end();
            return colon < lastSemicolon || (blankFollows && !has(words, '@'));
        }

        /// Takes an address in brackets.
        ///
        /// @return the index of the closing bracket; of the opening one if that is alone
        private int brackets(int from) {
            int to = closing(from);
            if (to < 0) {
                name("");
                return from;
            }
            List<Token> inside = withoutRoute(tokens.subList(from + 1, to));
            name(joined(inside));
            take(inside);
            open = tokens.get(to).end();
            return to;
        }

        /// The place of the closing bracket; -1 if another opens before it, or if more than one address stands between.
        private int closing(int from) {
            boolean route = from + 1 < tokens.size() && tokens.get(from + 1).is('@');
            for (int i = from + 1; i < tokens.size(); i++) {
                Token t = tokens.get(i);
                if (t.is('>')) {
                    return i;
                }
                if (t.is('<') || t.is(';') || (t.is(',') && !route)) {
                    return -1;
                }
            }
            return -1;
        }

        /// RFC 5322, 4.4: `@a,@b:` in front of an address is ignored.
        private static List<Token> withoutRoute(List<Token> inside) {
            if (inside.isEmpty() || !inside.getFirst().is('@')) {
                return inside;
            }
            int colon = inside.size() - 1;
            while (colon >= 0 && !inside.get(colon).is(':')) {
                colon--;
            }
            return inside.subList(colon + 1, inside.size());
        }

        /// The words were a display name or that of a group.
        ///
        /// @param address what it is the name of: many write that twice
        private void name(String address) {
            if (has(words, '@') && !joined(words).equalsIgnoreCase(address)) {
                leftOut.add(text.substring(words.getFirst().start(), words.getLast().end()));
            }
            words.clear();
        }

        /// The words are addresses.
        private void takeWords() {
            int from = 0;
            for (int i = 1; i < words.size(); i++) {
                if (beginsAnother(i)) {
                    take(words.subList(from, i));
                    from = i;
                }
            }
            take(words.subList(from, words.size()));
            words.clear();
        }

        private boolean beginsAnother(int i) {
            Token before = words.get(i - 1);
            Token t = words.get(i);
            if (!before.isWord()) {
                return false;
            }
            return t.isWord() || (before.end() < t.start() && (t.is('|') || isInclude(words, i)));
        }

        private static boolean isInclude(List<Token> tokens, int i) {
            return i + 2 < tokens.size()
                    && tokens.get(i).is(':')
                    && tokens.get(i + 1).value().equalsIgnoreCase(INCLUDE)
                    && tokens.get(i + 2).is(':');
        }

        private void take(List<Token> spec) {
            if (spec.isEmpty()) {
                return;
            }
            int start = spec.getFirst().start();
            int end = spec.getLast().end();
            if (spec.stream().anyMatch(t -> t.isWord() && !t.value().isEmpty())) {
                entries.add(new Entry(joined(spec), start, end, open));
                open = end;
            } else {
                leftOut.add(text.substring(start, end));
            }
        }

        private static boolean has(List<Token> tokens, char c) {
            return tokens.stream().anyMatch(t -> t.is(c));
        }

        private static String joined(List<Token> tokens) {
            var all = new StringBuilder();
            tokens.forEach(t -> all.append(t.value()));
            return all.toString();
        }
    }
}
