// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.List;
import java.util.Optional;
import org.postino.config.Expander;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

/// Looks for names that are no restrictions, in smtpd's lists and in the classes that `smtpd_restriction_classes` makes of other lists.
enum RestrictionWords implements ParamType.Words {
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

    private static void look(List<String> items, List<String> classes) throws ValueException {
        Optional<String> problem = RestrictionNames.problem(items, classes);
        if (problem.isPresent()) {
            throw new ValueException(problem.get());
        }
    }
}
