// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.List;
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
                if (others.value(name) == null) {
                    throw new ValueException("restriction class " + name + " needs a definition");
                }
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
            RestrictionItem.problem(item, classes).ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            throw new ValueException(String.join("; ", problems));
        }
    }
}
