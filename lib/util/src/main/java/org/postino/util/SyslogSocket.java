// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;

/// A datagram socket to the system's log daemon, which Java's own channels cannot reach.
///
/// Loads a large library: to be made only when something must be sent.
public final class SyslogSocket implements Closeable {
    private final UnixSocketAddress address;
    private final UnixDatagramChannel channel;

    /// A socket for sending to `path`, as `/dev/log`; whether anyone listens shows when sending.
    public SyslogSocket(Path path) throws IOException {
        address = new UnixSocketAddress(path.toFile());
        channel = UnixDatagramChannel.open();
    }

    /// Sends one datagram.
    ///
    /// @throws IOException nobody listens there now
    public void send(byte[] message) throws IOException {
        channel.send(ByteBuffer.wrap(message), address);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
