// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.MasterCf;
import org.postino.queue.QueueListing;
import org.postino.queue.Spool;
import org.postino.queue.VerifyClient;
import org.postino.routing.Resolver;
import org.postino.server.Daemon;
import org.postino.server.RequestServer;
import org.postino.suite.Programs;
import org.postino.suite.Role;
import org.postino.table.MatchList;
import org.postino.table.Tables;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// qmgr(8), the queue manager. Manual page: `qmgr.8`.
final class Qmgr {
    private static final int EXIT_PANIC = 70;

    /// The time for which an idle connection to an agent is kept: short beside `max_idle`, so that it keeps no agent alive.
    private static final Duration KEEP = Duration.ofSeconds(10);

    private Qmgr() {}

    private static RequestServer.Service start(Daemon daemon) {
        Logger log = LoggerFactory.getLogger("qmgr");
        Config config = daemon.config();
        var spool = new Spool(config);
        var tables = new Tables(config);
        Path sockets = daemon.queueDirectory().resolve("private");
        Duration timeout = config.get(MainParams.DAEMON_TIMEOUT);
        var manager =
                new QueueManager(
                        QmgrSettings.of(config, rows(config, log)),
                        spool,
                        new ResolverRouter(
                                new Resolver(config, tables), Resolver.ofProbes(config, tables)),
                        new AgentPool(sockets, timeout, KEEP, daemon.clock()),
                        new BounceService(
                                sockets.resolve("bounce"),
                                new VerifyClient(
                                        sockets.resolve(
                                                config.get(MainParams.ADDRESS_VERIFY_SERVICE_NAME)),
                                        config.get(MainParams.IPC_TIMEOUT)),
                                config.get(MainParams.IPC_TIMEOUT)),
                        new OwnerLock(daemon.queueDirectory().resolve("pid/qmgr.lock")),
                        daemon.clock(),
                        log,
                        () -> Runtime.getRuntime().halt(EXIT_PANIC));
        var work = daemon.working();
        daemon.onDrain(() -> {
            manager.drain();
            work.close();
        });
        daemon.onWakeup(manager::poke);
        manager.start();
        return new Requests(
                manager,
                new QueueListing(spool),
                MatchList.strings(config.get(MainParams.AUTHORIZED_MAILQ_USERS), tables),
                MatchList.strings(config.get(MainParams.AUTHORIZED_FLUSH_USERS), tables),
                config.get(MainParams.MAIL_OWNER) + Role.SMTPD.suffix(),
                log);
    }

    /// The services of master.cf; none, and a warning, if it cannot be read.
    private static List<MasterCf.Row> rows(Config config, Logger log) {
        Path file = config.directory().resolve("master.cf");
        try {
            return MasterCf.read(file).rows();
        } catch (IOException e) {
            log.warn(
                    "cannot read {}, so default_process_limit counts for all transports: {}",
                    file,
                    e.toString());
            return List.of();
        }
    }

    static void main(String[] args) {
        System.exit(RequestServer.run(args, Programs.options("qmgr"), Qmgr::start));
    }
}
