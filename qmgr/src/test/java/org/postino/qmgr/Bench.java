// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postino.kit.Await;
import org.postino.log.EventLog;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.DeliveryRequest;
import org.postino.queue.DeliveryResult;
import org.postino.queue.Envelope;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueFileWriter;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.queue.RecipientLog;
import org.postino.queue.RecipientStatus;
import org.postino.queue.Spool;
import org.postino.queue.VerifyClient;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.slf4j.LoggerFactory;

/// A queue manager on a spool in a temporary directory, with an agent, a bounce daemon and a clock that the test plays.
final class Bench implements AutoCloseable {
    /// A request to the bounce daemon, and the log that it found.
    record Told(Notifier.Kind kind, QueueId id, List<RecipientLog.Entry> entries) {}

    final TestClock clock = new TestClock();
    final Spool spool;
    final List<String> log = new CopyOnWriteArrayList<>();
    final List<String> traced = new CopyOnWriteArrayList<>();
    final List<Told> told = new CopyOnWriteArrayList<>();

    /// What verify was told.
    final List<String> probed = new CopyOnWriteArrayList<>();

    final List<DeliveryRequest> requests = new CopyOnWriteArrayList<>();

    /// Transport, next hop and address of each recipient that an agent was given.
    final List<String> ways = new CopyOnWriteArrayList<>();

    volatile Function<DeliveryRequest, Outcome> agent = r -> sent(r);
    volatile @Nullable String notifierProblem;
    volatile Router router = Bench::byDomain;
    private final Path directory;
    private final EventLog.Listening listening;
    private QmgrSettings settings;
    private @Nullable QueueManager manager;

    Bench(Path directory) throws IOException {
        this.directory = directory;
        this.spool = new Spool(Spool.Layout.flat(directory), clock);
        spool.createDirectories();
        listening =
                EventLog.listen(e -> {
                    log.add(e.text());
                    traced.add(e.trace() + " " + e.text());
                });
        settings =
                new QmgrSettings(
                        100,
                        1000,
                        Duration.ofSeconds(300),
                        Duration.ofSeconds(300),
                        Duration.ofSeconds(4000),
                        Duration.ofDays(5),
                        Duration.ofDays(1),
                        Duration.ZERO,
                        Duration.ofSeconds(60),
                        List.of("held"),
                        "+",
                        "",
                        name -> limits(100, 5, 20, 50));
    }

    static QmgrSettings.Limits limits(int processes, int initial, int concurrency, int recipients) {
        return new QmgrSettings.Limits(
                processes, initial, concurrency, recipients, 1, Duration.ZERO, Duration.ZERO);
    }

    static Router.Route byDomain(String sender, String recipient) throws IOException {
        String domain = recipient.substring(recipient.indexOf('@') + 1);
        if (domain.equals("unresolvable.test")) {
            throw new IOException("table is broken");
        }
        return new Router.Route(domain.equals("held.test") ? "held" : "smtp", domain, recipient);
    }

    Bench activeLimit(int messages) {
        return with(messages, settings.delayWarning(), settings.filterNexthop(), settings.limits());
    }

    Bench filteringAt(String nexthop) {
        return with(settings.activeLimit(), settings.delayWarning(), nexthop, settings.limits());
    }

    Bench limited(QmgrSettings.Limits limits) {
        return with(
                settings.activeLimit(),
                settings.delayWarning(),
                settings.filterNexthop(),
                _ -> limits);
    }

    Bench warningAfter(Duration d) {
        return with(settings.activeLimit(), d, settings.filterNexthop(), settings.limits());
    }

    private Bench with(
            int activeLimit,
            Duration delayWarning,
            String filterNexthop,
            Function<String, QmgrSettings.Limits> limits) {
        settings =
                new QmgrSettings(
                        activeLimit,
                        settings.recipientLimit(),
                        settings.queueRunDelay(),
                        settings.minimalBackoff(),
                        settings.maximalBackoff(),
                        settings.maximalLifetime(),
                        settings.bounceLifetime(),
                        delayWarning,
                        settings.transportRetry(),
                        settings.deferTransports(),
                        settings.delimiters(),
                        filterNexthop,
                        limits);
        return this;
    }

    Bench start() {
        return start(
                new Agents() {
                    @Override
                    public Outcome deliver(String transport, DeliveryRequest request) {
                        requests.add(request);
                        for (Recipient r : request.recipients()) {
                            ways.add(transport + " " + request.nexthop() + " " + r.address());
                        }
                        return agent.apply(request);
                    }

                    @Override
                    public void closeIdle() {}
                });
    }

    Bench start(Agents agents) {
        manager =
                new QueueManager(
                        settings,
                        spool,
                        (sender, recipient) -> router.route(sender, recipient),
                        agents,
                        new Notifier() {
                            @Override
                            public void tell(Kind kind, QueueId id) throws IOException {
                                Bench.this.tell(kind, id);
                            }

                            @Override
                            public void probed(String address, VerifyClient.Answer answer) {
                                probed.add(address + " " + answer.status() + " " + answer.text());
                            }
                        },
                        new OwnerLock(directory.resolve("pid/qmgr.lock")),
                        clock,
                        LoggerFactory.getLogger("qmgr"),
                        () -> log.add("PANIC"));
        manager.start();
        return this;
    }

