// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.config.MasterCf;
import org.postino.kit.Await;
import org.postino.linux.PeerUser;
import org.postino.queue.Agent;
import org.postino.queue.CommitLock;
import org.postino.queue.DeliveryServer;
import org.postino.queue.NewFile;
import org.postino.queue.QmgrClient;
import org.postino.queue.QmgrRefusedException;
import org.postino.queue.QueueEntry;
import org.postino.queue.QueueId;
import org.postino.queue.QueueListing;
import org.postino.queue.QueueName;
import org.postino.server.Daemon;
import org.postino.server.RequestServer;
import org.postino.server.RunningServer;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.suite.QmgrParams;
import org.postino.table.MatchList;
import org.postino.table.Tables;
import org.slf4j.LoggerFactory;

/// The queue manager and agents over their real sockets.
final class SocketsTest {
    private static final Delivery SENT = new Delivery.Sent(Dsn.of("2.0.0", "ok"));

    @TempDir Path directory;
    private Bench bench;
    private final Map<String, String> settings = new HashMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        bench = new Bench(directory);
        Files.createDirectories(directory.resolve("private"));
        Files.createDirectories(directory.resolve("public"));
        settings.put("queue_directory", directory.toString());
        settings.put("hash_queue_names", "");
        settings.put("myhostname", "mx.test");
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
        for (AutoCloseable c : open.reversed()) {
            c.close();
        }
    }

    @Test
    void agentDeliversOverAKeptConnection() throws Exception {
        RunningServer smtp =
                agent("smtp", job -> job.recipients().forEach(r -> job.report(r, SENT, "mx")));
        bench.start(pool());
        for (int i = 0; i < 5; i++) {
            bench.awaitGone(bench.submit("a@x.test", "b@y.test", "c@y.test"));
        }
        assertTrue(smtp.sessions() <= 1, "sessions " + smtp.sessions());
        bench.awaitLog("to=<b@y.test>, relay=mx, delay=");
    }

    @Test
    void anAgentWithFewPlacesIsGivenNoMoreThanItTakes() throws Exception {
        var go = new CountDownLatch(1);
        settings.put("default_process_limit", "2");
        agent(
                "smtp",
                job -> {
                    await(go);
                    job.recipients().forEach(r -> job.report(r, SENT, "mx"));
                });
        settings.put("default_process_limit", "100");
        QmgrSettings own = QmgrSettings.of(config(), rows("smtp unix - - n - 2 smtp\n"));
        bench.limited(own.limits().apply("smtp")).start(pool());
        var all = new ArrayList<QueueId>();
        for (int i = 0; i < 10; i++) {
            all.add(bench.submit("a@x.test", "b@y.test"));
        }
        Await.until("all active", () -> bench.manager().glance().active() == all.size());
        go.countDown();
        for (QueueId id : all) {
            bench.awaitGone(id);
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    @Test
    void aTransportHasThePlacesOfItsRow() {
        settings.put("default_process_limit", "7");
        QmgrSettings own =
                QmgrSettings.of(
                        config(),
                        rows(
                                """
                                scan inet n - n - 9 smtpd
                                scan unix - - n - 2 smtp
                                any unix - - n - 0 smtp
                                usual unix - - n - - smtp
                                """));
        assertEquals(2, own.limits().apply("scan").processes());
        assertEquals(0, own.limits().apply("any").processes());
        assertEquals(7, own.limits().apply("usual").processes());
        assertEquals(7, own.limits().apply("nowhere").processes());
    }

    private static List<MasterCf.Row> rows(String text) {
        return MasterCf.parse("master.cf", text.getBytes(StandardCharsets.US_ASCII)).rows();
    }

    @Test
    void unreportedRecipientsAreDeferred() throws Exception {
        agent("smtp", job -> job.report(job.recipients().getFirst(), SENT, "mx"));
        bench.start(pool());
        QueueId id = bench.submit("a@x.test", "b@y.test", "c@y.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        QueueEntry entry = new QueueListing(bench.spool).entry(id).orElseThrow();
        assertEquals(1, entry.recipients().size());
        assertEquals("c@y.test", entry.recipients().getFirst().address());
        bench.awaitLog("to=<c@y.test>, relay=none");
    }

    @Test
    void agentThatThrowsDefers() throws Exception {
        agent(
                "smtp",
                job -> {
                    throw new IOException("disk full");
                });
        bench.start(pool());
        QueueId id = bench.submit("a@x.test", "b@y.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        bench.awaitLog("dsn=4.3.0, status=deferred (delivery failed: disk full)");
    }

    @Test
    void softBounceDefersWhatWouldBounce() throws Exception {
        settings.put("soft_bounce", "yes");
        var bounced = new Delivery.Bounced(Dsn.of("5.1.1", "no such user"));
        agent("smtp", job -> job.recipients().forEach(r -> job.report(r, bounced, "mx")));
        bench.start(pool());
        QueueId id = bench.submit("a@x.test", "b@y.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        bench.awaitLog("dsn=4.1.1, status=SOFTBOUNCE (no such user)");
        assertTrue(bench.told.isEmpty());
    }

    @Test
    void agentThatLeftIsFoundAgain() throws Exception {
        Agent delivers = job -> job.recipients().forEach(r -> job.report(r, SENT, "mx"));
        RunningServer first = agent("smtp", delivers);
        bench.start(pool());
        bench.awaitGone(bench.submit("a@x.test", "b@y.test"));
        first.close();
        Files.deleteIfExists(directory.resolve("private/smtp"));
        agent("smtp", delivers);
        bench.awaitGone(bench.submit("a@x.test", "b@y.test"));
    }

    @Test
    void noSocketDefersWithTheReason() throws Exception {
        bench.start(pool());
        QueueId id = bench.submit("a@x.test", "b@y.test");
        bench.awaitIn(QueueName.DEFERRED, id);
        bench.awaitLog(
                "mail transport unavailable: no socket private/smtp: is the service in master.cf?");
    }

    @Test
    void listingAndFlushesGoOverTheSocket() throws Exception {
        var go = new AtomicInteger();
        agent(
                "smtp",
                job ->
                        job.recipients()
                                .forEach(r ->
                                        job.report(
                                                r,
                                                go.get() > 0
                                                        ? SENT
                                                        : new Delivery.Deferred(
                                                                Dsn.of("4.2.0", "later")),
                                                "mx")));
        bench.start(pool());
        QmgrClient client = qmgr("static:anyone");
        QueueId held = bench.put(QueueName.HOLD, "a@x.test", "h@y.test");
        QueueId id = bench.put(QueueName.INCOMING, "a@x.test", "b@y.test");
        client.incoming(id);
        bench.awaitIn(QueueName.DEFERRED, id);
        var entries = new ArrayList<QueueEntry>();
        client.list(entries::add);
        assertEquals(List.of(id, held), entries.stream().map(QueueEntry::id).toList());
        assertEquals("later", entries.getFirst().recipients().getFirst().reason());
        go.set(1);
        assertFalse(client.flush(new QueueId("ABCDEF12")));
        assertTrue(client.flush(id));
        bench.awaitGone(id);
        assertEquals(0, client.flushSite("y.test"));
        client.flushAll();
    }

    @Test
    void strangersAreRefused() {
        MatchList nobody = MatchList.strings(List.of("!all", "friend"), new Tables(config()));
        var log = LoggerFactory.getLogger("qmgr");
        assertFalse(Requests.allowed(Optional.empty(), nobody, log));
        assertFalse(Requests.allowed(Optional.of(new PeerUser(54321, 5, "foe")), nobody, log));
        assertTrue(Requests.allowed(Optional.of(new PeerUser(54321, 5, "friend")), nobody, log));
        assertTrue(Requests.allowed(Optional.of(new PeerUser(0, 0, "root")), nobody, log));
    }

    @Test
    void newsOfStrangersIsNotBelieved() throws Exception {
        QueueId early = bench.put(QueueName.INCOMING, "a@x.test", "b@y.test");
        bench.start();
        bench.awaitGone(early); // so the first scan is over
        QueueId id = bench.put(QueueName.INCOMING, "a@x.test", "b@y.test");
        Optional<PeerUser> foe = Optional.of(new PeerUser(54321, 5, "foe"));
        try (var client = qmgr("static:anyone", foe)) {
            client.incoming(id);
            bench.awaitLog("user foe(54321) is not allowed to announce mail");
        }
        bench.awaitGone(bench.submit("a@x.test", "b@y.test"));
        assertTrue(bench.isIn(QueueName.INCOMING, id));
    }

    /// ETRN works whoever may flush the queue otherwise, and lets smtpd do nothing else.
    @Test
    void smtpdMayHaveTheMailOfADomainSentAndNoMore() throws Exception {
        bench.start();
        Optional<PeerUser> smtpd = Optional.of(new PeerUser(54321, 5, "postino-smtpd"));
        try (var client = qmgr("!all", smtpd)) {
            assertEquals(0, client.flushSite("y.test"));
            assertThrows(QmgrRefusedException.class, client::flushAll);
            assertThrows(QmgrRefusedException.class, () -> client.flush(new QueueId("ABCDEF12")));
        }
    }

    @Test
    void anUnfinishedFileIsNotTakenWhoeverAnnouncesIt() throws Exception {
        bench.start();
        NewFile unfinished = bench.spool.create(QueueName.INCOMING);
        bench.manager().incoming(unfinished.id());
        bench.awaitGone(bench.submit("a@x.test", "b@y.test"));
        assertTrue(bench.isIn(QueueName.INCOMING, unfinished.id()));
        unfinished.channel().close();
    }

    @Test
    void aFileThatIsBeingFlushedIsTakenWhenItIsAnnouncedAgain() throws Exception {
        QueueId early = bench.put(QueueName.INCOMING, "a@x.test", "b@y.test");
        bench.start();
        bench.awaitGone(early); // so the first scan is over
        QueueId id = bench.put(QueueName.INCOMING, "a@x.test", "b@y.test");
        Path file = bench.spool.path(QueueName.INCOMING, id);
        try (var _ = CommitLock.take(file)) {
            bench.manager().incoming(id);
            bench.awaitGone(bench.submit("a@x.test", "c@y.test"));
            assertTrue(bench.isIn(QueueName.INCOMING, id));
        }
        bench.manager().incoming(id);
        bench.awaitGone(id);
    }

    private AgentPool pool() {
        var pool =
                new AgentPool(
                        directory.resolve("private"),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(10),
                        bench.clock);
        open.add(pool);
        return pool;
    }

    private RunningServer agent(String name, Agent agent) throws IOException {
        return serve("private/" + name, daemon -> DeliveryServer.of(name, daemon, d -> agent));
    }

    private QmgrClient qmgr(String users) throws IOException {
        return qmgr(requests(users));
    }

    /// A queue manager that takes whoever asks for this one.
    private QmgrClient qmgr(String users, Optional<PeerUser> peer) throws IOException {
        Requests requests = requests(users);
        return qmgr(c -> requests.serve(c, peer));
    }

    private Requests requests(String users) {
        MatchList list = MatchList.strings(List.of(users), new Tables(config()));
        return new Requests(
                bench.manager(),
                new QueueListing(bench.spool),
                list,
                list,
                "postino-smtpd",
                LoggerFactory.getLogger("qmgr"));
    }

    private QmgrClient qmgr(RequestServer.Service service) throws IOException {
        serve("public/qmgr", daemon -> service);
        var client = new QmgrClient(directory.resolve("public/qmgr"), Duration.ofSeconds(20));
        open.add(client);
        return client;
    }

    private RunningServer serve(String path, Function<Daemon, RequestServer.Service> start)
            throws IOException {
        var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(UnixDomainSocketAddress.of(directory.resolve(path)));
        RunningServer server = RequestServer.open(config(), path, socket, start);
        open.add(server);
        return server;
    }

    private Config config() {
        return Config.of(settings, QmgrParams.ALL);
    }

    @Test
    void listingIsReadWhileMessagesMove() throws Exception {
        agent("smtp", job -> job.recipients().forEach(r -> job.report(r, SENT, "mx")));
        bench.start(pool());
        QmgrClient client = qmgr("static:anyone");
        QueueId last = bench.submit("a@x.test", "b@y.test");
        for (int i = 0; i < 200; i++) {
            last = bench.submit("a@x.test", "b" + i + "@y.test");
            if (i % 20 == 0) {
                client.list(e -> {});
            }
        }
        bench.awaitGone(last);
        Await.until("empty", () -> bench.spool.scan(QueueName.ACTIVE).isEmpty());
    }
}
