// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.util.Optional;

/// Hears of each question to a table and of its answer, for somebody who wants to see why something was decided. Called by the
/// thread that asks.
public interface TableListener {
    /// A table has answered.
    ///
    /// @param table as the configuration names it, `type:name`
    /// @param value empty if there is none
    void answered(String table, String key, Optional<String> value);

    /// A table could not be asked.
    void failed(String table, String key, String reason);
}
