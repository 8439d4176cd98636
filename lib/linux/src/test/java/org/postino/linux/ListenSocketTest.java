// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenSocketTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    @TempDir Path dir;

    @Test
    void aWaitingClientMakesTheSocketReadable() throws IOException {
        try (var socket = ListenSocket.tcp(loopback(), true, false, 5)) {
            assertEquals(List.of(), Poller.await(List.of(socket.fd()), Duration.ZERO));
            try (var client = new Socket(InetAddress.getLoopbackAddress(), socket.port())) {
                assertEquals(List.of(0), Poller.await(List.of(socket.fd()), SOON));
                try (NativeFd accepted = socket.fd().accept()) {
                    accepted.write(new byte[] {42});
                    assertEquals(42, client.getInputStream().read());
                }
            }
        }
    }

    @Test
    void aPortInUseIsRefusedByName() throws IOException {
        try (var first = ListenSocket.tcp(loopback(), true, false, 5)) {
            var same = new InetSocketAddress(InetAddress.getLoopbackAddress(), first.port());
            var refused =
                    assertThrows(IOException.class, () -> ListenSocket.tcp(same, true, false, 5));
            assertEquals(
                    "127.0.0.1:" + first.port() + ": Address already in use", refused.getMessage());
        }
    }

    @Test
    void anotherAddressOfThePortTakesOverWithoutAGap() throws IOException {
        var everywhere = new InetSocketAddress("0.0.0.0", 0);
        try (var old = ListenSocket.tcp(everywhere, true, false, 5)) {
            var narrow = new InetSocketAddress(InetAddress.getLoopbackAddress(), old.port());
            assertThrows(IOException.class, () -> ListenSocket.tcp(narrow, true, true, 5));
            old.share(true);
            assertThrows(IOException.class, () -> ListenSocket.tcp(narrow, true, false, 5));
            try (var next = ListenSocket.tcp(narrow, true, true, 5)) {
                ListenSocket.end(old.fd());
                try (var client = new Socket(narrow.getAddress(), narrow.getPort())) {
                    assertEquals(List.of(0), Poller.await(List.of(next.fd()), SOON));
                    assertTrue(client.isConnected());
                }
                assertThrows(IOException.class, () -> ListenSocket.tcp(narrow, true, false, 5));
            }
        }
    }

    @Test
    void aSocketLeftBehindIsReplacedAndALiveOneIsNot() throws IOException {
        Path path = dir.resolve("s");
        var first = ListenSocket.unix(path, "rw-------", 5);
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertThrows(IOException.class, () -> ListenSocket.unix(path, "rw-rw-rw-", 5));
        first.fd().close(); // as if its process had died
        try (var second = ListenSocket.unix(path, "rw-rw-rw-", 5);
                var client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            assertEquals(List.of(0), Poller.await(List.of(second.fd()), SOON));
            assertTrue(PeerUser.of(client).isPresent());
            assertEquals(Processes.ownUid(), PeerUser.of(client).orElseThrow().uid());
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void aFileIsNeverReplacedByASocket() throws IOException {
        Path path = Files.writeString(dir.resolve("f"), "precious");
        assertThrows(IOException.class, () -> ListenSocket.unix(path, "rw-------", 5));
        assertEquals("precious", Files.readString(path));
    }

    @Test
    void aPathTooLongForASocketIsSaidSo() {
        Path path = dir.resolve("x".repeat(120));
        var refused =
                assertThrows(IOException.class, () -> ListenSocket.unix(path, "rw-------", 5));
        assertTrue(String.valueOf(refused.getMessage()).contains("107 bytes"));
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
