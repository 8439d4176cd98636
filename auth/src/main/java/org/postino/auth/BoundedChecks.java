// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs checks that call foreign code, each on a thread of its own. Their number and their time are limited.
///
/// A check that takes too long is answered as undecided. Its thread cannot be stopped, and keeps its place until it ends.
/// When such threads hold all places, nothing can be checked any more, and `exhausted` is called.
final class BoundedChecks {
    private static final Logger LOG = LoggerFactory.getLogger("auth-worker");

    /// The stack of a check's thread, in bytes: modules of PAM may need more than Java code does.
    private static final long STACK = 1024 * 1024;

    private final int limit;
    private final Duration timeout;
    private final Runnable exhausted;
    private final Semaphore places;
    private final AtomicInteger stuck = new AtomicInteger();

    BoundedChecks(int limit, Duration timeout, Runnable exhausted) {
        this.limit = limit;
        this.timeout = timeout;
        this.exhausted = exhausted;
        this.places = new Semaphore(limit);
    }

    /// Ends this process, so that master starts another with all places free.
    static void giveUp() {
        LOG.error("all checks of passwords hang: leaving, to begin anew");
        Runtime.getRuntime().halt(1);
    }

    /// Runs a check and waits for its answer; at most for the timeout. The password is wiped when the check has ended.
    PasswordAnswer run(PasswordCheck check, Callable<PasswordAnswer> work) {
        if (!places.tryAcquire()) {
            check.wipe();
            return PasswordAnswer.undecided("too many passwords are being checked");
        }
        var answer = new CompletableFuture<PasswordAnswer>();
        var late = new Lateness();
        Thread.ofPlatform()
                .daemon()
                .name("check")
                .stackSize(STACK)
                .start(() -> complete(check, work, answer, late));
        return await(check, answer, late);
    }

    /// Works, frees the place, and answers only then, so that a caller with an answer can have the place for its next check.
    private void complete(
            PasswordCheck check,
            Callable<PasswordAnswer> work,
            CompletableFuture<PasswordAnswer> answer,
            Lateness late) {
        try {
            PasswordAnswer result = work.call();
            free(check, late);
            answer.complete(result);
        } catch (IOException e) {
            free(check, late);
            answer.complete(PasswordAnswer.undecided(String.valueOf(e.getMessage())));
        } catch (Exception | OutOfMemoryError e) {
            free(check, late);
            answer.completeExceptionally(e);
        }
    }

    private void free(PasswordCheck check, Lateness late) {
        check.wipe();
        if (late.over()) {
            stuck.decrementAndGet();
        }
        places.release();
    }

    private PasswordAnswer await(
            PasswordCheck check, CompletableFuture<PasswordAnswer> answer, Lateness late) {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (late.began() && stuck.incrementAndGet() >= limit) {
                exhausted.run();
            }
            String reason = "no answer within " + timeout.toSeconds() + " seconds";
            LOG.warn("{}: {}", check, reason);
            return PasswordAnswer.undecided(reason);
        } catch (ExecutionException e) {
            LOG.error("{}: {}", check, e.getCause());
            return PasswordAnswer.undecided("internal error");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return PasswordAnswer.undecided("interrupted");
        }
    }

    /// Settles between two threads which came first: the end of a check, or the moment when its caller stopped waiting. A check
    /// counts as stuck from that moment to its end, and not at all if it ended first.
    private static final class Lateness {
        private boolean late;
        private boolean over;

        /// Notes that the caller stops waiting; false if the check has already ended.
        synchronized boolean began() {
            late = !over;
            return late;
        }

        /// Notes that the check has ended; true if its caller had stopped waiting.
        synchronized boolean over() {
            over = true;
            return late;
        }
    }
}
