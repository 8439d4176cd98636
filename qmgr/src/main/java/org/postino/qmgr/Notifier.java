// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import org.postino.queue.QueueId;
import org.postino.queue.VerifyClient;

/// Those who hear what became of messages, as the queue manager sees them: the bounce daemon, and verify.
@FunctionalInterface
interface Notifier {
    /// The news for the sender.
    enum Kind {
        FAILURE,
        DELAY,
        SUCCESS,
        /// All that became of a message, as its sender asked with `sendmail -v` or `-bv`.
        REPORT
    }

    /// Has a notification made from the logs of an active message, and waits until it is safe in the queue.
    ///
    /// @throws IOException it was not made
    void tell(Kind kind, QueueId id) throws IOException;

    /// Tells verify(8) what came of a probe.
    ///
    /// @param address of which it wanted to know
    /// @throws IOException it has not heard it
    default void probed(String address, VerifyClient.Answer answer) throws IOException {
        throw new IOException("there is no verify service");
    }
}
