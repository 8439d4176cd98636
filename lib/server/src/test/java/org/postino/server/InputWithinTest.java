// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Waiting a moment for a client takes nothing away from it, and nothing from the time that a read may take.
final class InputWithinTest {
    private static final Duration MOMENT = Duration.ofMillis(5);

    private final Socket client;
    private final Connection connection;

    InputWithinTest() throws IOException {
        try (var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var address = (InetSocketAddress) server.getLocalAddress();
            client = new Socket(address.getAddress(), address.getPort());
            connection = Connection.of(server.accept());
        }
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        connection.close();
    }

    @Test
    void aSilentClientIsNotWaitedForLonger() throws IOException {
        assertFalse(connection.inputWithin(MOMENT));
        client.getOutputStream().write('x');
        assertEquals('x', connection.in().read());
    }

    @Test
    void whatCameIsThereToBeRead() throws IOException {
        client.getOutputStream().write("ab".getBytes(StandardCharsets.US_ASCII));
        assertTrue(connection.inputWithin(Duration.ofSeconds(30)));
        assertTrue(connection.inputWithin(MOMENT));
        assertEquals('a', connection.in().read());
        assertEquals('b', connection.in().read());
        assertFalse(connection.inputWithin(MOMENT));
    }

    @Test
    void aClientThatLeavesIsSeen() throws IOException {
        client.close();
        assertTrue(connection.inputWithin(Duration.ofSeconds(30)));
        assertEquals(-1, connection.in().read());
    }

    @Test
    void theTimeThatAReadMayTakeIsAsBefore() throws IOException {
        connection.readTimeout(Duration.ofMillis(40));
        assertFalse(connection.inputWithin(Duration.ofMillis(1)));
        assertThrows(SocketTimeoutException.class, () -> connection.in().read());
    }

    @Test
    void aDeadlineThatHasPassedIsTold() throws IOException {
        connection.deadline(MOMENT);
        assertThrows(
                SocketTimeoutException.class, () -> connection.inputWithin(Duration.ofSeconds(30)));
    }
}
