// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of bounce(8).
public final class BounceParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// A notification of failure returns a message of up to this many bytes whole, and of a larger
    /// one the header.
    ///
    /// Lower it if senders need not have their attachments back.
    ///
    ///     bounce_size_limit = 20000
    public static final Param<Long> BOUNCE_SIZE_LIMIT = T.number("bounce_size_limit", 50000, 0);

    /// A notification about a message with REQUIRETLS returns its header only, and travels without REQUIRETLS (RFC 8689, 5).
    ///
    /// Leave it: the way back may lack what the way there had, and the sender would hear nothing.
    ///
    ///     requiretls_redact_dsn = no
    public static final Param<Boolean> REQUIRETLS_REDACT_DSN =
            T.bool("requiretls_redact_dsn", true);

    /// This address gets the postmaster's copies of notifications of failure, if notify_classes has
    /// bounce.
    ///
    /// Name the person who looks after undeliverable mail.
    ///
    ///     bounce_notice_recipient = mailadmin
    public static final Param<String> BOUNCE_NOTICE_RECIPIENT =
            T.text("bounce_notice_recipient", "postmaster");

    /// This address gets notifications that could not be delivered to their sender, if
    /// notify_classes has 2bounce.
    ///
    /// Name an address that people read: such mail has no other home.
    ///
    ///     2bounce_notice_recipient = mailadmin
    public static final Param<String> SECOND_BOUNCE_NOTICE_RECIPIENT =
            T.text("2bounce_notice_recipient", "postmaster");

    /// This address gets the postmaster's copies of notices about late mail, if notify_classes has
    /// delay.
    ///
    /// Name the person who looks at the queue.
    ///
    ///     delay_notice_recipient = mailadmin
    public static final Param<String> DELAY_NOTICE_RECIPIENT =
            T.text("delay_notice_recipient", "postmaster");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private BounceParams() {}
}
