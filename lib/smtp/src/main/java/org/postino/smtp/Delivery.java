// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

/// The outcome of one attempt to deliver to one recipient.
public sealed interface Delivery {
    Dsn dsn();

    /// The message was handed over; `status=sent`.
    record Sent(Dsn dsn, Goal goal) implements Delivery {
        public Sent(Dsn dsn) {
            this(dsn, Goal.DELIVERED);
        }
    }

    /// The place that a delivered message has reached; it decides who tells a sender that wants to know (RFC 3461, 5.2.2 and 5.2.7).
    enum Goal {
        /// The message is where it was to go; we tell.
        DELIVERED,
        /// A server that tells nobody; we tell as much as we know.
        RELAYED,
        /// A server that knows what the sender wants; it tells.
        PASSED_ON,
        /// On the way to those whom a local name stands for; we tell that, and nobody tells more.
        EXPANDED
    }

    /// Not now: the queue manager tries again; `status=deferred`.
    record Deferred(Dsn dsn) implements Delivery {}

    /// Never: the sender is told; `status=bounced`.
    record Bounced(Dsn dsn) implements Delivery {}

    /// The word after `status=` in the log.
    default String word() {
        return switch (this) {
            case Sent _ -> "sent";
            case Deferred _ -> "deferred";
            case Bounced _ -> "bounced";
        };
    }
}
