// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;

/// A log daemon or service manager of a test: a Unix datagram socket that is read.
final class FakeDatagrams implements AutoCloseable {
    private final Path path;
    private final UnixDatagramChannel channel;

    FakeDatagrams(Path path) throws IOException {
        this.path = path;
        channel = UnixDatagramChannel.open();
        channel.bind(new UnixSocketAddress(path.toString()));
        channel.configureBlocking(false);
    }

    /// The next datagram; waits for it.
    String next() throws IOException {
        String datagram = next(Duration.ofSeconds(30));
        if (datagram.isEmpty()) {
            throw new AssertionError("no datagram");
        }
        return datagram;
    }

    /// The next datagram that comes within a time; empty if none does.
    String next(Duration within) throws IOException {
        long end = System.nanoTime() + within.toNanos();
        while (System.nanoTime() < end) {
            var into = ByteBuffer.allocate(16 * 1024);
            if (received(into)) {
                return StandardCharsets.UTF_8.decode(into.flip()).toString();
            }
            LockSupport.parkNanos(1_000_000);
        }
        return "";
    }

    private boolean received(ByteBuffer into) {
        try {
            channel.receive(into);
            return into.position() > 0;
        } catch (IOException e) {
            return false; // nothing now
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(path);
    }
}
