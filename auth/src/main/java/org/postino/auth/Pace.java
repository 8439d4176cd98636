// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.time.Duration;

/// How time passes, for ages and delays: steps of the wall clock do not count.
interface Pace {
    /// That of this machine.
    Pace SYSTEM =
            new Pace() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public void pause(Duration time) throws InterruptedException {
                    Thread.sleep(time);
                }
            };

    /// As [System#nanoTime()].
    long nanos();

    void pause(Duration time) throws InterruptedException;
}
