// SPDX-License-Identifier: Apache-2.0

package org.postino.ipc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IpcConnectionTest {
    @TempDir Path dir;
    private ServerSocketChannel server;
    private Path socket;

    @BeforeEach
    void listen() throws Exception {
        socket = dir.resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @Test
    void aMessageArrivesAsItWasSent() throws Exception {
        try (var client = IpcConnection.connect(socket, Duration.ofSeconds(5));
                var peer = IpcConnection.over(server.accept())) {
            var request = Message.of("ask").with("a", "1\n\0ü").with("b", 2).with("a", "").build();
            client.send(request);
            assertEquals(request, peer.receive());
            var reply = Message.of("answer").with("n", 42).build();
            peer.send(reply);
            Message got = Objects.requireNonNull(client.receive());
            assertEquals(reply, got);
            assertEquals(42, got.number("n"));
            assertEquals(List.of("1\n\0ü", ""), request.all("a"));
            assertThrows(ProtocolException.class, () -> got.text("absent"));
        }
    }

    @Test
    void recordsOfAnySizeKeepTheirBoundaries() throws Exception {
        try (var client = IpcConnection.connect(socket, Duration.ZERO);
                var peer = IpcConnection.over(server.accept())) {
            int[] sizes = {0, 1, 127, 128, 16_000, 16_383, 16_384, 16_385, 100_000, 1_000_000};
            Thread sender =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    for (int size : sizes) {
                                        client.sendRecord('C', bytes(size));
                                    }
                                    client.flush();
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
            for (int size : sizes) {
                IpcRecord r = peer.receiveRecord();
                assertEquals('C', r.type());
                assertArrayEquals(bytes(size), r.data());
            }
            sender.join();
        }
    }

    @Test
    void aPeerThatClosesBetweenMessagesIsNotAnError() throws Exception {
        var client = IpcConnection.connect(socket, Duration.ZERO);
        try (var peer = IpcConnection.over(server.accept())) {
            client.send(Message.of("x").build());
            client.close();
            assertEquals("x", Objects.requireNonNull(peer.receive()).request());
            assertNull(peer.receive());
            assertThrows(EOFException.class, peer::receiveRecord);
        }
    }

    @Test
    void aPeerOfAnotherVersionIsRefused() throws Exception {
        try (var raw = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                var peer = IpcConnection.over(server.accept())) {
            raw.write(ByteBuffer.wrap("V\tpostino 9".getBytes(StandardCharsets.US_ASCII)));
            assertThrows(ProtocolException.class, peer::receive);
        }
    }

    @Test
    void anImpossibleLengthIsRefused() throws Exception {
        try (var raw = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                var peer = IpcConnection.over(server.accept())) {
            raw.write(ByteBuffer.wrap(new byte[] {'V', -1, -1, -1, -1, -1, -1}));
            assertThrows(ProtocolException.class, peer::receive);
        }
    }

    @Test
    void theFirstRecordIsSmall() throws Exception {
        try (var raw = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                var peer = IpcConnection.over(server.accept())) {
            raw.write(ByteBuffer.wrap(new byte[] {'V', 65}));
            assertThrows(ProtocolException.class, peer::receive);
        }
    }

    @Test
    void aRecordBeyondTheLimitIsRefusedBeforeItComes() throws Exception {
        try (var client = IpcConnection.connect(socket, Duration.ZERO);
                var peer = IpcConnection.over(server.accept())) {
            peer.limitRecords(4096);
            client.sendRecord('C', bytes(4096));
            client.sendRecord('C', bytes(4097));
            client.flush();
            assertArrayEquals(bytes(4096), peer.receiveRecord().data());
            assertThrows(ProtocolException.class, peer::receiveRecord);
        }
    }

    @Test
    void announcedBytesTakeNoMemoryBeforeTheyCome() throws Exception {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var raw = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                var peer = IpcConnection.over(server.accept())) {
            raw.write(ByteBuffer.wrap("V\tpostino 1M".getBytes(StandardCharsets.US_ASCII)));
            raw.write(ByteBuffer.wrap(new byte[] {-1, -1, -1, 1})); // 4 MB
            raw.shutdownOutput();
            long before = threads.getCurrentThreadAllocatedBytes();
            assertThrows(EOFException.class, peer::receive);
            long taken = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(taken < 1024 * 1024, () -> taken + " bytes");
        }
    }

    @Test
    void aSilentPeerIsGivenUp() throws Exception {
        try (var client = IpcConnection.connect(socket, Duration.ofMillis(50));
                var peer = IpcConnection.over(server.accept())) {
            assertThrows(
                    SocketTimeoutException.class, () -> client.request(Message.of("x").build()));
            assertEquals("x", Objects.requireNonNull(peer.receive()).request());
        }
    }

    private static byte[] bytes(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
