// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.time.Duration;

/// A clock for ages and delays. It runs evenly, whatever the wall clock is set to.
interface SteadyClock {
    /// The clock of this machine.
    SteadyClock SYSTEM =
            new SteadyClock() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public void pause(Duration time) throws InterruptedException {
                    Thread.sleep(time);
                }
            };

    /// Returns a time in nanoseconds; only differences have a meaning, as with [System#nanoTime()].
    long nanos();

    void pause(Duration time) throws InterruptedException;
}
