// SPDX-License-Identifier: Apache-2.0

package org.postino.bounce;

import org.postino.queue.QueueName;

/// What a notification is about.
enum Kind {
    FAILURE(
            QueueName.BOUNCE,
            "non-delivery notification",
            "Undelivered Mail Returned to Sender",
            "Undelivered Message"),
    DELAY(
            QueueName.DEFER,
            "delay notification",
            "Delayed Mail (still being retried)",
            "Delayed Message"),
    SUCCESS(
            QueueName.TRACE,
            "delivery status notification",
            "Successful Mail Delivery Report",
            "Delivered Message");

    /// Where the recipients' log stands.
    final QueueName log;

    /// What the log line calls it.
    final String name;

    final String subject;

    /// What the part with the original message is called.
    final String original;

    Kind(QueueName log, String name, String subject, String original) {
        this.log = log;
        this.name = name;
        this.subject = subject;
        this.original = original;
    }
}
