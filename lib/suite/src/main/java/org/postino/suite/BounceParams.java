// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of bounce(8).
public final class BounceParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    public static final Param<Long> BOUNCE_SIZE_LIMIT =
            T.number("bounce_size_limit", 50000, 0, "How much of a message is returned, in bytes.");
    public static final Param<String> BOUNCE_NOTICE_RECIPIENT =
            T.text(
                    "bounce_notice_recipient",
                    "postmaster",
                    "Who gets reports of undeliverable mail (notify_classes bounce).");
    public static final Param<String> SECOND_BOUNCE_NOTICE_RECIPIENT =
            T.text(
                    "2bounce_notice_recipient",
                    "postmaster",
                    "Who gets reports that could not be delivered (notify_classes 2bounce).");
    public static final Param<String> DELAY_NOTICE_RECIPIENT =
            T.text(
                    "delay_notice_recipient",
                    "postmaster",
                    "Who gets reports of late mail (notify_classes delay).");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private BounceParams() {}
}
