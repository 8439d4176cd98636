// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;

/// A delivery agent, which does one request at a time on each of many virtual threads.
@FunctionalInterface
public interface Agent {
    /// Attempts the delivery and reports each recipient with [DeliveryJob#report].
    ///
    /// A recipient that is not reported when this returns or throws is deferred, 4.3.0.
    void deliver(DeliveryJob job) throws IOException;
}
