// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postino.ipc.IpcConnection;
import org.postino.queue.DeliveryExchange;
import org.postino.queue.DeliveryRequest;
import org.postino.queue.DeliveryResult;
import org.postino.util.ByteNames;

/// Connections to the agents in `private`, kept for a while and used again; one request at a time on each.
final class AgentPool implements Agents, AutoCloseable {
    private static final Duration SECOND_ATTEMPT = Duration.ofMillis(300);

    private record Kept(IpcConnection connection, Instant since) {}

    private final Path directory;
    private final Duration timeout;
    private final Duration keep;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Deque<Kept>> idle = new HashMap<>();

    /// A pool that has no connections yet.
    ///
    /// @param directory `$queue_directory/private`
    /// @param timeout the longest time for a single answer of an agent
    /// @param keep the time for which an idle connection stays open
    AgentPool(Path directory, Duration timeout, Duration keep, Clock clock) {
        this.directory = directory;
        this.timeout = timeout;
        this.keep = keep;
        this.clock = clock;
    }

    @Override
    public Outcome deliver(String transport, DeliveryRequest request) {
        IpcConnection kept = take(transport);
        IpcConnection c;
        try {
            c = kept != null ? kept : connect(transport);
        } catch (IOException e) {
            return new Outcome.Unavailable(reason(transport, e));
        }
        var results = new ArrayList<DeliveryResult>();
        try {
            Outcome outcome = outcome(DeliveryExchange.run(c, request, results::add), results);
            give(transport, c);
            return outcome;
        } catch (IOException e) {
            close(c);
            if (kept != null) {
                // The agent left or died since: what else is kept of it is as dead.
                closeAll(transport);
            }
            return new Outcome.Lost(results, String.valueOf(e.getMessage()));
        }
    }

    /// Connects, in a second attempt if need be: when the suite goes down, an agent's socket may be gone just before we are told.
    private IpcConnection connect(String transport) throws IOException {
        Path socket = directory.resolve(ByteNames.path(transport));
        try {
            return IpcConnection.connect(socket, timeout);
        } catch (IOException e) {
            LockSupport.parkNanos(SECOND_ATTEMPT.toNanos());
            return IpcConnection.connect(socket, timeout);
        }
    }

    private static Outcome outcome(DeliveryExchange.End end, List<DeliveryResult> results) {
        return switch (end) {
            case DeliveryExchange.Done(var failure) -> new Outcome.Answered(results, failure);
            case DeliveryExchange.Gone _ -> new Outcome.Gone();
            case DeliveryExchange.Corrupt(var why) -> new Outcome.Corrupt(why);
        };
    }

    private String reason(String transport, IOException e) {
        Path socket = directory.resolve(ByteNames.path(transport));
        return e instanceof NoSuchFileException || !Files.exists(socket)
                ? "no socket private/" + transport + ": is the service in master.cf?"
                : "connect to private/" + transport + ": " + e.getMessage();
    }

    @Override
    public void closeIdle() {
        Instant limit = clock.instant().minus(keep);
        var old = new ArrayList<IpcConnection>();
        lock.lock();
        try {
            for (Deque<Kept> deque : idle.values()) {
                while (!deque.isEmpty() && deque.getLast().since().isBefore(limit)) {
                    old.add(deque.removeLast().connection());
                }
            }
        } finally {
            lock.unlock();
        }
        old.forEach(AgentPool::close);
    }

    @Override
    public void close() {
        List<String> transports;
        lock.lock();
        try {
            transports = new ArrayList<>(idle.keySet());
        } finally {
            lock.unlock();
        }
        transports.forEach(this::closeAll);
    }

    private @Nullable IpcConnection take(String transport) {
        lock.lock();
        try {
            Deque<Kept> deque = idle.get(transport);
            Kept kept = deque == null ? null : deque.pollFirst();
            return kept == null ? null : kept.connection();
        } finally {
            lock.unlock();
        }
    }

    private void give(String transport, IpcConnection c) {
        lock.lock();
        try {
            idle.computeIfAbsent(transport, t -> new ArrayDeque<>())
                    .addFirst(new Kept(c, clock.instant()));
        } finally {
            lock.unlock();
        }
    }

    private void closeAll(String transport) {
        Deque<Kept> deque;
        lock.lock();
        try {
            deque = idle.remove(transport);
        } finally {
            lock.unlock();
        }
        if (deque != null) {
            deque.forEach(kept -> close(kept.connection()));
        }
    }

    private static void close(IpcConnection c) {
        try {
            c.close();
        } catch (IOException e) {
            // nothing was under way on it
        }
    }
}
