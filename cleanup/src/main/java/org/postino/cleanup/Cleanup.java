// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.content.CheckTables;
import org.postino.content.MimeRules;
import org.postino.dns.DnsClient;
import org.postino.dns.HostAddresses;
import org.postino.dns.HostsFile;
import org.postino.queue.QmgrClient;
import org.postino.queue.Spool;
import org.postino.server.Daemon;
import org.postino.server.FatalException;
import org.postino.server.RequestServer;
import org.postino.server.ServerDialer;
import org.postino.suite.CleanupParams;
import org.postino.suite.Programs;
import org.postino.table.Tables;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// cleanup(8), the way into the queue. Manual page: `cleanup.8`.
final class Cleanup {
    private static final Logger LOG = LoggerFactory.getLogger("cleanup");

    /// The time without a write after which an unfinished file counts as the leftover of a crash.
    private static final Duration LEFTOVER = Duration.ofHours(1);

    /// Postfix takes this many multiparts more than `mime_nesting_limit` says, and what it takes shall be taken here.
    private static final int BEYOND_NESTING = 2;

    private static final Duration TO_QMGR = Duration.ofSeconds(10);

    private Cleanup() {}

    static RequestServer.Service start(Daemon daemon) {
        Config config = daemon.config();
        var settings = CleanupSettings.of(config);
        var spool = new Spool(config);
        var tables = new Tables(config);
        Path qmgr = config.get(MainParams.QUEUE_DIRECTORY).resolve("public/qmgr");
        var listener = new QmgrClient(qmgr, TO_QMGR);
        try {
            spool.createDirectories();
            Thread.ofVirtual().name("purge").start(() -> purge(spool));
            var service =
                    new CleanupService(
                            new CleanupContext(
                                    settings,
                                    new RecipientRules(config, settings, tables),
                                    RecipientRules.withoutMappings(config, settings, tables),
                                    checks(config, tables),
                                    CheckTables.Named.of(
                                            CleanupParams.MILTER_HEADER_CHECKS, config, tables),
                                    LocalMilters.of(config, () -> dialer(daemon)),
                                    spool,
                                    new Commit(spool),
                                    new Announcer(daemon::working, listener::incoming)));
            return service::serve;
        } catch (IOException e) {
            throw new FatalException("cannot use the queue: " + e.getMessage());
        }
    }

    static CheckTables checks(Config config, Tables tables) {
        var params =
                new CheckTables.Params(
                        CleanupParams.HEADER_CHECKS,
                        CleanupParams.MIME_HEADER_CHECKS,
                        CleanupParams.NESTED_HEADER_CHECKS,
                        CleanupParams.BODY_CHECKS);
        return CheckTables.of(
                config,
                tables,
                params,
                config.get(CleanupParams.BODY_CHECKS_SIZE_LIMIT),
                rules(config));
    }

    private static MimeRules rules(Config config) {
        boolean strict = config.get(CleanupParams.STRICT_8BITMIME);
        return new MimeRules(
                !config.get(CleanupParams.DISABLE_MIME_INPUT_PROCESSING),
                strict || config.get(CleanupParams.STRICT_7BIT_HEADERS),
                strict || config.get(CleanupParams.STRICT_8BITMIME_BODY),
                config.get(CleanupParams.STRICT_MIME_ENCODING_DOMAIN),
                config.get(CleanupParams.MIME_NESTING_LIMIT).intValue() + BEYOND_NESTING,
                config.get(CleanupParams.MIME_BOUNDARY_LENGTH_LIMIT).intValue());
    }

    private static ServerDialer dialer(Daemon daemon) {
        var hosts =
                new HostAddresses(
                        HostsFile.ofSystem(), () -> DnsClient.of(daemon.config(), daemon.clock()));
        return new ServerDialer(daemon.queueDirectory(), hosts::find);
    }

    /// Removes leftovers on a thread of its own, because the incoming queue may be long.
    private static void purge(Spool spool) {
        try {
            int purged = spool.purgeUnfinished(LEFTOVER);
            if (purged > 0) {
                LOG.info("removed {} unfinished files that a crash left behind", purged);
            }
        } catch (IOException e) {
            LOG.warn("cannot look for leftovers of a crash: {}", e.getMessage());
        }
    }

    static void main(String[] args) {
        System.exit(RequestServer.run(args, Programs.options("cleanup"), Cleanup::start));
    }
}
