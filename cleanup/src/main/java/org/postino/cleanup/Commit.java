// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.postino.queue.CommitLock;
import org.postino.queue.NewFile;
import org.postino.queue.QueueName;
import org.postino.queue.Spool;

/// Makes a finished queue file durable. Nothing else in cleanup knows how.
///
/// The order matters: the file bears its final name and is complete, then its mode says so, then one flush carries bytes, mode
/// and name to the disk. Only after that may anybody be told. A [CommitLock] keeps qmgr from a file that is complete and not yet
/// flushed: when the flush fails, the file is still here to be removed. Flushes run on a few platform threads: a virtual thread in a flush
/// would hold its carrier.
final class Commit {
    private static final int FLUSHES_AT_A_TIME = 16;

    /// Flushes a file; tests make one that fails or looks.
    interface Flush {
        void force(FileChannel file) throws IOException;
    }

    private final Spool spool;
    private final Flush flush;
    private final ThreadPoolExecutor flushers;

    Commit(Spool spool) {
        this(spool, file -> file.force(true));
    }

    Commit(Spool spool, Flush flush) {
        this.spool = spool;
        this.flush = flush;
        flushers =
                new ThreadPoolExecutor(
                        FLUSHES_AT_A_TIME,
                        FLUSHES_AT_A_TIME,
                        30,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().name("commit-", 0).daemon().factory());
        flushers.allowCoreThreadTimeOut(true);
    }

    /// Returns when the message is on the disk. If this fails, the file is removed before anybody else may touch it.
    void commit(NewFile file) throws IOException {
        try (var _ = CommitLock.take(file.path())) {
            boolean done = false;
            try {
                spool.markReady(file.path(), QueueName.INCOMING);
                flush(file);
                done = true;
            } finally {
                if (!done) {
                    Files.deleteIfExists(file.path());
                }
            }
        }
    }

    private void flush(NewFile file) throws IOException {
        Callable<Boolean> work =
                () -> {
                    flush.force(file.channel());
                    return true;
                };
        try {
            flushers.submit(work).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
