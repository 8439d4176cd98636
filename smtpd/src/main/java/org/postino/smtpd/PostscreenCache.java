// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Remembers what clients have passed. Safe for use by several threads.
interface PostscreenCache {
    /// The results of a client; empty if it was never seen, or so long ago that it is forgotten.
    Optional<PostscreenResults> find(InetAddress client);

    void store(InetAddress client, PostscreenResults results);

    /// Remembers as long as the daemon runs, with a bound: the client that was stored first goes first.
    static PostscreenCache inMemory(Duration retention, Clock clock) {
        return new InMemory(retention, clock);
    }

    /// The cache behind [#inMemory].
    final class InMemory implements PostscreenCache {
        private static final int MAX_CLIENTS = 100_000;

        private final Map<InetAddress, String> clients = new LinkedHashMap<>(); // guarded by this
        private final Duration retention;
        private final Clock clock;

        private InMemory(Duration retention, Clock clock) {
            this.retention = retention;
            this.clock = clock;
        }

        @Override
        public synchronized Optional<PostscreenResults> find(InetAddress client) {
            String text = clients.get(client);
            if (text == null) {
                return Optional.empty();
            }
            var results = PostscreenResults.parse(text);
            Instant forgotten = results.last().plus(retention);
            return clock.instant().isBefore(forgotten) ? Optional.of(results) : Optional.empty();
        }

        @Override
        public synchronized void store(InetAddress client, PostscreenResults results) {
            clients.remove(client);
            clients.put(client, results.print());
            if (clients.size() > MAX_CLIENTS) {
                var eldest = clients.entrySet().iterator();
                eldest.next();
                eldest.remove();
            }
        }
    }
}
