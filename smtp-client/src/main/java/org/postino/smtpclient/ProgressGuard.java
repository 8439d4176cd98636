// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.time.Duration;

/// Aborts a transfer that makes no progress for the time `limit`, since a blocked write has no timeout of its own.
final class ProgressGuard implements AutoCloseable {
    private final Duration limit;
    private final Runnable abort;
    private final Thread watcher;
    private volatile boolean moved = true;

    ProgressGuard(Duration limit, Runnable abort) {
        this.limit = limit;
        this.abort = abort;
        this.watcher = Thread.ofVirtual().name("progress-guard").start(this::watch);
    }

    void progress() {
        moved = true;
    }

    @Override
    public void close() {
        watcher.interrupt();
    }

    private void watch() {
        try {
            while (moved) {
                moved = false;
                Thread.sleep(limit);
            }
            abort.run();
        } catch (InterruptedException e) {
            // The transfer is done.
        }
    }
}
