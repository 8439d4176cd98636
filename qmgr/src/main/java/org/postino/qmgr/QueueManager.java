// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postino.qmgr.ActiveMessage.State;
import org.postino.queue.QueueId;
import org.postino.queue.Spool;
import org.postino.queue.StatusLine;
import org.slf4j.Logger;

/// The one thread that decides: which message enters the active queue, which batch goes to which agent, what a result means.
///
/// **Threads.** The queue thread owns all state and never waits for a table, an agent or, but for the takeover, a file. Others do, disk
/// threads and a virtual thread for each delivery, and report by events, which it takes one by one. Public methods may be called by
/// any thread: they post an event. After each round of events it looks at the clock, takes messages in ([#feed]) and gives batches
/// to agents.
///
/// **The way of a message.** Cleanup's news or a scan puts its id into the [Backlog]. When there is room, a disk thread moves the file to
/// `active` and reads it ([Activation]); [#admit] counts it and gives its recipients to the [Schedule]; [BatchRunner] report each batch to
/// [#ended]. When [ActiveMessage#state] says that nothing is left to do, [Disposal] removes or defers it, and [#left] forgets it.
///
/// **What the order is for.** An id is in `loading` or `active` from before its file is moved there until after it was moved away.
/// Otherwise [#takeOver] would put a message back that an agent has, and its recipients would get it twice; or a new pass would begin
/// while the end of the last one is still to be reported, and be forgotten with it. So an id that is announced while its message leaves
/// is postponed. A message leaves when no agent has it, for agents write to the file, and counts against the limits until then. A new
/// manager recovers `active` only once it has the lock: until then the one before it may still deliver what stands there.
final class QueueManager implements AutoCloseable {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int LOADING = 32;
    private static final int DISK_THREADS = 4;

    private final QmgrSettings settings;
    private final Agents agents;
    private final Clock clock;
    private final Logger log;
    private final Runnable panic;
    private final OwnerLock ownership;

    private final LinkedBlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    private final ExecutorService disk;
    private final Thread thread;
    private final Activation activation;
    private final Completion completion;
    private final Disposal disposal;
    private final Scanner scanner;

    // Owned by the thread.
    private final Map<QueueId, ActiveMessage> active = new HashMap<>();
    private final Set<QueueId> loading = new HashSet<>();
    private final Map<QueueId, Backlog.Candidate> postponed = new HashMap<>();
    private final Backlog backlog;
    private final Schedule schedule;
    private int recipients;
    private int scans;
    private boolean owner;
    private boolean flushWanted;
    private volatile boolean draining;
    private Instant nextScan;
    private Instant nextSweep;

