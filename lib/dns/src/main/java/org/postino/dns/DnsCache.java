// SPDX-License-Identifier: Apache-2.0

package org.postino.dns;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postino.util.BoundedMap;
import org.xbill.DNS.Record;

/// A bounded memory of answers, each for its time to live. Safe for use by several threads.
///
/// Whoever owns a domain makes answers as large as 64 kB, for as many names as it likes: so what all of them weigh is bounded, too.
final class DnsCache {
    private static final int MAX_ENTRIES = 2000;

    /// The most that all answers may weigh, about in bytes of the heap.
    private static final long MAX_WEIGHT = 4L << 20;

    /// The most that one may weigh that is kept.
    private static final long MAX_OF_ONE = MAX_WEIGHT / 16;

    /// The objects of a record, besides its names and values.
    private static final long RECORD = 200;

    private static final Duration MAX_AGE = Duration.ofHours(1);

    private final Clock clock;
    private final BoundedMap<String, Entry> entries =
            BoundedMap.byUse(MAX_ENTRIES, MAX_WEIGHT); // guarded by itself

    private record Entry(RawAnswer answer, Instant expires) {}

    DnsCache(Clock clock) {
        this.clock = clock;
    }

    @Nullable RawAnswer get(String key) {
        synchronized (entries) {
            Entry entry = entries.get(key);
            if (entry == null) {
                return null;
            }
            if (clock.instant().isBefore(entry.expires())) {
                return entry.answer();
            }
            entries.remove(key);
            return null;
        }
    }

    /// The time for which an answer will be remembered; zero if it is not.
    Duration left(String key) {
        synchronized (entries) {
            Entry entry = entries.get(key);
            Duration left =
                    entry == null
                            ? Duration.ZERO
                            : Duration.between(clock.instant(), entry.expires());
            return left.isNegative() ? Duration.ZERO : left;
        }
    }

    void put(String key, RawAnswer answer) {
        if (answer.ttl() <= 0) {
            return;
        }
        Duration age = Duration.ofSeconds(Math.min(answer.ttl(), MAX_AGE.toSeconds()));
        long weight = weight(key, answer);
        if (weight > MAX_OF_ONE) {
            return;
        }
        synchronized (entries) {
            entries.put(key, new Entry(answer, clock.instant().plus(age)), weight);
        }
    }

    private static long weight(String key, RawAnswer answer) {
        long weight = RECORD + key.length();
        for (Record record : answer.answer().records()) {
            weight += RECORD + record.getName().length() + record.rdataToWireCanonical().length;
        }
        return weight;
    }
}
