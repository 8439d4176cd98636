// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.io.Closeable;
import java.util.Optional;

/// A lookup table; may be used by several threads at a time.
public interface Table extends Closeable {
    /// Finds the value of a key; empty if there is none.
    ///
    /// @throws TableException the table cannot be asked now: the caller defers, and does not take it for "not found"
    Optional<String> lookup(String key) throws TableException;

    /// True if the table holds patterns (regexp, cidr): it is asked for a whole address only, never for a part of it.
    default boolean patterns() {
        return false;
    }

    @Override
    default void close() {}
}
