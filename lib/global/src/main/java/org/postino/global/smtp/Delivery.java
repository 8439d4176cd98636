// SPDX-License-Identifier: Apache-2.0

package org.postino.global.smtp;

/// The outcome of one attempt to deliver to one recipient.
public sealed interface Delivery {
    Dsn dsn();

    /// The message was handed over; `status=sent`.
    record Sent(Dsn dsn) implements Delivery {}

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
