// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.config.Declarations;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Every parameter of the suite: for `postconf`, `postino check` and the manual.
public final class AllParams {
    /// The tables, in the order of the manual.
    public static final List<ParamTable> TABLES =
            Arrays.stream(ParamSet.values()).map(ParamSet::table).toList();

    private static final Map<String, Param<?>> BY_NAME = byName();

    private AllParams() {}

    private static Map<String, Param<?>> byName() {
        var map = new HashMap<String, Param<?>>();
        for (var table : TABLES) {
            for (var p : table.params()) {
                if (map.put(p.name(), p) != null) {
                    throw new IllegalStateException("declared twice: " + p.name());
                }
            }
        }
        return Map.copyOf(map);
    }

    /// The declaration of a name, or null.
    public static @Nullable Param<?> find(String name) {
        return BY_NAME.get(name);
    }

    /// All names.
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    /// The known name nearest to an unknown one, if it may be meant.
    public static Optional<String> nearest(String name) {
        return Suggest.nearest(name, names());
    }

    /// The declarations for a program that reads a part of them. The others are declared when the first of them is asked for, as a daemon's start has no time for them.
    public static final class Others implements Declarations {
        @Override
        public @Nullable Param<?> find(String name) {
            return AllParams.find(name);
        }
    }

    /// All tables as an array, for `Config.load`.
    public static ParamTable[] tables() {
        return TABLES.toArray(new ParamTable[0]);
    }
}
