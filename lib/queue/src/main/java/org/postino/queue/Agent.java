// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;

/// What a delivery agent does with one request; called on a virtual thread, many at a time.
@FunctionalInterface
public interface Agent {
    /// Attempts the delivery and reports each recipient with [DeliveryJob#report].
    ///
    /// A recipient that is not reported when this returns or throws is deferred, 4.3.0.
    void deliver(DeliveryJob job) throws IOException;
}
