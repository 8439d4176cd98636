// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postino.util.ClientNetwork;

/// How long the answer to a wrong password is held back: longer with each failure from the same address.
///
/// The n-th failure in a row waits `delay * 2^(n-1)`, up to eight times `delay`; an address that was quiet for a while
/// begins anew. IPv6 clients are counted by their /64. Bounded; safe for use by several threads.
final class Penalties {
    private static final int MAX_ADDRESSES = 4096;
    private static final int MAX_DOUBLINGS = 3;
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(5);

    private final Duration delay;
    private final Clock clock;
    private final Map<String, Failures> addresses =
            new LinkedHashMap<>(16, 0.75f, true); // guarded by itself

    private record Failures(int count, Instant last) {}

    Penalties(Duration delay, Clock clock) {
        this.delay = delay;
        this.clock = clock;
    }

    /// Counts a failure and says how long its answer waits.
    Duration failed(String address) {
        if (address.isEmpty()) {
            return delay;
        }
        Instant now = clock.instant();
        synchronized (addresses) {
            Failures before = addresses.get(network(address));
            int count =
                    before == null || before.last().plus(FORGOTTEN_AFTER).isBefore(now)
                            ? 0
                            : before.count();
            addresses.put(network(address), new Failures(count + 1, now));
            if (addresses.size() > MAX_ADDRESSES) {
                var eldest = addresses.entrySet().iterator();
                eldest.next();
                eldest.remove();
            }
            return delay.multipliedBy(1L << Math.min(count, MAX_DOUBLINGS));
        }
    }

    /// A client that knows a password is given a clean slate.
    void succeeded(String address) {
        synchronized (addresses) {
            addresses.remove(network(address));
        }
    }

    /// By what a client is counted: its address, or its network's first eight bytes.
    private static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        int zone = address.indexOf('%');
        try {
            return ClientNetwork.of(
                    InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone)));
        } catch (IllegalArgumentException e) {
            return address; // whatever it is, it stays the same
        }
    }
}
