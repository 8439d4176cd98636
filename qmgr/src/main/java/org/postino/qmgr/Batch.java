// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.queue.Recipient;

/// Recipients of one message for one destination that go to an agent in one delivery.
///
/// @param key the place in the transport's order: lower first
/// @param order breaks ties: earlier first
/// @param crashes the number of agents that were lost with it
record Batch(
        ActiveMessage message,
        Destination destination,
        List<Recipient> recipients,
        double key,
        long order,
        int crashes)
        implements Comparable<Batch> {

    Batch {
        recipients = List.copyOf(recipients);
    }

    /// Returns a batch with the recipients that are left after an agent was lost, at the same place in the order.
    Batch again(List<Recipient> left) {
        return new Batch(message, destination, left, key, order, crashes + 1);
    }

    @Override
    public int compareTo(Batch other) {
        int byKey = Double.compare(key, other.key);
        return byKey != 0 ? byKey : Long.compare(order, other.order);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
