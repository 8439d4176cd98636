// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

/// The tests that postscreen(8) makes of a client, in the order in which their results are stored.
enum PostscreenCheck {
    /// The client waits for its greeting.
    PREGREET(true),
    /// The client is in no DNS list.
    DNSBL(true),
    /// The client waits for each reply.
    PIPELINING(false),
    /// The client speaks SMTP.
    NON_SMTP_COMMAND(false),
    /// The client ends lines in CR LF.
    BARE_NEWLINE(false);

    private final boolean early;

    PostscreenCheck(boolean early) {
        this.early = early;
    }

    /// True if it is over before the client is greeted.
    boolean isEarly() {
        return early;
    }

    /// The measures against a client that fails.
    enum Action {
        /// It is logged, and the test made again when the client comes again.
        IGNORE,
        /// All recipients are refused, so that the log says who they were.
        ENFORCE,
        /// The connection ends.
        DROP
    }
}
