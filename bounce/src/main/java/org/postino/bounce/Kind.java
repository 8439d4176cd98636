// SPDX-License-Identifier: Apache-2.0

package org.postino.bounce;

import org.postino.queue.QueueName;

/// The subject of a notification: failure, delay, success, or a report of everything that was asked for.
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
            "Delivered Message"),
    REPORT(
            QueueName.TRACE,
            "delivery status notification",
            "Mail Delivery Status Report",
            "Message");

    /// The directory with the log of the recipients.
    final QueueName log;

    /// The name in the log line.
    final String name;

    final String subject;

    /// The description of the part that holds the original message.
    final String original;

    Kind(QueueName log, String name, String subject, String original) {
        this.log = log;
        this.name = name;
        this.subject = subject;
        this.original = original;
    }
}
