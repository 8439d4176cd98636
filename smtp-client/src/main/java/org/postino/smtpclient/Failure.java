// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import org.jspecify.annotations.Nullable;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.Reply;
import org.postino.util.Printable;

/// A failure: its reason, and whether another try may help.
record Failure(Dsn dsn) {
    private static final int LONGEST = 2000;

    /// Makes a failure with a reason of our own.
    ///
    /// @param status an enhanced status code; `4.x.x` is temporary
    static Failure of(String status, String reason) {
        return new Failure(Dsn.of(status, reason));
    }

    /// Makes a failure of a server's reply: `host HOST[ADDR] said: 550 5.1.1 ... (in reply to RCPT TO command)`.
    ///
    /// @param how the words between the host's name and the reply
    /// @param command the words for the command; null where that goes without saying
    static Failure replied(Target target, String how, Reply reply, @Nullable String command) {
        EnhancedStatus status =
                reply.status() == null
                        ? new EnhancedStatus(reply.isPermanent() ? 5 : 4, 0, 0)
                        : reply.status();
        String reason =
                "host "
                        + target.name()
                        + " "
                        + how
                        + ": "
                        + words(reply)
                        + (command == null ? "" : " (in reply to " + command + ")");
        boolean tellable = status.severity() == 4 || status.severity() == 5;
        return new Failure(
                new Dsn(
                        tellable ? status : new EnhancedStatus(4, 5, 0),
                        reason,
                        target.host(),
                        words(reply)));
    }

    /// Returns a reply on one line, shortened to what a log line or a report has room for.
    static String words(Reply reply) {
        String text = reply.toString();
        return text.length() <= LONGEST ? text : Printable.text(text.substring(0, LONGEST)) + "...";
    }

    boolean isTemporary() {
        return dsn.status().severity() == 4;
    }

    /// Returns this failure as a temporary one.
    Failure temporary() {
        return isTemporary()
                ? this
                : new Failure(
                        new Dsn(
                                dsn.status().withSeverity(4),
                                dsn.reason(),
                                dsn.remote(),
                                dsn.diagnostic()));
    }

    Delivery delivery() {
        return isTemporary() ? new Delivery.Deferred(dsn) : new Delivery.Bounced(dsn);
    }
}
