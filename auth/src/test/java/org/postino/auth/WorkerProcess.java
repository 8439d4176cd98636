// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.postino.config.Config;
import org.postino.server.RequestServer;
import org.postino.suite.AuthParams;

/// auth-worker(8) as a process of a test: serves at the socket named first, with the settings that follow, until its input ends.
final class WorkerProcess {
    private WorkerProcess() {}

    static void main(String[] args) throws IOException {
        Path socket = Path.of(args[0]);
        Files.deleteIfExists(socket);
        var settings =
                Map.of(
                        "queue_directory", socket.resolveSibling(".").normalize().toString(),
                        "auth_worker_max_count", args[1],
                        "auth_worker_timeout", args[2]);
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        try (var _ =
                RequestServer.open(
                        Config.of(settings, AuthParams.ALL),
                        "auth-worker",
                        channel,
                        AuthWorker::start)) {
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // nothing is said to it
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
