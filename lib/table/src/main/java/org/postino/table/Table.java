// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.io.Closeable;
import java.util.Optional;

/// A lookup table; may be used by several threads at a time.
public interface Table extends Closeable {
    /// The value of a key, or empty.
    ///
    /// @throws TableException if the table cannot be asked now
    Optional<String> lookup(String key) throws TableException;

    /// Whether keys are patterns (regexp, cidr): such a table is asked for a whole address only, never for a part of it.
    default boolean patterns() {
        return false;
    }

    @Override
    default void close() {}
}
