// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.SequenceSet;

/// The results that an extended SEARCH or SORT returns or keeps (RFC 4731; RFC 5182; RFC 5267, 3; RFC 9394).
///
/// @param partial the places of the results that PARTIAL wants
record ReturnOptions(Set<Option> options, @Nullable PartialRange partial) {
    enum Option {
        MIN,
        MAX,
        ALL,
        COUNT,
        PARTIAL,
        SAVE
    }

    /// The options in force if none is named.
    static final ReturnOptions USUAL = new ReturnOptions(EnumSet.of(Option.ALL), null);

    ReturnOptions {
        options = Set.copyOf(options);
    }

    /// Takes ` (options)`.
    static ReturnOptions parse(ImapLexer args) throws ImapSyntaxException {
        var options = EnumSet.noneOf(Option.class);
        PartialRange partial = null;
        args.sp().open();
        if (!args.accept(')')) {
            do {
                var option = option(args.keyword());
                options.add(option);
                partial = option == Option.PARTIAL ? PartialRange.parse(args.sp()) : partial;
            } while (args.next());
            args.close();
        }
        if (options.isEmpty()) {
            options.add(Option.ALL);
        }
        if (partial != null && options.contains(Option.ALL)) {
            throw new ImapSyntaxException("PARTIAL and ALL exclude each other");
        }
        return new ReturnOptions(options, partial);
    }

    private static Option option(String word) throws ImapSyntaxException {
        return switch (word) {
            case "MIN" -> Option.MIN;
            case "MAX" -> Option.MAX;
            case "ALL" -> Option.ALL;
            case "COUNT" -> Option.COUNT;
            case "PARTIAL" -> Option.PARTIAL;
            case "SAVE" -> Option.SAVE;
            default -> throw new ImapSyntaxException("Unknown return option " + word);
        };
    }

    boolean saves() {
        return options.contains(Option.SAVE);
    }

    /// True if the client wants to hear nothing.
    boolean isSilent() {
        return options.equals(Set.of(Option.SAVE));
    }

    /// Those of the results that are told, or that would be if they are only kept (RFC 5182, 2.4; RFC 9394, 3.1).
    int[] chosen(int[] found) {
        if (found.length == 0
                || options.contains(Option.ALL)
                || options.contains(Option.COUNT)
                || isSilent()) {
            return found;
        }
        var chosen = new LinkedHashSet<Integer>();
        if (options.contains(Option.MIN)) {
            chosen.add(found[0]);
        }
        if (options.contains(Option.MAX)) {
            chosen.add(found[found.length - 1]);
        }
        if (partial != null) {
            Arrays.stream(found, partial.from(found.length), partial.to(found.length))
                    .forEach(chosen::add);
        }
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }

    /// The results as a response has them, of which those of an empty search are missing.
    ///
    /// @param numbers what was found, in the order of the search or sort
    List<Untagged.Esearch.Result> results(long[] numbers) {
        var results = new ArrayList<Untagged.Esearch.Result>();
        int n = numbers.length;
        if (n > 0) {
            add(results, Option.MIN, Long.toString(numbers[0]));
            add(results, Option.MAX, Long.toString(numbers[n - 1]));
            if (options.contains(Option.ALL)) {
                add(results, Option.ALL, SequenceSet.print(numbers, n));
            }
        }
        add(results, Option.COUNT, Integer.toString(n));
        if (partial != null) {
            long[] part = Arrays.copyOfRange(numbers, partial.from(n), partial.to(n));
            var set = part.length == 0 ? "NIL" : SequenceSet.print(part, part.length);
            add(results, Option.PARTIAL, "(" + partial.text() + " " + set + ")");
        }
        return results;
    }

    private void add(List<Untagged.Esearch.Result> results, Option option, String value) {
        if (options.contains(option)) {
            results.add(new Untagged.Esearch.Result(option.name(), value));
        }
    }
}
