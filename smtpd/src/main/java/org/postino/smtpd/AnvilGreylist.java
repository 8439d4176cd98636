// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/// Remembers client networks, senders and recipients that must come again once, and networks that have done so often. Safe for use by several
/// threads.
///
/// A triplet that has passed is kept as `+SECONDS`, one that waits as the seconds since 1970 at which it came first. A network is kept as
/// `PASSES SECONDS`, the last time at which a pass was counted: one counts in an hour, so that a single burst proves nothing.
final class AnvilGreylist {
    private static final Duration BETWEEN_PASSES = Duration.ofHours(1);

    private final AnvilStore triplets;
    private final AnvilStore networks;
    private final Clock clock;

    /// A question about one recipient.
    ///
    /// @param delay before the client may come again
    /// @param window in which it must have come again
    /// @param lifetime for which it is remembered, from the last time it came
    /// @param passes after which its network is not delayed any more; 0: never
    /// @param only true if it is asked what would be, and nothing is remembered
    record Question(
            String network,
            String sender,
            String recipient,
            Duration delay,
            Duration window,
            Duration lifetime,
            long passes,
            boolean only) {}

    /// An answer.
    ///
    /// @param left seconds until the client may come again; 0: it passes
    /// @param delayed seconds since it first came, if it passes for the first time; otherwise 0
    record Answer(long left, long delayed) {}

    AnvilGreylist(AnvilStore triplets, AnvilStore networks, Clock clock) {
        this.triplets = triplets;
        this.networks = networks;
        this.clock = clock;
    }

    synchronized Answer ask(Question q) throws IOException {
        long now = clock.instant().getEpochSecond();
        long until = now + q.lifetime().toSeconds();
        long[] passes = passes(q.network());
        if (q.passes() > 0 && passes[0] >= q.passes()) {
            put(q, networks, q.network(), passes[0] + " " + passes[1], until);
            return new Answer(0, 0);
        }
        String key = q.network() + "/" + q.sender() + "/" + q.recipient();
        String known = triplets.get(key).orElse("");
        if (known.startsWith("+")) {
            put(q, triplets, key, "+" + now, until);
            return new Answer(0, 0);
        }
        if (!known.matches("[0-9]{1,12}")) {
            put(q, triplets, key, Long.toString(now), now + q.window().toSeconds());
            return new Answer(Math.max(1, q.delay().toSeconds()), 0);
        }
        long first = Long.parseLong(known);
        long wait = first + q.delay().toSeconds() - now;
        if (wait > 0) {
            return new Answer(wait, 0);
        }
        put(q, triplets, key, "+" + now, until);
        if (now - passes[1] >= BETWEEN_PASSES.toSeconds()) {
            put(q, networks, q.network(), (passes[0] + 1) + " " + now, until);
        }
        return new Answer(0, Math.max(1, now - first));
    }

    private static void put(Question q, AnvilStore store, String key, String value, long until)
            throws IOException {
        if (!q.only()) {
            store.put(key, value, until);
        }
    }

    /// The passes of a network, and when the last was counted.
    private long[] passes(String network) {
        String known = networks.get(network).orElse("");
        if (!known.matches("[0-9]{1,9} [0-9]{1,12}")) {
            return new long[] {0, 0};
        }
        int blank = known.indexOf(' ');
        return new long[] {
            Long.parseLong(known.substring(0, blank)), Long.parseLong(known.substring(blank + 1))
        };
    }
}
