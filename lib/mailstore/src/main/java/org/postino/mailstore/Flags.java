// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// An immutable set of system flags and keywords. Keywords differ without regard to case and keep the case they came in.
public final class Flags {
    public static final Flags NONE = new Flags(0, Collections.emptySortedSet());

    private static final int LONGEST_KEYWORD = 255;
    private static final String ATOM_SPECIALS = "(){ %*\"\\]";

    private final int bits;
    private final SortedSet<String> keywords;

    private Flags(int bits, SortedSet<String> keywords) {
        this.bits = bits;
        this.keywords = keywords;
    }

    public static Flags of(Flag... flags) {
        int bits = 0;
        for (Flag flag : flags) {
            bits |= flag.bit();
        }
        return ofBits(bits, List.of());
    }

    /// Reads names as they stand in IMAP: `\Seen`, `$Forwarded`. `\Recent` is passed over.
    ///
    /// @return empty if a name begins with a backslash and is no known flag, or is too long for a keyword
    public static Optional<Flags> parse(Collection<String> names) {
        int bits = 0;
        var words = new ArrayList<String>();
        for (String name : names) {
            if (isKeyword(name)) {
                words.add(name);
                continue;
            }
            int bit = bitOf(name);
            if (bit == 0 && !name.equalsIgnoreCase("\\Recent")) {
                return Optional.empty();
            }
            bits |= bit;
        }
        return Optional.of(ofBits(bits, words));
    }

    /// True if a name can be a keyword: an atom of RFC 3501, 9, and no longer than anybody needs. What a file calls a keyword
    /// is
    /// printed in responses as it is, so nothing else is taken from one.
    static boolean isKeyword(String name) {
        if (name.isEmpty() || name.length() > LONGEST_KEYWORD) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 127 || ATOM_SPECIALS.indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    static Flags ofBits(int bits, Collection<String> keywords) {
        if (keywords.isEmpty()) {
            return bits == 0 ? NONE : new Flags(bits, Collections.emptySortedSet());
        }
        var sorted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        sorted.addAll(keywords);
        return new Flags(bits, Collections.unmodifiableSortedSet(sorted));
    }

    private static int bitOf(String name) {
        for (Flag flag : Flag.ALL) {
            if (flag.text().equalsIgnoreCase(name)) {
                return flag.bit();
            }
        }
        return 0;
    }

    public boolean contains(Flag flag) {
        return (bits & flag.bit()) != 0;
    }

    /// True if a keyword is set, without regard to case.
    public boolean contains(String keyword) {
        return keywords.contains(keyword);
    }

    public boolean isEmpty() {
        return bits == 0 && keywords.isEmpty();
    }

    /// The keywords alone, in alphabetic order.
    public SortedSet<String> keywords() {
        return keywords;
    }

    /// All names as IMAP prints them, system flags first.
    public List<String> names() {
        var names = new ArrayList<String>(keywords.size() + 2);
        for (Flag flag : Flag.ALL) {
            if (contains(flag)) {
                names.add(flag.text());
            }
        }
        names.addAll(keywords);
        return names;
    }

    public Flags plus(Flags other) {
        var all = new ArrayList<>(keywords);
        all.addAll(other.keywords);
        return ofBits(bits | other.bits, all);
    }

    public Flags minus(Flags other) {
        var rest = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        rest.addAll(keywords);
        rest.removeAll(other.keywords);
        return ofBits(bits & ~other.bits, rest);
    }

    int bits() {
        return bits;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Flags f && f.bits == bits && f.keywords.equals(keywords);
    }

    @Override
    public int hashCode() {
        return bits * 31 + keywords.size();
    }

    @Override
    public String toString() {
        return "(" + String.join(" ", names()) + ")";
    }
}
