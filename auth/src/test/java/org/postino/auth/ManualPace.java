// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/// Time that passes when the test says so; pauses take none and are noted.
final class ManualPace implements SteadyClock {
    final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final AtomicLong now = new AtomicLong();

    void advance(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Override
    public long nanos() {
        return now.get();
    }

    @Override
    public void pause(Duration time) {
        pauses.add(time);
    }
}
