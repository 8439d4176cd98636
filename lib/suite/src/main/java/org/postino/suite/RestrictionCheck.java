// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.postino.config.Expander;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

/// Finds words that are no restrictions, in smtpd's lists and in the classes that `smtpd_restriction_classes` makes of other lists,
/// when the configuration is read and not when a client comes.
enum RestrictionCheck implements ParamType.Words {
    /// A list of restrictions.
    LIST {
        @Override
        public void check(List<String> items, Expander.Values others) throws ValueException {
            look(items, split(others, "smtpd_restriction_classes"));
        }
    },

    /// Names of lists.
    CLASSES {
        @Override
        public void check(List<String> items, Expander.Values others) throws ValueException {
            for (String name : items) {
                look(split(others, name), items);
            }
        }
    };

    private static List<String> split(Expander.Values others, String name) throws ValueException {
        String text = others.value(name);
        return ParamType.Items.split(text == null ? "" : text);
    }

    /// @param classes the names in `smtpd_restriction_classes`
    private static void look(List<String> words, List<String> classes) throws ValueException {
        var problems = new ArrayList<String>();
        for (var item : RestrictionItem.read(words, classes)) {
            String problem = problem(item, classes);
            if (problem != null) {
                problems.add(problem);
            }
        }
        if (!problems.isEmpty()) {
            throw new ValueException(String.join("; ", problems));
        }
    }

    private static @Nullable String problem(RestrictionItem item, List<String> classes) {
        return switch (item) {
            case RestrictionItem.Named(var name, var argument) -> {
                String bad = name.argument().problem(argument);
                yield bad.isEmpty() ? null : name.word() + " " + bad;
            }
            case RestrictionItem.ClassName _, RestrictionItem.BareTable _ -> null;
            case RestrictionItem.Unsupported(var word) ->
                    "restriction "
                            + word.toLowerCase(Locale.ROOT)
                            + " is not supported by this version";
            case RestrictionItem.Unknown(var word) ->
                    unknown(word.toLowerCase(Locale.ROOT), classes);
        };
    }

    private static String unknown(String word, List<String> classes) {
        Set<String> known = new TreeSet<>(classes);
        for (var row : RestrictionName.values()) {
            known.add(row.word());
        }
        return "unknown restriction "
                + word
                + Suggest.nearest(word, known).map(k -> ", did you mean " + k + "?").orElse("");
    }
}
