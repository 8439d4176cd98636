// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.time.Instant;
import java.util.List;

/// One message in the queue as `postqueue` lists it.
///
/// @param forcedExpire true if the administrator ordered its return to the sender
/// @param recipients the recipients that still wait
public record QueueEntry(
        QueueId id,
        QueueName queue,
        boolean forcedExpire,
        long size,
        Instant arrival,
        String sender,
        List<Waiting> recipients) {

    public QueueEntry {
        recipients = List.copyOf(recipients);
    }

    /// A recipient that waits, and the reason of its last deferral (empty: never tried).
    public record Waiting(String address, String original, String reason) {}
}
