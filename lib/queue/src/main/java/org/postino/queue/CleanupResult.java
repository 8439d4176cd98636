// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import org.postino.smtp.Reply;

/// The result of a submission.
public sealed interface CleanupResult {
    /// The message is on the disk and will be delivered: the client may be told so.
    ///
    /// @param size of the content in bytes
    record Queued(QueueId id, long size) implements CleanupResult {}

    /// Nothing was kept.
    ///
    /// @param reply 4xx or 5xx for the client
    /// @param reason for the log; empty if cleanup has logged a refusal that says it all
    record Refused(Reply reply, String reason) implements CleanupResult {}
}
