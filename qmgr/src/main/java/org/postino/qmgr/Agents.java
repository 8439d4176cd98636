// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import org.postino.queue.DeliveryRequest;

/// The delivery agents, as the queue manager sees them.
interface Agents {
    /// Hands a request to the agent of that transport and waits for the end of it; called by many threads.
    Outcome deliver(String transport, DeliveryRequest request);

    /// Closes connections that nobody used for a while, so that an idle agent may leave.
    void closeIdle();
}
