// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import org.postino.config.ParamTable;

/// Parameters of pickup(8): it has none of its own.
public final class PickupParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private PickupParams() {}
}
