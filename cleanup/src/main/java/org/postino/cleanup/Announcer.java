// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.queue.QueueId;
import org.postino.server.Daemon;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the queue manager of new messages, from a thread of its own: no client waits for a queue manager that is slow or not there.
///
/// News that does not get through is not lost: the queue manager looks into `incoming` by itself.
final class Announcer {
    private static final Logger LOG = LoggerFactory.getLogger("cleanup");
    private static final int CAPACITY = 10_000;

    /// The receiver of the news.
    interface Listener {
        void incoming(QueueId id) throws IOException;
    }

    /// A message to be announced, and the mark that the daemon has work left until then.
    private record News(QueueId id, Daemon.Work work) {}

    private final BlockingQueue<News> news = new ArrayBlockingQueue<>(CAPACITY);
    private final Supplier<Daemon.Work> working;
    private final Listener listener;
    private @Nullable Thread thread;

    /// An announcer that marks its work with what `working` gives.
    Announcer(Supplier<Daemon.Work> working, Listener listener) {
        this.working = working;
        this.listener = listener;
    }

    /// Passes the news on soon; never waits.
    void announce(QueueId id) {
        start();
        Daemon.Work work = working.get();
        if (!news.offer(new News(id, work))) {
            work.close();
            LOG.debug("{}: the queue manager is behind with its work", id);
        }
    }

    private synchronized void start() {
        if (thread == null) {
            thread = Thread.ofVirtual().name("announcer").start(this::run);
        }
    }

    private void run() {
        try {
            while (true) {
                News next = news.take();
                try (var _ = next.work()) {
                    tell(next.id());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(QueueId id) {
        try {
            listener.incoming(id);
        } catch (IOException e) {
            LOG.warn("{}: cannot tell the queue manager: {}", id, e.getMessage());
        }
    }
}