    QueueManager(
            QmgrSettings settings,
            Spool spool,
            Router router,
            Agents agents,
            Notifier notifier,
            OwnerLock ownership,
            Clock clock,
            Logger log,
            Runnable panic) {
        this.settings = settings;
        this.agents = agents;
        this.clock = clock;
        this.log = log;
        this.panic = panic;
        this.ownership = ownership;
        ThreadFactory diskThreads = Thread.ofPlatform().daemon().name("disk-", 0).factory();
        this.disk = Executors.newFixedThreadPool(DISK_THREADS, diskThreads);
        var ledger = new Ledger(spool);
        this.activation = new Activation(spool, router, settings, clock, log);
        this.completion = new Completion(spool, ledger, notifier, settings, clock, log);
        this.scanner = new Scanner(spool, clock, log);
        this.disposal =
                new Disposal(disk, completion, activation, scanner, m -> post(() -> left(m)), log);
        this.backlog = new Backlog(settings.activeLimit());
        this.schedule =
                new Schedule(
                        settings,
                        new BatchRunner(agents, ledger, disk, clock, log),
                        ended -> post(() -> ended(ended)),
                        clock,
                        log);
        this.nextScan = clock.instant().plus(settings.queueRunDelay());
        this.nextSweep = clock.instant();
        this.thread = Thread.ofPlatform().name("queue").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Takes in that a message was committed to the incoming queue.
    void incoming(QueueId id) {
        post(() -> backlog.incoming(id, false));
    }

    /// Tries every message now, whatever was taken for dead.
    void flushAll() {
        post(() -> {
            schedule.reviveAll();
            flushWanted = true;
        });
    }

    /// Tries these deferred messages now; returns how many there were. Moves files on the caller's thread.
    int flush(Collection<QueueId> ids) {
        int moved = 0;
        for (QueueId id : ids) {
            if (scanner.requeue(id)) {
                moved++;
                post(() -> backlog.incoming(id, true));
            }
        }
        return moved;
    }

    /// Tries deferred messages with a recipient at that domain; returns how many there were.
    int flushSite(String site) {
        return flush(scanner.deferredFor(site));
    }

    /// Looks at the clock now; for tests, which move it by hand.
    void poke() {
        post(() -> {});
    }

    /// Begins nothing new, waits for what is under way, puts the rest back into the incoming queue and ends.
    void drain() {
        post(this::startDraining);
        awaitEnd();
    }

    /// Stops at once, in the order in which nothing is given to a thread that is gone; the next start recovers what was under way.
    @Override
    public void close() {
        thread.interrupt();
        awaitEnd();
        disk.shutdownNow();
        ownership.close();
    }

    private void awaitEnd() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(Runnable event) {
        events.add(event);
    }

    private void run() {
        try {
            begin();
            Instant next = null;
            while (!draining || !active.isEmpty() || !loading.isEmpty()) {
                Runnable event = events.poll(pause(next), TimeUnit.MILLISECONDS);
                while (event != null) {
                    event.run();
                    event = events.poll();
                }
                timers();
                if (!draining) {
                    feed();
                    next = schedule.dispatch();
                }
            }
            disk.shutdown();
            ownership.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("panic: queue manager: {}", e.toString(), e);
            panic.run();
        }
    }

    /// The number of milliseconds until the clock gives something to do.
    private long pause(@Nullable Instant next) {
        long tick = TICK.toMillis();
        return next == null
                ? tick
                : Math.clamp(Duration.between(clock.instant(), next).toMillis() + 1, 1, tick);
    }

    private void begin() {
        takeOver();
        scanIncoming();
        scanDeferred(false);
    }

    /// Puts back what an earlier queue manager left in the active queue, once that one is gone for sure.
    private void takeOver() {
        owner = ownership.tryLock();
        if (owner) {
            Set<QueueId> mine = new HashSet<>(active.keySet());
            mine.addAll(loading);
            int found = scanner.recover(mine);
            if (found > 0) {
                log.info("{} messages put back from the active queue", found);
            }
        }
    }

    private void timers() {
        Instant now = clock.instant();
        if (!owner && !draining) {
            takeOver();
            if (owner) {
                scanIncoming();
            }
        }
        if (!now.isBefore(nextScan)) {
            nextScan = now.plus(settings.queueRunDelay());
            scanIncoming();
            if (!backlog.hasDeferred()) {
                scanDeferred(false);
            }
        }
        if (flushWanted && scans == 0) {
            flushWanted = false;
            scanIncoming();
            scanDeferred(true);
        }
        if (!now.isBefore(nextSweep)) {
            nextSweep = now.plus(TICK.multipliedBy(5));
            schedule.sweep();
            if (!owner) {
                scanIncoming(); // the one before us puts back what it does not begin any more
            }
            disk.execute(agents::closeIdle);
        }
    }

    private void scanIncoming() {
        scan(() -> {
            List<QueueId> found = scanner.incoming();
            post(() -> found.forEach(id -> backlog.incoming(id, false)));
        });
    }

    private void scanDeferred(boolean all) {
        scan(() -> {
            List<QueueId> found = scanner.deferred(all);
            post(() -> backlog.deferred(found, all));
        });
    }

    private void scan(Runnable work) {
        scans++;
        disk.execute(() -> {
            try {
                work.run();
            } finally {
                post(() -> scans--);
            }
        });
    }

    /// Takes messages in while there is room for them.
    private void feed() {
        while (active.size() + loading.size() < settings.activeLimit()
                && loading.size() < LOADING
                && (recipients < settings.recipientLimit() || active.isEmpty())) {
            Backlog.Candidate c = backlog.next();
            if (c == null) {
                if (backlog.takeOverflow()) {
                    scanIncoming();
                }
                return;
            }
            ActiveMessage known = active.get(c.id());
            if (known != null) {
                if (known.state()
                        == State.ENDING) { // its pass is over on the disk, and we hear of it in a
                    // moment
                    postponed.put(c.id(), c);
                }
            } else if (loading.add(c.id())) {
                disk.execute(() -> load(c));
            }
        }
    }

    private void load(Backlog.Candidate c) {
        Activation.Result result = activation.load(c);
        post(() -> {
            loading.remove(c.id());
            if (result instanceof Activation.Loaded loaded) {
                admit(loaded, c.unthrottle());
            }
        });
    }

    private void admit(Activation.Loaded loaded, boolean unthrottle) {
        ActiveMessage m = loaded.message();
        active.put(m.id(), m);
        recipients += m.recipients();
        m.traced(() ->
                log.info(
                        "{}: from=<{}>, size={}, nrcpt={} (queue active)",
                        m.id(),
                        StatusLine.address(m.sender()),
                        m.size(),
                        m.recipients()));
        if (draining) {
            disposal.putBack(m);
            return;
        }
        schedule.add(loaded, unthrottle);
        endSettled(m);
    }

    private void ended(BatchRunner.Ended e) {
        ActiveMessage m = e.batch().message();
        schedule.ended(e, draining);
        if (m.isLost()) {
            schedule.withdraw(m);
        }
        endSettled(m);
    }

    /// Ends the pass of a message to which something happened, and of those that an event of it settled, where nothing is left to do.
    private void endSettled(ActiveMessage m) {
        schedule.takeSettled().forEach(this::endIfSettled);
        endIfSettled(m);
    }

    private void endIfSettled(ActiveMessage m) {
        switch (m.state()) {
            case DELIVERING, ENDING -> {}
            case SETTLED -> disposal.end(m);
            case WITHDRAWN -> disposal.forget(m);
            case DAMAGED -> disposal.setAside(m);
            case WAITING -> {
                if (draining) {
                    disposal.putBack(m);
                }
            }
        }
    }

    private void left(ActiveMessage m) {
        active.remove(m.id());
        recipients -= m.recipients();
        Backlog.Candidate c = postponed.remove(m.id());
        if (c != null) {
            backlog.again(c);
        }
    }

    private void startDraining() {
        draining = true;
        completion.leave();
        active.values().forEach(this::endIfSettled);
    }

    boolean isDraining() {
        return draining;
    }

    /// The state of the queue as its thread sees it; for tests.
    record Glance(int active, int recipients, Map<String, Integer> windows) {}

    Glance glance() throws InterruptedException {
        var answer = new ArrayBlockingQueue<Glance>(1);
        post(() -> answer.add(new Glance(active.size(), recipients, schedule.windows())));
        return answer.take();
    }
}
