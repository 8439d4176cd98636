// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.config.HandedFiles;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.log.Trace;

@Timeout(60)
class SkeletonTest {
    @TempDir Path dir;

    @Test
    void eachSessionHasATraceOfItsOwn() throws IOException {
        try (var server = sessions(Map.of(), d -> c -> say(c, c.trace() + " " + Trace.current()))) {
            String first = server.talk("");
            String second = server.talk("");
            assertEquals(first.split(" ")[0], first.split(" ")[1]);
            assertFalse(first.equals(second));
        }
    }

    @Test
    void aSessionBeyondTheLimitWaitsForAnotherToEnd() throws Exception {
        var go = new CountDownLatch(1);
        try (var server =
                        sessions(
                                Map.of("default_process_limit", "1"),
                                d ->
                                        c -> {
                                            c.known(true);
                                            await(go);
                                            say(c, "done");
                                        });
                var first = server.connect();
                var second = server.connect()) {
            until(() -> server.running.sessions() == 1);
            go.countDown();
            assertEquals("done", text(first));
            assertEquals("done", text(second));
        }
    }

    @Test
    void aClientThatWaitsGetsThePlaceOfSessionsThatEndAtTheSameMoment() throws Exception {
        var bothGone = new CyclicBarrier(2);
        Path path = dir.resolve("s");
        var listener =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(path));
        var config = Config.of(Map.of("default_process_limit", "2"));
        try (var server = Skeleton.open(config, "pair", listener, d -> new Pairs(bothGone));
                var first = SocketChannel.open(UnixDomainSocketAddress.of(path));
                var second = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            until(() -> server.sessions() == 2);
            // Let the loop report these, and wait without a clock.
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
            try (var third = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                first.shutdownOutput();
                second.shutdownOutput();
                var greeting = new FutureTask<>(() -> third.read(ByteBuffer.allocate(1)));
                Thread.ofVirtual().start(greeting);
                assertEquals(1, greeting.get(60, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void aFullDaemonTakesANewClientInThePlaceOfTheOldestThatSaidNothing() throws Exception {
        try (var server =
                        sessions(
                                Map.of("default_process_limit", "3"),
                                d ->
                                        c -> {
                                            c.known(c.in().readLine(100) != null);
                                            say(c, "known");
                                            c.in().readLine(100);
                                        });
                var known = server.connect();
                var silent = server.connect();
                var younger = server.connect()) {
            known.getOutputStream().write('\n');
            assertEquals("known", line(known));
            until(() -> server.running.sessions() == 3);
            try (var user = server.connect()) {
                user.getOutputStream().write('\n');
                assertEquals("known", line(user));
            }
            assertEquals("known", line(silent), "whose input was ended");
            younger.getOutputStream().write('\n');
            assertEquals("known", line(younger));
            known.getOutputStream().write('\n');
            assertEquals("", text(known), "served to its end");
        }
    }

    @Test
    void oneAddressHoldsOnlySoManyConnectionsInWhichNobodyLoggedIn() throws Exception {
        try (var server =
                sessions(
                        Map.of("client_newcomer_limit", "5"),
                        d ->
                                c -> {
                                    c.known(c.in().readLine(100) != null);
                                    c.in().readLine(100);
                                })) {
            var clients = new ArrayList<Socket>();
            try {
                for (int i = 0; i < 5; i++) {
                    clients.add(server.connect());
                }
                // Once the first ones have been silent for long enough, each further one takes a
                // place.
                until(() -> {
                    try {
                        clients.add(server.connect());
                        clients.getFirst().setSoTimeout(50);
                        return clients.getFirst().getInputStream().read() < 0;
                    } catch (SocketTimeoutException e) {
                        return false;
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
            } finally {
                for (Socket client : clients) {
                    client.close();
                }
            }
        }
    }

    @Test
    void aDaemonWithoutWorkLeavesAfterMaxIdle() throws IOException {
        try (var server = sessions(Map.of("max_idle", "1s"), d -> c -> say(c, "x"))) {
            assertEquals("x", server.talk(""));
            assertTrue(server.running.isRunning());
            until(() -> !server.running.isRunning());
        }
    }

    @Test
    void workUnderWayKeepsADaemonFromLeaving() throws IOException {
        var work = new AtomicReference<Daemon.Work>();
        try (var server =
                sessions(
                        Map.of("max_idle", "1s"),
                        d -> {
                            work.set(d.working());
                            return c -> say(c, "x");
                        })) {
            server.running.drain();
            assertTrue(server.running.isRunning());
            Objects.requireNonNull(work.get()).close();
            until(() -> !server.running.isRunning());
        }
    }

    @Test
    void aDrainLetsSessionsEndAndHooksFinish() throws Exception {
        var hook = new CountDownLatch(1);
        var finished = new AtomicInteger();
        try (var server =
                sessions(
                        Map.of(),
                        d -> {
                            d.onDrain(() -> {
                                await(hook);
                                finished.incrementAndGet();
                            });
                            return c -> {
                                say(c, "hello");
                                c.in().readLine(100);
                                say(c, d.draining() ? "draining" : "serving");
                            };
                        })) {
            try (var client = server.connect()) {
                assertEquals("hello", line(client));
                server.running.drain();
                client.getOutputStream().write('\n');
                // RFC of the house: a reload lets sessions of clients go on undisturbed.
                assertEquals("serving", line(client));
            }
            until(() -> !server.running.isRunning());
            assertEquals(0, finished.get(), "a reload is no end of service for sessions");
        } finally {
            hook.countDown();
        }
    }

    @Test
    void aStopEndsQuietSessionsAndRunsTheHooks() throws IOException {
        var finished = new AtomicInteger();
        var server =
                sessions(
                        Map.of(),
                        d -> {
                            d.onDrain(finished::incrementAndGet);
                            return c -> {
                                say(c, "hello");
                                c.in().readLine(100);
                                say(c, d.draining() ? "draining" : "serving");
                            };
                        });
        try (var client = server.connect()) {
            assertEquals("hello", line(client));
            server.close();
            assertEquals("draining", line(client));
        }
        assertEquals(1, finished.get());
    }

    @Test
    void aReadTimesOutAndTheSessionCanStillAnswer() throws IOException {
        try (var server =
                sessions(
                        Map.of(),
                        d ->
                                c -> {
                                    c.readTimeout(Duration.ofMillis(100));
                                    assertThrows(SocketTimeoutException.class, () -> c.in().read());
                                    say(c, "421 timeout");
                                })) {
            assertEquals("421 timeout", server.talk(""));
        }
    }

    @Test
    void theLastWordsReachAClientThatWasStillSending() throws IOException {
        try (var server = sessions(Map.of(), d -> c -> say(c, "421 enough"))) {
            assertEquals("421 enough", server.talk("x".repeat(20_000)));
        }
    }

    @Test
    void aKeptConnectionNeitherHoldsUpADrainNorLosesARequest() throws IOException {
        Path socket = dir.resolve("s");
        var listener =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(socket));
        try (var server =
                        RequestServer.open(
                                Config.of(Map.of()),
                                "echo",
                                listener,
                                d ->
                                        c -> {
                                            for (Message m = c.receive();
                                                    m != null;
                                                    m = c.receive()) {
                                                c.send(Message.of("echo").build());
                                            }
                                        });
                var client = IpcConnection.connect(socket, Duration.ofSeconds(20))) {
            assertEquals("echo", client.request(Message.of("x").build()).request());
            assertEquals(1, server.sessions());
            server.drain();
            assertNull(client.receive());
            until(() -> !server.isRunning());
        }
    }

    @Test
    void aUnixClientIsKnownToTheDaemon() throws IOException {
        Path socket = dir.resolve("s");
        var listener =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(socket));
        try (var server =
                        SessionServer.open(
                                Config.of(Map.of()),
                                "unix",
                                listener,
                                d ->
                                        c -> {
                                            c.readTimeout(Duration.ofSeconds(20));
                                            c.in().read();
                                            say(
                                                    c,
                                                    c.peerUser().orElseThrow().name()
                                                            + " "
                                                            + c.peer());
                                        });
                var client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            client.write(ByteBuffer.wrap(new byte[1]));
            String said =
                    new String(
                            Channels.newInputStream(client).readAllBytes(),
                            StandardCharsets.US_ASCII);
            assertEquals(System.getProperty("user.name") + " null", said.strip());
            assertTrue(server.isRunning());
        }
    }

    @Test
    void wakeupsThatComeWhileOneRunsBecomeOneMore() throws Exception {
        var calls = new AtomicInteger();
        var go = new CountDownLatch(1);
        var listener =
                ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (var server =
                TriggerServer.open(
                        Config.of(Map.of()),
                        "pickup",
                        listener,
                        d ->
                                () -> {
                                    calls.incrementAndGet();
                                    await(go);
                                })) {
            until(() -> calls.get() == 1);
            for (int i = 0; i < 5; i++) {
                server.wakeup();
            }
            try (var knock =
                    new Socket(
                            InetAddress.getLoopbackAddress(), listener.socket().getLocalPort())) {
                assertEquals(-1, knock.getInputStream().read());
            }
            go.countDown();
            until(() -> calls.get() == 2);
        }
        assertEquals(2, calls.get());
    }

    @Test
    void optionsAreParsedByHand() {
        Arguments a =
                Arguments.parse(
                        new String[] {
                            "-n",
                            "smtp",
                            "-t",
                            "inet",
                            "-c",
                            "/etc/postino",
                            "-l",
                            "5",
                            "-s",
                            "2",
                            "-u",
                            "-v",
                            "-o",
                            "a=b",
                            "-oc=d",
                            "-y",
                            "flags=F",
                            "-x",
                            "-oi",
                            "-n"
                        });
        assertEquals(
                new Arguments(
                        "smtp",
                        Path.of("/etc/postino"),
                        5,
                        2,
                        true,
                        null,
                        HandedFiles.NONE,
                        List.of("a=b", "c=d"),
                        List.of("-y", "flags=F", "-x", "-oi", "-n")),
                a);
        assertEquals(
                List.of("-n"),
                Arguments.parse(new String[] {"-n", "s", "-c", "/x", "--", "-n"}).rest());
        assertThrows(FatalException.class, () -> Arguments.parse(new String[] {"-n"}));
        assertThrows(FatalException.class, () -> Arguments.parse(new String[] {}));
    }

    /// Sessions that wait for the end of their input. The first two leave the set of sessions together: neither is forgotten
    /// entirely until the other is out of it, too.
    private record Pairs(CyclicBarrier bothGone) implements SessionKind {
        @Override
        public boolean reloadEndsSessions() {
            return true;
        }

        @Override
        public Session session(SocketChannel channel, String trace) {
            return new Member(channel, bothGone);
        }
    }

    private static final class Member implements SessionKind.Session {
        private final SocketChannel channel;
        private final CyclicBarrier bothGone;
        private final long begin = System.nanoTime();
        private int lookUps;
        private boolean ended;

        Member(SocketChannel channel, CyclicBarrier bothGone) {
            this.channel = channel;
            this.bothGone = bothGone;
        }

        @Override
        public void run() throws IOException {
            try (channel) {
                channel.write(ByteBuffer.allocate(1));
                while (channel.read(ByteBuffer.allocate(1)) > 0) {
                    // until the client has no more
                }
            }
            ended = true;
        }

        /// Waits at the second look-up of a session that has ended: the first takes it out of the set of all.
        @Override
        public int hashCode() {
            if (ended && ++lookUps == 2) {
                try {
                    bothGone.await(60, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            return System.identityHashCode(this);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public boolean isWaiting() {
            return true;
        }

        @Override
        public void hurry() {
            abort();
        }

        @Override
        public long lastActivity() {
            return begin;
        }

        @Override
        public void abort() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private record Server(RunningServer running, int port) implements AutoCloseable {
        Socket connect() throws IOException {
            return new Socket(InetAddress.getLoopbackAddress(), port);
        }

        String talk(String request) throws IOException {
            try (var socket = connect()) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                return text(socket);
            }
        }

        @Override
        public void close() {
            running.close();
        }
    }

    private static Server sessions(
            Map<String, String> settings, Function<Daemon, SessionServer.Service> start)
            throws IOException {
        var listener =
                ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        int port = listener.socket().getLocalPort();
        return new Server(
                SessionServer.open(Config.of(new HashMap<>(settings)), "test", listener, start),
                port);
    }

    private static void say(Connection c, String text) throws IOException {
        c.out().write((text + "\n").getBytes(StandardCharsets.US_ASCII));
        c.out().flush();
    }

    private static String text(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .strip();
    }

    private static String line(Socket socket) throws IOException {
        var line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c >= 0 && c != '\n';
                c = socket.getInputStream().read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(2_000_000);
        }
    }
}
