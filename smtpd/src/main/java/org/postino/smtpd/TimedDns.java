// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.postino.dns.Answer;
import org.postino.dns.Dns;

/// Questions to the domain name system that a client is not kept waiting for too long: whoever named a domain may also run its servers.
final class TimedDns {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Supplier<Dns> dns;

    TimedDns(Supplier<Dns> dns) {
        this.dns = dns;
    }

    /// Asks on a thread of its own, and waits for it no longer than [#PATIENCE].
    <T> Answer<T> ask(Function<Dns, Answer<T>> question) {
        return ask(question, PATIENCE);
    }

    /// A series of questions that may take [#PATIENCE] each, and three times as long together.
    final class Series {
        private final long end = System.nanoTime() + PATIENCE.multipliedBy(3).toNanos();

        <T> Answer<T> ask(Function<Dns, Answer<T>> question) {
            long left = Math.min(end - System.nanoTime(), PATIENCE.toNanos());
            return TimedDns.this.ask(question, Duration.ofNanos(Math.max(0, left)));
        }
    }

    Series series() {
        return new Series();
    }

    private <T> Answer<T> ask(Function<Dns, Answer<T>> question, Duration patience) {
        var answer = new CompletableFuture<Answer<T>>();
        Thread.ofVirtual()
                .name("dns")
                .start(() -> {
                    try {
                        answer.complete(question.apply(dns.get()));
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                });
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.TempFail<>("interrupted");
        } catch (TimeoutException e) {
            return new Answer.TempFail<>("no answer in time");
        } catch (ExecutionException e) {
            return new Answer.TempFail<>(String.valueOf(e.getCause()));
        }
    }
}
