// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.util.ByteNames;

/// The name of a lookup table, `type:name`.
///
/// @param type the word before the first colon, also one that no type has; empty if there is no colon
/// @param name the rest: a path, the entries, other tables, as the type has it
public record TableName(String type, String name) {
    /// Splits a name as main.cf has it. The type is empty if there is no colon.
    public static TableName parse(String text) {
        return parse(text, "");
    }

    /// Splits a name as main.cf has it.
    ///
    /// @param defaultType the type of a name without a colon
    public static TableName parse(String text, String defaultType) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new TableName(defaultType, text)
                : new TableName(text.substring(0, colon), text.substring(colon + 1));
    }

    /// Returns the row of the type; null if there is no such type.
    public @Nullable TableType known() {
        return TableType.find(type);
    }

    /// True if postmap makes the table.
    public boolean isMade() {
        var known = known();
        return known != null && known.source() == TableType.Source.MADE;
    }

    /// True if the table is read from a file, made or as it was written; false if it is, say, lines in braces.
    public boolean isFile() {
        var known = known();
        return known != null
                && switch (known.source()) {
                    case MADE -> true;
                    case TEXT, RULES -> !Composite.braced(name);
                    case MAIN_CF, TABLES, SYSTEM -> false;
                };
    }

    /// Returns the path of the text that the table is read from or made of; meaningful only if [#isFile()].
    public Path text() {
        return ByteNames.path(name);
    }

    /// Returns the path of the file that postmap makes: `/etc/aliases.db` for `hash:/etc/aliases`.
    ///
    /// @throws IllegalStateException the type is not one that is made
    public Path made() {
        return ByteNames.path(name + madeType().ending());
    }

    /// Makes the table anew of these entries, atomically.
    ///
    /// @param permissions like `rw-r--r--`
    /// @throws IllegalStateException the type is not one that is made
    public void make(Map<String, String> entries, String permissions) throws IOException {
        TableFile.write(made(), madeType().inOrder(entries), permissions);
    }

    private TableType madeType() {
        var known = known();
        if (known == null || known.source() != TableType.Source.MADE) {
            throw new IllegalStateException(this + " is not made");
        }
        return known;
    }

    /// The name as main.cf has it.
    @Override
    public String toString() {
        return type.isEmpty() ? name : type + ":" + name;
    }
}
