// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.log.EventLog;

/// The skeleton's side of [Daemon]: hooks, and a count of work under way.
final class DaemonState implements Daemon {
    private final Config config;
    private final String service;
    private final List<String> arguments;
    private final Clock clock;
    private final AtomicInteger work = new AtomicInteger();
    private final List<Runnable> drainHooks = new ArrayList<>();
    private final List<Runnable> wakeupHooks = new ArrayList<>();
    private volatile boolean draining;
    private volatile Runnable changed = () -> {};

    DaemonState(Config config, String service, List<String> arguments, Clock clock) {
        this.config = config;
        this.service = service;
        this.arguments = arguments;
        this.clock = clock;
    }

    @Override
    public Config config() {
        return config;
    }

    @Override
    public String service() {
        return service;
    }

    @Override
    public List<String> arguments() {
        return arguments;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Path queueDirectory() {
        return config.get(MainParams.QUEUE_DIRECTORY);
    }

    @Override
    public boolean draining() {
        return draining;
    }

    @Override
    public synchronized void onDrain(Runnable r) {
        if (draining) {
            start("drain", r);
        } else {
            drainHooks.add(r);
        }
    }

    @Override
    public synchronized void onWakeup(Runnable r) {
        wakeupHooks.add(r);
    }

    @Override
    public Work working() {
        work.incrementAndGet();
        var open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false) && work.decrementAndGet() == 0) {
                changed.run();
            }
        };
    }

    /// Sets the action that follows the end of each piece of work.
    void whenChanged(Runnable r) {
        changed = r;
    }

    boolean isWorking() {
        return work.get() > 0;
    }

    synchronized void beginDrain() {
        if (!draining) {
            draining = true;
            drainHooks.forEach(r -> start("drain", r));
        }
    }

    synchronized void wakeup() {
        if (!draining) {
            wakeupHooks.forEach(r -> start("wakeup", r));
        }
    }

    private void start(String name, Runnable r) {
        Work token = working();
        Thread.ofVirtual()
                .name(name)
                .start(() -> {
                    try (token) {
                        r.run();
                    } catch (RuntimeException e) {
                        EventLog.panic(service, name, e);
                    }
                });
    }
}
