// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// A port for a process that has to be told which one.
public final class FreePort {
    private FreePort() {}

    /// A TCP port of the loopback interface at which nobody listens now.
    public static int find() throws IOException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
