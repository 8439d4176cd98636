// SPDX-License-Identifier: Apache-2.0

package org.postino.dns;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A bounded memory of answers, each for its time to live. Safe for use by several threads.
final class DnsCache {
    private static final int MAX_ENTRIES = 2000;
    private static final Duration MAX_AGE = Duration.ofHours(1);

    private final Clock clock;
    private final Map<String, Entry> entries =
            new LinkedHashMap<>(64, 0.75f, true); // guarded by itself

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
        synchronized (entries) {
            entries.put(key, new Entry(answer, clock.instant().plus(age)));
            if (entries.size() > MAX_ENTRIES) {
                var eldest = entries.entrySet().iterator();
                eldest.next();
                eldest.remove();
            }
        }
    }
}
