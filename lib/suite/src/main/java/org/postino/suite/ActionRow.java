// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.HashMap;
import java.util.Map;

/// An action that the right-hand side of a table may name, as its manual page shows it.
public interface ActionRow {
    /// The word in the table, in capitals.
    String name();

    /// Another word for the same action; empty if there is none.
    String other();

    /// The kind of text that follows the name.
    ActionArgument argument();

    /// The sentences for the manual page.
    String doc();

    /// The rows by all their words.
    static <R extends ActionRow> Map<String, R> byWord(R[] rows) {
        var map = new HashMap<String, R>();
        for (R row : rows) {
            map.put(row.name(), row);
            if (!row.other().isEmpty()) {
                map.put(row.other(), row);
            }
        }
        return map;
    }
}
