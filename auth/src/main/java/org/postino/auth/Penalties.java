// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postino.util.ClientNetwork;

/// Delays for the answers to wrong passwords, longer with each failure from the same address.
///
/// The answer to the n-th failure in a row waits `delay * 2^(n-1)`, up to eight times `delay`. An address that was quiet for
/// five minutes begins anew. IPv6 clients are counted by their /64. Bounded; safe for use by several threads.
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

    /// Counts a failure and returns the delay of its answer.
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

    /// Forgets the failures of an address whose client knows a password.
    void succeeded(String address) {
        synchronized (addresses) {
            addresses.remove(network(address));
        }
    }

    /// Returns the key by which a client is counted: its IPv4 address, or the first eight bytes of its IPv6 address.
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
