// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Waiting for a condition instead of sleeping.
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long PAUSE_NANOS = 5_000_000;

    private Await() {}

    /// A condition that may fail with an I/O or protocol error, which then counts as "not yet".
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /// Returns as soon as the condition holds.
    ///
    /// @throws AssertionError it did not within 30 s; `what` and the last error say why
    public static void until(String what, Condition condition) {
        until(what, LIMIT, condition, () -> "");
    }

    /// Waits with a limit of its own, and shows the state in the failure message.
    public static void until(
            String what, Duration limit, Condition condition, Supplier<String> state) {
        long end = System.nanoTime() + limit.toNanos();
        @Nullable Throwable last = null;
        do {
            try {
                if (condition.holds()) {
                    return;
                }
                last = null;
            } catch (Exception | AssertionError e) {
                last = e;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        } while (System.nanoTime() < end);
        throw new AssertionError("not within " + limit + ": " + what + " " + state.get(), last);
    }
}
