// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postino.util.BoundedMap;

/// `pop3_login_delay`: when each user last logged in, for as long as that matters. One for all sessions; safe for use by several threads.
final class LoginDelay {
    private static final int USERS = 100_000;

    private final Duration delay;
    private final Clock clock;
    private final BoundedMap<String, Instant> last;

    LoginDelay(Duration delay, Clock clock) {
        this.delay = delay;
        this.clock = clock;
        this.last = BoundedMap.byAge(USERS, USERS);
    }

    /// Seconds for CAPA; 0 if there is no delay.
    long seconds() {
        return delay.toSeconds();
    }

    /// Tells whether a user must wait before the next session.
    synchronized boolean isTooEarly(String user) {
        @Nullable Instant before = delay.isZero() ? null : last.get(user);
        Instant now = clock.instant();
        return before != null && !before.isAfter(now) && before.plus(delay).isAfter(now);
    }

    /// Notes that a session of a user begins.
    synchronized void begins(String user) {
        if (!delay.isZero()) {
            last.put(user, clock.instant(), 1);
        }
    }
}
