// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.queue.DeliveryResult;
import org.postino.smtp.Dsn;

/// The outcome of a request to an agent.
sealed interface Outcome {
    /// The agent answered to the end.
    ///
    /// @param destinationFailure the reason why the destination as such failed, if it did
    record Answered(List<DeliveryResult> results, @Nullable Dsn destinationFailure)
            implements Outcome {}

    /// The agent, or the connection to it, was lost after these results.
    record Lost(List<DeliveryResult> results, String reason) implements Outcome {}

    /// There is no agent to talk to.
    record Unavailable(String reason) implements Outcome {}

    /// The queue file is not there any more.
    record Gone() implements Outcome {}

    /// The queue file cannot be read.
    record Corrupt(String reason) implements Outcome {}
}
