// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The wishes of checks about a message as a whole, carried out when it is complete. Owned by one thread.
final class CheckOrders {
    /// The most addresses that checks may add; lines of a body can bring one each.
    static final int MOST_COPIES = 1000;

    private final Set<String> copies = new LinkedHashSet<>();
    private boolean hold;
    private boolean passed;
    private @Nullable String filter;
    private @Nullable String redirect;

    /// Holds the message; false if that was said before.
    boolean hold() {
        boolean news = !hold;
        hold = true;
        return news;
    }

    boolean isHeld() {
        return hold;
    }

    /// Checks nothing more of the message.
    void pass() {
        passed = true;
    }

    boolean isPassed() {
        return passed;
    }

    /// Sends the message to a content filter, `transport:nexthop`; the last one counts.
    void filter(String destination) {
        filter = destination;
    }

    /// The content filter; null if there is none.
    @Nullable String filter() {
        return filter;
    }

    /// Replaces all recipients by one, and checks nothing more.
    void redirect(String address) {
        redirect = address;
        passed = true;
    }

    /// The only recipient; null if the message goes where it was sent.
    @Nullable String redirect() {
        return redirect;
    }

    /// Adds a recipient; false if there are too many.
    boolean copy(String address) {
        return copies.contains(address) || (copies.size() < MOST_COPIES && copies.add(address));
    }

    /// The further recipients.
    Set<String> copies() {
        return copies;
    }
}
