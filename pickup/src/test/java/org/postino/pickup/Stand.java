// SPDX-License-Identifier: Apache-2.0

package org.postino.pickup;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.postino.config.Config;
import org.postino.log.EventLog;
import org.postino.queue.Spool;
import org.postino.server.RunningServer;
import org.postino.server.TriggerServer;
import org.postino.suite.IncomingParams;

/// The real pickup in a temporary directory, with a cleanup that tells what it got.
final class Stand implements AutoCloseable {
    final FakeCleanup cleanup;
    final Spool spool;
    final List<String> log = new CopyOnWriteArrayList<>();
    private final RunningServer server;
    private final EventLog.Listening listening;

    Stand(Path dir, Map<String, String> settings) throws IOException {
        var all = new HashMap<String, String>();
        all.put("queue_directory", dir.toString());
        all.put("myhostname", "mx.test");
        all.put("mydomain", "test");
        all.put("hash_queue_names", "");
        all.putAll(settings);
        Config config = Config.of(all, IncomingParams.ALL);
        spool = new Spool(config);
        spool.createDirectories();
        Files.createDirectories(dir.resolve("public"));
        cleanup = new FakeCleanup(dir.resolve("public/cleanup"));
        cleanup.listen();
        Path socket = dir.resolve("public/pickup");
        Files.deleteIfExists(socket);
        var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        listening = EventLog.listen(e -> log.add(e.text()));
        server = TriggerServer.open(config, "pickup", listener, Pickup::start);
    }

    @Override
    public void close() {
        server.close();
        cleanup.close();
        listening.close();
    }
}