    private void tell(Notifier.Kind kind, QueueId id) throws IOException {
        if (notifierProblem != null) {
            throw new IOException(notifierProblem);
        }
        QueueName q =
                switch (kind) {
                    case FAILURE -> QueueName.BOUNCE;
                    case DELAY -> QueueName.DEFER;
                    case SUCCESS, REPORT -> QueueName.TRACE;
                };
        told.add(new Told(kind, id, RecipientLog.read(spool.path(q, id)).entries()));
    }

    QueueManager manager() {
        if (manager == null) {
            throw new IllegalStateException("not started");
        }
        return manager;
    }

    /// Moves the clock and lets the queue manager look at it.
    void advance(Duration d) {
        clock.advance(d);
        manager().poke();
    }

    /// Writes a message into a queue as cleanup does.
    QueueId put(QueueName q, String sender, String... recipients) throws IOException {
        return put(q, sender, "", List.of(recipients));
    }

    QueueId put(QueueName q, String sender, String dsnNotify, List<String> recipients)
            throws IOException {
        return put(
                q, new Envelope(sender, clock.instant(), "TRACE", Map.of()), dsnNotify, recipients);
    }

    QueueId put(QueueName q, Envelope envelope, String dsnNotify, List<String> recipients)
            throws IOException {
        var file = spool.create(q);
        try (var channel = file.channel()) {
            var out = new QueueFileWriter(channel);
            out.envelope(envelope);
            for (String r : recipients) {
                out.recipient(Recipient.of(r, r, dsnNotify, ""));
            }
            byte[] content = "Subject: test\r\n\r\nHello.\r\n".getBytes(StandardCharsets.US_ASCII);
            out.beginContent();
            out.content(content, 0, content.length);
            out.finish();
        }
        spool.markReady(file.path(), q);
        return file.id();
    }

    /// Puts a message into the incoming queue and says so.
    QueueId submit(String sender, String... recipients) throws IOException {
        QueueId id = put(QueueName.INCOMING, sender, recipients);
        manager().incoming(id);
        return id;
    }

    static Outcome sent(DeliveryRequest r) {
        return sent(r, Delivery.Goal.DELIVERED);
    }

    static Outcome sent(DeliveryRequest r, Delivery.Goal goal) {
        return answered(r, new Delivery.Sent(Dsn.of("2.0.0", "ok"), goal));
    }

    static Outcome deferred(DeliveryRequest r) {
        return answered(r, new Delivery.Deferred(Dsn.of("4.2.1", "not now")));
    }

    static Outcome bounced(DeliveryRequest r) {
        return answered(r, new Delivery.Bounced(Dsn.of("5.1.1", "no such user")));
    }

    /// Every recipient deferred, and the destination itself is to blame.
    static Outcome unreachable(DeliveryRequest r) {
        Dsn why = Dsn.of("4.4.1", "connection refused");
        var results = ((Outcome.Answered) answered(r, new Delivery.Deferred(why))).results();
        return new Outcome.Answered(results, why);
    }

    /// An agent that answers when the latch has opened.
    static Function<DeliveryRequest, Outcome> after(
            CountDownLatch go, Function<DeliveryRequest, Outcome> agent) {
        return r -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return agent.apply(r);
        };
    }

    private static Outcome answered(DeliveryRequest r, Delivery outcome) {
        var results = new ArrayList<DeliveryResult>();
        for (Recipient x : r.recipients()) {
            results.add(new DeliveryResult(x.offset(), outcome, "mx.test"));
        }
        return new Outcome.Answered(results, null);
    }

    /// Marks the first recipients as done in the file, as an agent does before it dies.
    void markDone(DeliveryRequest request, int count) {
        try (var file = QueueFile.open(spool.path(QueueName.ACTIVE, request.id()), true)) {
            for (int i = 0; i < count; i++) {
                file.mark(request.recipients().get(i), RecipientStatus.DONE);
            }
        } catch (IOException | CorruptQueueFileException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isIn(QueueName q, QueueId id) {
        return Files.exists(spool.path(q, id));
    }

    void awaitIn(QueueName q, QueueId id) {
        Await.until(id + " in " + q, () -> isIn(q, id));
    }

    void awaitGone(QueueId id) {
        Await.until(
                id + " gone", () -> spool.find(id).isEmpty() && manager().glance().active() == 0);
    }

    void awaitLog(String text) {
        Await.until("log: " + text, () -> logged(text));
    }

    boolean logged(String text) {
        return log.stream().anyMatch(line -> line.contains(text));
    }

    Instant nextAttempt(QueueId id) throws IOException {
        return Files.getLastModifiedTime(spool.path(QueueName.DEFERRED, id)).toInstant();
    }

    /// Ends the queue manager; fails if there was a bug that it caught.
    @Override
    public void close() {
        listening.close();
        if (manager != null) {
            manager.close();
        }
        assertFalse(logged("PANIC") || logged("panic"), () -> String.join("\n", log));
    }
}
