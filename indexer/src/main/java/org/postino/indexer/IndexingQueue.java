// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.server.Daemon;
import org.postino.util.BoundedMap;
import org.postino.util.Printable;
import org.slf4j.Logger;

/// The mailboxes that wait to be indexed, one after the other, each once. Safe for use by several threads.
///
/// A mailbox that could not be indexed, on a full disk say, is left alone for a while.
final class IndexingQueue {
    private static final int MOST = 10_000;
    private static final Duration RESPITE = Duration.ofMinutes(1);

    /// A mailbox of a user.
    record Place(String user, String mailbox) {
        @Override
        public String toString() {
            return Printable.without("\"", user, 200)
                    + ": mailbox \""
                    + Printable.without("\"", mailbox, 200)
                    + "\"";
        }
    }

    /// Brings the index of a mailbox up to date.
    @FunctionalInterface
    interface Work {
        /// Returns the number of messages in the index.
        long index(Place place) throws IOException;
    }

    private final Work work;
    private final Supplier<Daemon.Work> busy;
    private final Clock clock;
    private final Logger log;
    private final Map<Place, CompletableFuture<Long>> waiting = new LinkedHashMap<>();
    private final BoundedMap<Place, Instant> failed = BoundedMap.byAge(MOST, MOST);
    private boolean running;
    private boolean stopped;

    /// @param busy keeps the daemon from leaving
    IndexingQueue(Work work, Supplier<Daemon.Work> busy, Clock clock, Logger log) {
        this.work = work;
        this.busy = busy;
        this.clock = clock;
        this.log = log;
    }

    /// Puts a mailbox in, if it is not there yet.
    ///
    /// @return the number of messages in the index when it is done; an [IOException] if it cannot be done, or not soon
    synchronized CompletableFuture<Long> add(Place place) {
        var there = waiting.get(place);
        if (there != null) {
            return there;
        }
        Instant before = failed.get(place);
        if (stopped || waiting.size() == MOST || (before != null && isRecent(before))) {
            return CompletableFuture.failedFuture(new IOException("not now"));
        }
        var added = new CompletableFuture<Long>();
        waiting.put(place, added);
        if (!running) {
            running = true;
            var keeper = busy.get();
            // a platform thread, as it computes much and waits for the disk
            Thread.ofPlatform().daemon().name("indexing").start(() -> run(keeper));
        }
        return added;
    }

    private boolean isRecent(Instant failure) {
        return failure.plus(RESPITE).isAfter(clock.instant());
    }

    private void run(Daemon.Work keeper) {
        try (keeper) {
            for (var next = next(); next != null; next = next()) {
                index(next.getKey(), next.getValue());
            }
        }
    }

    private synchronized Map.@Nullable Entry<Place, CompletableFuture<Long>> next() {
        var all = waiting.entrySet().iterator();
        if (!all.hasNext()) {
            running = false;
            return null;
        }
        var first = all.next();
        all.remove();
        return Map.entry(first.getKey(), first.getValue());
    }

    private void index(Place place, CompletableFuture<Long> done) {
        try {
            done.complete(work.index(place));
        } catch (IOException e) {
            fail(place);
            log.warn(
                    "{} is not indexed: {}", place, Printable.text(String.valueOf(e.getMessage())));
            done.completeExceptionally(e);
        } catch (RuntimeException e) {
            fail(place);
            log.error("{} is not indexed", place, e);
            done.completeExceptionally(e);
        }
    }

    private synchronized void fail(Place place) {
        failed.put(place, clock.instant(), 1);
    }

    /// Takes no more mailboxes, and forgets those that wait: who searches them next puts them in again.
    synchronized void stop() {
        stopped = true;
        for (var one : waiting.values()) {
            one.completeExceptionally(new IOException("not now"));
        }
        waiting.clear();
    }

    synchronized boolean isStopped() {
        return stopped;
    }
}
