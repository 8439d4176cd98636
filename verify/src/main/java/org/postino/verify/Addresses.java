// SPDX-License-Identifier: Apache-2.0

package org.postino.verify;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postino.queue.VerifyClient.Answer;
import org.postino.queue.VerifyClient.Status;
import org.slf4j.Logger;

/// The results known of all addresses, and which probes are under way. Safe for use by several threads.
///
/// A result counts for a time, and is looked after by another probe before it is forgotten. A good one is not replaced by a bad one while it
/// counts: a server that is away for a day shall not cost an address its name. [KnownAddresses] says how
/// much is remembered.
final class Addresses {
    /// The most lines that are added to the file before it is written anew.
    private static final int MOST_APPENDED = 50_000;

    /// The time after which a probe that nothing was heard of counts as lost.
    private static final Duration PROBE_LIFE = Duration.ofSeconds(1000);

    /// The answer while there is no result.
    private static final Answer UNDER_WAY =
            new Answer(Status.UNKNOWN, "Address verification in progress");

    /// The answer where another probe would be one too many.
    private static final Answer BUSY =
            new Answer(Status.DEFERRED, "too many address verification requests");

    /// Sends probes.
    @FunctionalInterface
    interface Prober {
        /// Sends a probe of an address, or throws.
        void probe(String address) throws IOException;
    }

    private final VerifySettings settings;
    private final @Nullable KnowledgeFile file;
    private final Prober prober;
    private final Clock clock;
    private final Logger log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final KnownAddresses known = new KnownAddresses();
    private final Map<String, Instant> pending = new LinkedHashMap<>(); // oldest probe first
    private Instant cleaned;
    private boolean failed;

    /// The lines that were added to the file since it was written anew.
    private int appended;

    Addresses(VerifySettings settings, Prober prober, Clock clock, Logger log) {
        this.settings = settings;
        this.prober = prober;
        this.clock = clock;
        this.log = log;
        file = settings.file() == null ? null : new KnowledgeFile(settings.file());
        cleaned = clock.instant();
        load();
    }

    private void load() {
        KnowledgeFile kept = file;
        if (kept != null) {
            try {
                kept.read(known);
            } catch (IOException e) {
                known.clear();
                warn(e);
            }
            cleanUp();
        }
    }

    /// Answers with the result known of an address; sends a probe if it is time for one.
    ///
    /// @param wait the longest time to wait for a result, if there is none yet
    Answer query(String address, Duration wait) {
        boolean probe = false;
        lock.lock();
        try {
            cleanUpIfDue();
            Instant now = clock.instant();
            Knowledge k = current(address, now);
            probe = k == null || settings.isStale(k, now);
            probe &= !isPending(address, now);
            if (probe && pending.size() >= settings.pending()) {
                return k == null ? BUSY : new Answer(k.status(), k.text());
            }
            if (probe) {
                pending.put(address, now);
            }
        } finally {
            lock.unlock();
        }
        if (probe) {
            send(address);
        }
        return await(address, wait);
    }

    /// The result of an address that counts now; null if nothing does.
    private @Nullable Knowledge current(String address, Instant now) {
        Knowledge k = known.get(address);
        return k == null || settings.isExpired(k, now) ? null : k;
    }

    private boolean isPending(String address, Instant now) {
        Iterator<Instant> oldest = pending.values().iterator();
        while (oldest.hasNext() && !oldest.next().plus(PROBE_LIFE).isAfter(now)) {
            oldest.remove();
        }
        return pending.containsKey(address);
    }

    private void send(String address) {
        try {
            prober.probe(address);
        } catch (IOException e) {
            log.warn("cannot send a probe: {}", e.getMessage());
            lock.lock();
            try {
                pending.remove(address);
                news.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private Answer await(String address, Duration wait) {
        long left = wait.toNanos();
        lock.lock();
        try {
            Knowledge k = current(address, clock.instant());
            while (k == null && left > 0 && pending.containsKey(address)) {
                left = news.awaitNanos(left);
                k = current(address, clock.instant());
            }
            return k == null ? UNDER_WAY : new Answer(k.status(), k.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNDER_WAY;
        } finally {
            lock.unlock();
        }
    }

    /// Takes the result of a probe.
    void update(String address, Answer answer) {
        lock.lock();
        try {
            Instant now = clock.instant();
            pending.remove(address);
            Knowledge before = current(address, now);
            boolean bad = answer.status() != Status.DELIVERABLE;
            boolean kept = bad && before != null && before.status() == Status.DELIVERABLE;
            if (!kept) {
                var k = new Knowledge(answer.status(), answer.text(), now);
                known.put(address, k);
                if (!bad || settings.keepsBad()) {
                    keep(address, k);
                }
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void keep(String address, Knowledge k) {
        KnowledgeFile kept = file;
        if (kept == null) {
            return;
        }
        try {
            kept.append(address, k);
        } catch (IOException e) {
            warn(e);
        }
        if (++appended > MOST_APPENDED) {
            cleanUp();
        }
    }

    private void cleanUpIfDue() {
        Instant now = clock.instant();
        if (!settings.cleanup().isZero() && !now.isBefore(cleaned.plus(settings.cleanup()))) {
            cleanUp();
        }
    }

    /// Forgets what is too old, in the file too.
    private void cleanUp() {
        Instant now = clock.instant();
        cleaned = now;
        int before = known.size();
        known.removeIf(k -> settings.isExpired(k, now));
        appended = 0;
        KnowledgeFile kept = file;
        if (kept == null) {
            return;
        }
        try {
            kept.replace(known.all());
            log.info(
                    "cache {} full cleanup: retained={} dropped={} entries",
                    settings.file(),
                    known.size(),
                    before - known.size());
        } catch (IOException e) {
            warn(e);
        }
    }

    /// Says once that the file is of no use.
    private void warn(IOException e) {
        if (!failed) {
            failed = true;
            log.warn(
                    "{}: what is known of addresses is not kept: {}",
                    settings.file(),
                    e.toString());
        }
    }
}
