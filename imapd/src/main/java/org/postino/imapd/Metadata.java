// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// Names of entries of METADATA, and which entries they mean (RFC 5464, 3.2 and 4.2). Names are known in small letters.
final class Metadata {
    /// The entry by which CREATE remembers the special use of a mailbox (RFC 6154, 4).
    static final String SPECIAL_USE = "/private/specialuse";

    /// Octets of a value at most.
    static final int MAX_VALUE = 1 << 16;

    /// Entries of a command at most.
    static final int MAX_ENTRIES = 100;

    private static final int MAX_NAME = 1000;

    private Metadata() {}

    /// One entry, or several in parentheses.
    static List<String> entries(ImapLexer args) throws IOException, ImapSyntaxException {
        if (args.peek() != '(') {
            return List.of(entry(args));
        }
        var entries = new ArrayList<String>();
        args.open();
        do {
            if (entries.size() == MAX_ENTRIES) {
                throw new ImapSyntaxException("Too many entries");
            }
            entries.add(entry(args));
        } while (args.next());
        args.close();
        return entries;
    }

    /// The name of an entry.
    static String entry(ImapLexer args) throws IOException, ImapSyntaxException {
        var name = args.astring().toLowerCase(Locale.ROOT);
        boolean known = name.startsWith("/private/") || name.startsWith("/shared/");
        boolean wrong =
                !known
                        || name.length() > MAX_NAME
                        || name.endsWith("/")
                        || name.contains("//")
                        || name.chars().anyMatch(c -> c <= ' ' || c >= 127 || c == '*' || c == '%');
        if (wrong) {
            throw new ImapSyntaxException("Invalid entry name");
        }
        return name;
    }

    /// The entries that are asked for, with their values; one that is asked for by its own name and is not there has none.
    ///
    /// @param depth how many levels below a name are meant, too
    static SequencedMap<String, Optional<byte[]>> select(
            Map<String, byte[]> all, List<String> names, int depth) {
        var sorted = new TreeMap<>(all);
        var found = new LinkedHashMap<String, Optional<byte[]>>();
        for (var name : names) {
            if (depth == 0 || sorted.containsKey(name)) {
                found.put(name, Optional.ofNullable(sorted.get(name)));
            }
            // what sorts between "name/" and "name0" stands below the name
            for (var below : sorted.subMap(name + "/", name + "0").entrySet()) {
                var rest = below.getKey().substring(name.length());
                if (rest.chars().filter(c -> c == '/').count() <= depth) {
                    found.put(below.getKey(), Optional.of(below.getValue()));
                }
            }
        }
        return found;
    }
}
