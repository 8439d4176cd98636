// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeadlineTest {
    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();

    private Deadline deadline() {
        return new Deadline(
                () -> done.add("input"), () -> done.add("abort"), Duration.ZERO, Duration.ZERO);
    }

    @Test
    void whoIsLateLosesItsInputThenTheConnection() throws InterruptedException {
        var deadline = deadline();
        deadline.set(Duration.ofMillis(1));
        assertEquals("input", done.take());
        assertEquals("abort", done.take());
        deadline.lift();
        assertTrue(deadline.hasPassed());
    }

    @Test
    void anotherDeadlineCountsWhetherShorterOrLonger() throws InterruptedException {
        var shorter = deadline();
        shorter.set(Duration.ofHours(1));
        shorter.set(Duration.ofMillis(1));
        assertEquals("input", done.take());
        assertEquals("abort", done.take());
        var longer = deadline();
        longer.set(Duration.ofMillis(1));
        longer.set(Duration.ofMillis(2));
        assertEquals("input", done.take());
        longer.cancel();
    }

    @Test
    void readersWaitNoLongerThanIsLeft() {
        var deadline = deadline();
        var hour = Duration.ofHours(1);
        assertEquals(hour, deadline.atMost(hour));
        deadline.set(hour);
        assertEquals(Duration.ofSeconds(1), deadline.atMost(Duration.ofSeconds(1)));
        assertTrue(deadline.atMost(Duration.ofHours(2)).compareTo(hour.plusMillis(1)) <= 0);
        assertTrue(deadline.atMost(Duration.ZERO).isPositive());
        assertFalse(deadline.hasPassed());
        deadline.lift();
        assertEquals(Duration.ZERO, deadline.atMost(Duration.ZERO));
        deadline.cancel();
    }

    @Test
    void tricklingDoesNotStretchItAndLastWordsAreHeard() throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                var connection = Connection.of(listener.accept())) {
            var session = new FutureTask<>(() -> serve(connection));
            Thread.ofVirtual().start(session);
            client.setSoTimeout(10);
            int answer = 0;
            while (answer == 0) {
                client.getOutputStream().write('x');
                answer = read(client);
            }
            assertEquals('4', answer);
            assertTrue(session.get());
        }
    }

    private static boolean serve(Connection connection) throws IOException {
        connection.readTimeout(Duration.ofMinutes(1));
        connection.deadline(Duration.ofMillis(200));
        assertThrows(SocketTimeoutException.class, () -> connection.in().readLine(1 << 20));
        connection.out().write('4');
        connection.out().flush();
        return true;
    }

    @Test
    void whoTakesNothingOfWhatWeWriteIsLate() throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                var connection = Connection.of(listener.accept())) {
            connection.deadline(Duration.ofMillis(1));
            byte[] much = new byte[1 << 20];
            assertThrows(
                    SocketTimeoutException.class,
                    () -> {
                        while (client.isConnected()) {
                            connection.out().write(much);
                        }
                    });
        }
    }

    private static int read(Socket client) throws IOException {
        try {
            return client.getInputStream().read();
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }
}
