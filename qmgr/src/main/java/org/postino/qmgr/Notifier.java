// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import org.postino.queue.QueueId;

/// The bounce daemon, as the queue manager sees it.
@FunctionalInterface
interface Notifier {
    /// The news for the sender.
    enum Kind {
        FAILURE,
        DELAY,
        SUCCESS
    }

    /// Has a notification made from the logs of an active message, and waits until it is safe in the queue.
    ///
    /// @throws IOException it was not made
    void tell(Kind kind, QueueId id) throws IOException;
}
