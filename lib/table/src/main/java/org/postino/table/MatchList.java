// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postino.config.LogicalLines;
import org.postino.config.ParamType;
import org.postino.config.ValueException;
import org.postino.util.ByteNames;
import org.postino.util.Cidr;
import org.postino.util.InetText;

/// A list of patterns as in `mydestination`, `relay_domains`, `mynetworks`, `authorized_submit_users`.
///
/// A pattern is a word, a `type:table` (any result is a match), a `/file` (its lines take its place), or `!pattern` for "not".
/// The first pattern that fits decides; if none fits, nothing is in the list.
public final class MatchList {
    private enum Kind {
        STRINGS,
        DOMAINS,
        ADDRESSES
    }

    /// One pattern: a table, or a word; `negative` if `!` stood before it.
    private record Pattern(
            String word, @Nullable Table table, @Nullable Cidr network, boolean negative) {}

    private final Kind kind;
    private final boolean parentMatches;
    private final List<Pattern> patterns = new ArrayList<>();
    private @Nullable String problem;

    private MatchList(Kind kind, boolean parentMatches, List<String> words, Tables tables) {
        this.kind = kind;
        this.parentMatches = parentMatches;
        add(words, tables, false, 0);
    }

    /// Makes a list whose words are compared as they are, without regard to case.
    public static MatchList strings(List<String> words, Tables tables) {
        return new MatchList(Kind.STRINGS, false, words, tables);
    }

    /// Makes a list of domains: `example.com` is that domain, `.example.com` its subdomains.
    ///
    /// @param parentMatches `example.com` stands for its subdomains, too
    public static MatchList domains(List<String> words, Tables tables, boolean parentMatches) {
        return new MatchList(Kind.DOMAINS, parentMatches, words, tables);
    }

    /// Makes a list of networks, addresses and host names.
    public static MatchList addresses(List<String> words, Tables tables) {
        return new MatchList(Kind.ADDRESSES, true, words, tables);
    }

    /// Returns the fault of the list itself, say a file that cannot be read or a bad network; null if there is none.
    public @Nullable String problem() {
        return problem;
    }

    private void add(List<String> words, Tables tables, boolean negate, int depth) {
        for (var item : words) {
            boolean negative = negate;
            String word = item;
            while (word.startsWith("!")) {
                negative = !negative;
                word = word.substring(1);
            }
            if (word.startsWith("/")) {
                addFile(word, tables, negative, depth);
            } else if (isTable(word)) {
                patterns.add(new Pattern(word, tables.open(word), null, negative));
            } else {
                patterns.add(plain(word, negative));
            }
        }
    }

    /// True if a word is a table: it has a colon, begins with a letter and is no IPv6 address.
    private static boolean isTable(String word) {
        int colon = word.indexOf(':');
        return colon > 0
                && !word.startsWith("[")
                && Cidr.parse(word).isEmpty()
                && Character.isLetter(word.charAt(0));
    }

    private Pattern plain(String word, boolean negative) {
        Cidr network = kind == Kind.ADDRESSES ? Cidr.parse(word).orElse(null) : null;
        if (kind == Kind.ADDRESSES && network == null && word.indexOf('/') >= 0) {
            problem =
                    "bad network \""
                            + word
                            + "\": must be address/bits without bits set behind the prefix";
        }
        return new Pattern(word.toLowerCase(Locale.ROOT), null, network, negative);
    }

    private void addFile(String file, Tables tables, boolean negative, int depth) {
        if (depth > 10) {
            problem = "files include each other: " + file;
            return;
        }
        try {
            String text = ByteNames.read(tables.placeOf(ByteNames.path(file)));
            for (var line : LogicalLines.of(file, text, new ArrayList<>())) {
                add(ParamType.Items.split(line.text()), tables, negative, depth + 1);
            }
        } catch (IOException e) {
            problem = "cannot read " + file + ": " + e.getMessage();
        } catch (ValueException e) {
            problem = file + " " + e.getMessage();
        }
    }

    /// True if a word or domain is in the list.
    ///
    /// @throws TableException the list has a [#problem()], or one of its tables cannot be asked
    public boolean matches(String text) throws TableException {
        check();
        String key = text.toLowerCase(Locale.ROOT);
        for (var p : patterns) {
            if (p.table() != null ? inTable(p.table(), key) : fits(p.word(), key)) {
                return !p.negative();
            }
        }
        return false;
    }

    /// True if a client is in the list, by its address or its name.
    ///
    /// @param name the client's host name; `unknown` if it has none
    /// @throws TableException the list has a [#problem()], or one of its tables cannot be asked
    public boolean matchesAddress(String name, InetAddress address) throws TableException {
        check();
        String host = name.toLowerCase(Locale.ROOT);
        for (var p : patterns) {
            boolean fits;
            if (p.table() != null) {
                fits =
                        inTable(p.table(), host)
                                || p.table().lookup(InetText.of(address)).isPresent();
            } else if (p.network() != null) {
                fits = p.network().contains(address);
            } else {
                fits = fits(p.word(), host);
            }
            if (fits) {
                return !p.negative();
            }
        }
        return false;
    }

    private void check() throws TableException {
        if (problem != null) {
            throw new TableException(problem);
        }
    }

    private boolean fits(String word, String key) {
        if (word.equals(key)) {
            return true;
        }
        return switch (kind) {
            case STRINGS -> false;
            case DOMAINS, ADDRESSES ->
                    word.startsWith(".")
                            ? key.endsWith(word)
                            : parentMatches && key.endsWith("." + word);
        };
    }

    private boolean inTable(Table table, String key) throws TableException {
        if (table.lookup(key).isPresent()) {
            return true;
        }
        if (kind == Kind.STRINGS || table.patterns()) {
            return false;
        }
        for (int dot = key.indexOf('.', 1); dot > 0; dot = key.indexOf('.', dot + 1)) {
            if (table.lookup(key.substring(parentMatches ? dot + 1 : dot)).isPresent()) {
                return true;
            }
        }
        return false;
    }
}
