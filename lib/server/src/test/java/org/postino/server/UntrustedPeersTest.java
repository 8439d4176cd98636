// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.linux.PeerUser;

final class UntrustedPeersTest {
    @TempDir Path dir;

    @Test
    void oneUserDoesNotTakeEveryPlace() {
        var untrusted = new UntrustedPeers("qmgr", user -> false);
        for (int i = 0; i < UntrustedPeers.EACH; i++) {
            assertTrue(untrusted.enter(1));
        }
        assertFalse(untrusted.enter(1));
        assertTrue(untrusted.enter(2));
        untrusted.leave(1);
        assertTrue(untrusted.enter(1));
    }

    @Test
    void allTogetherHaveABound() {
        var untrusted = new UntrustedPeers("qmgr", user -> false);
        for (int i = 0; i < UntrustedPeers.ALL; i++) {
            assertTrue(untrusted.enter(i));
        }
        assertFalse(untrusted.enter(99));
        untrusted.leave(0);
        assertTrue(untrusted.enter(99));
    }

    @Test
    void aStrangerHasFewConnectionsAndSmallRequests() throws Exception {
        try (var _ = serve(new UntrustedPeers("qmgr", user -> false))) {
            var kept = new ArrayList<IpcConnection>();
            for (int i = 0; i < UntrustedPeers.EACH; i++) {
                kept.add(connect());
                assertEquals("echo", kept.getLast().request(ask(10)).request());
            }
            try (var oneMore = connect()) {
                assertThrows(IOException.class, () -> oneMore.request(ask(10)));
            }
            assertThrows(IOException.class, () -> kept.getFirst().request(ask(5000)));
            try (var again = connect()) {
                assertEquals("echo", again.request(ask(10)).request());
            }
            for (var c : kept) {
                c.close();
            }
        }
    }

    @Test
    void theSuiteItselfHasNoSuchBounds() throws Exception {
        try (var server = serve(new UntrustedPeers("qmgr", PeerUser::isPrivileged))) {
            var kept = new ArrayList<IpcConnection>();
            for (int i = 0; i <= UntrustedPeers.ALL; i++) {
                kept.add(connect());
                assertEquals("echo", kept.getLast().request(ask(5000)).request());
            }
            assertEquals(UntrustedPeers.ALL + 1, server.sessions());
            for (var c : kept) {
                c.close();
            }
        }
    }

    private static Message ask(int size) {
        return Message.of("x").with("text", "x".repeat(size)).build();
    }

    private IpcConnection connect() throws IOException {
        return IpcConnection.connect(dir.resolve("s"), Duration.ofSeconds(20));
    }

    private RunningServer serve(UntrustedPeers untrusted) throws IOException {
        var listener =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(dir.resolve("s")));
        return RequestServer.open(
                Config.of(Map.of()), "qmgr", listener, d -> UntrustedPeersTest::echo, untrusted);
    }

    private static void echo(IpcConnection c) throws IOException {
        for (Message m = c.receive(); m != null; m = c.receive()) {
            c.send(Message.of("echo").build());
        }
    }
}
