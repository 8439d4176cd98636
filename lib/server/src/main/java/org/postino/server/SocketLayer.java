// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.IOException;
import java.net.Socket;

/// Something that wraps a connected socket: TLS.
@FunctionalInterface
public interface SocketLayer {
    /// The wrapped socket, its handshake done; closing it closes `plain`.
    Socket over(Socket plain) throws IOException;
}
