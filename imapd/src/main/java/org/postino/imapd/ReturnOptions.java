// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The results that an extended SEARCH or SORT returns (RFC 4731; RFC 5267, 3).
record ReturnOptions(Set<Option> options) {
    enum Option {
        MIN,
        MAX,
        ALL,
        COUNT
    }

    ReturnOptions {
        options = Set.copyOf(options);
    }

    /// Takes ` (options)`.
    static ReturnOptions parse(ImapLexer args) throws ImapSyntaxException {
        var options = EnumSet.noneOf(Option.class);
        args.sp().open();
        if (!args.accept(')')) {
            do {
                options.add(option(args.keyword()));
            } while (args.next());
            args.close();
        }
        if (options.isEmpty()) {
            options.add(Option.ALL);
        }
        return new ReturnOptions(options);
    }

    private static Option option(String word) throws ImapSyntaxException {
        return switch (word) {
            case "MIN" -> Option.MIN;
            case "MAX" -> Option.MAX;
            case "ALL" -> Option.ALL;
            case "COUNT" -> Option.COUNT;
            default -> throw new ImapSyntaxException("Unknown return option " + word);
        };
    }

    /// The results, of which those of an empty search are missing.
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
        return results;
    }

    private void add(List<Untagged.Esearch.Result> results, Option option, String value) {
        if (options.contains(option)) {
            results.add(new Untagged.Esearch.Result(option.name(), value));
        }
    }
}
