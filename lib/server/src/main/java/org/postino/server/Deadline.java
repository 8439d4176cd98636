// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// By when a client must have done something, however its bytes trickle.
///
/// Whoever reads asks how long it may wait. What does not end by itself, such as a TLS record that never gets complete or a
/// client that takes none of what we write, is ended by an alarm: first its input, then the connection.
/// One alarm serves many deadlines in turn, as a session has one for each line.
final class Deadline {
    /// The time by which the alarm is late, so that a reader who keeps the time is never disturbed.
    private static final Duration GRACE = Duration.ofSeconds(1);

    /// The time that our last words may take after the alarm.
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Runnable endInput;
    private final Runnable abort;
    private final Duration grace;
    private final Duration lastWords;
    private boolean set; // this and the following guarded by this
    private long end;
    private boolean inputEnded;
    private @Nullable Future<?> alarm;
    private long alarmTime;

    /// @param endInput lets a reader see the end of the input
    /// @param abort closes the connection under whoever uses it
    Deadline(Runnable endInput, Runnable abort) {
        this(endInput, abort, GRACE, LAST_WORDS);
    }

    Deadline(Runnable endInput, Runnable abort, Duration grace, Duration lastWords) {
        this.endInput = endInput;
        this.abort = abort;
        this.grace = grace;
        this.lastWords = lastWords;
    }

    /// Sets the deadline, or another one.
    synchronized void set(Duration fromNow) {
        set = true;
        end = System.nanoTime() + fromNow.toNanos();
        long time = end + grace.toNanos();
        if (alarm == null || alarmTime - time > 0) {
            schedule(time);
        }
    }

    /// There is none any more.
    synchronized void lift() {
        set = false;
    }

    /// Nothing is to be watched any more.
    synchronized void cancel() {
        set = false;
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    /// The shorter of both: what the caller would wait, zero being for ever, and what is left.
    synchronized Duration atMost(Duration timeout) {
        if (!set) {
            return timeout;
        }
        var left = Duration.ofNanos(Math.max(0, end - System.nanoTime())).plusMillis(1);
        return timeout.isZero() || timeout.compareTo(left) > 0 ? left : timeout;
    }

    synchronized boolean hasPassed() {
        return inputEnded || (set && end - System.nanoTime() <= 0);
    }

    private void schedule(long time) {
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarmTime = time;
        alarm =
                ForkJoinPool.commonPool()
                        .schedule(
                                this::ring,
                                Math.max(0, time - System.nanoTime()),
                                TimeUnit.NANOSECONDS);
    }

    private synchronized void ring() {
        alarm = null;
        if (!set) {
            return;
        }
        long now = System.nanoTime();
        if (inputEnded) {
            abort.run();
        } else if (end + grace.toNanos() - now > 0) {
            schedule(end + grace.toNanos());
        } else {
            inputEnded = true;
            endInput.run();
            schedule(now + lastWords.toNanos());
        }
    }
}
