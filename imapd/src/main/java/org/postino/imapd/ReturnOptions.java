// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.imap.FetchItem;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.SequenceSet;

/// The results that an extended SEARCH or SORT returns or keeps (RFC 4731; RFC 5182; RFC 5267; RFC 9394).
///
/// @param partial the places of the results that PARTIAL wants
/// @param updates what UPDATE wants to know of each message that is added (RFC 5465, 7)
record ReturnOptions(Set<Option> options, @Nullable PartialRange partial, List<FetchItem> updates) {
    enum Option {
        MIN,
        MAX,
        ALL,
        COUNT,
        PARTIAL,
        SAVE,
        /// The client is told how the results change.
        UPDATE,
        /// A hint that the same will be asked again.
        CONTEXT
    }

    private static final Set<Option> UNTOLD =
            EnumSet.of(Option.SAVE, Option.UPDATE, Option.CONTEXT);

    /// The options in force if none is named.
    static final ReturnOptions USUAL = new ReturnOptions(EnumSet.of(Option.ALL), null, List.of());

    ReturnOptions {
        options = Set.copyOf(options);
        updates = List.copyOf(updates);
    }

    /// Takes ` (options)`.
    static ReturnOptions parse(ImapLexer args) throws IOException, ImapSyntaxException {
        var options = EnumSet.noneOf(Option.class);
        PartialRange partial = null;
        List<FetchItem> updates = List.of();
        args.sp().open();
        if (!args.accept(')')) {
            do {
                var option = option(args.keyword());
                options.add(option);
                partial = option == Option.PARTIAL ? PartialRange.parse(args.sp()) : partial;
                if (option == Option.UPDATE && args.acceptText(" (")) {
                    updates = FetchParser.itemsUpToParenthesis(args);
                }
            } while (args.next());
            args.close();
        }
        if (options.isEmpty() || options.equals(EnumSet.of(Option.CONTEXT))) {
            options.add(Option.ALL);
        }
        if (partial != null && options.contains(Option.ALL)) {
            throw new ImapSyntaxException("PARTIAL and ALL exclude each other");
        }
        return new ReturnOptions(options, partial, updates);
    }

    private static Option option(String word) throws ImapSyntaxException {
        return switch (word) {
            case "MIN" -> Option.MIN;
            case "MAX" -> Option.MAX;
            case "ALL" -> Option.ALL;
            case "COUNT" -> Option.COUNT;
            case "PARTIAL" -> Option.PARTIAL;
            case "SAVE" -> Option.SAVE;
            case "UPDATE" -> Option.UPDATE;
            case "CONTEXT" -> Option.CONTEXT;
            default -> throw new ImapSyntaxException("Unknown return option " + word);
        };
    }

    boolean saves() {
        return options.contains(Option.SAVE);
    }

    /// True if the client wants to hear how the results change.
    boolean updated() {
        return options.contains(Option.UPDATE);
    }

    /// True if the client wants to hear nothing.
    boolean isSilent() {
        return saves() && UNTOLD.containsAll(options);
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
