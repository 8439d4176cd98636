// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postino.kit.Await;

/// Clients of a suite, each of which comes again and again until they are told to end; one that fails comes no more.
final class Load implements AutoCloseable {
    private final Visit visit;
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicInteger visits = new AtomicInteger();
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    private volatile boolean done;

    /// What a client does each time.
    private interface Visit {
        void run() throws IOException;
    }

    private Load(int clients, Visit visit) {
        this.visit = visit;
        for (int i = 0; i < clients; i++) {
            this.clients.add(Thread.ofVirtual().start(this::visits));
        }
    }

    /// Clients that each time have a whole session.
    static Load ofSessions(TestSuite suite, int clients) {
        return new Load(clients, () -> session(suite));
    }

    /// Clients that each time connect and say nothing; they fail only when they are refused.
    static Load ofConnections(TestSuite suite, int clients) {
        return new Load(clients, () -> knock(suite));
    }

    private void visits() {
        try {
            while (!done) {
                visit.run();
                visits.incrementAndGet();
            }
        } catch (IOException e) {
            failure.compareAndSet(null, e);
        }
    }

    private static void knock(TestSuite suite) throws ConnectException {
        try {
            suite.connect().close();
        } catch (ConnectException e) {
            throw e;
        } catch (IOException e) {
            // Amid a handshake the old address was given up: this client is told to try again.
        }
    }

    private static void session(TestSuite suite) throws IOException {
        try (var client = suite.connect()) {
            client.greeting();
            String answer = client.ask("hello");
            if (!answer.equals("250 hello")) {
                throw new IOException("answer: " + answer);
            }
        }
    }

    /// Waits until they came so many more times, or one failed.
    void await(int more) {
        int mark = visits.get() + more;
        Await.until("load", () -> visits.get() >= mark || failure.get() != null);
    }

    /// Ends the clients; fails if one of them did.
    void end() {
        close();
        IOException first = failure.get();
        if (first != null) {
            throw new AssertionError("after " + visits + " visits", first);
        }
    }

    @Override
    public void close() {
        done = true;
        try {
            for (Thread client : clients) {
                client.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
