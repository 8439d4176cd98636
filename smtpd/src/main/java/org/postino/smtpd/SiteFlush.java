// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.queue.QmgrClient;
import org.postino.routing.Networks;
import org.postino.server.Daemon;
import org.postino.suite.SmtpdParams;
import org.postino.table.MatchList;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Has the mail sent that waits for a domain, by asking qmgr. Safe for use by several threads.
///
/// Whoever asks for one domain again and again makes no work: once a minute is enough.
final class SiteFlush {
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /// The most domains in that time, as qmgr looks through all that waits for each.
    private static final int MANY = 60;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final MatchList domains;
    private final Networks mynetworks;
    private final Sites sites;
    private final Clock clock;
    private final Map<String, Instant> last = new HashMap<>(); // guarded by this

    /// The queue manager, or a stand-in in tests.
    @FunctionalInterface
    interface Sites {
        /// Tries the deferred messages of a domain now; returns how many there were.
        int flush(String site) throws IOException;
    }

    private SiteFlush(MatchList domains, Networks mynetworks, Sites sites, Clock clock) {
        this.domains = domains;
        this.mynetworks = mynetworks;
        this.sites = sites;
        this.clock = clock;
    }

    static SiteFlush of(Config config, Tables tables, Daemon daemon) {
        boolean parents =
                config.get(MainParams.PARENT_DOMAIN_MATCHES_SUBDOMAINS)
                        .contains("fast_flush_domains");
        var qmgr = new QmgrClient(daemon.queueDirectory().resolve("public/qmgr"), PATIENCE);
        return new SiteFlush(
                MatchList.domains(config.get(SmtpdParams.FAST_FLUSH_DOMAINS), tables, parents),
                Networks.mynetworks(config),
                qmgr::flushSite,
                daemon.clock());
    }

    /// Returns the same for other queues.
    SiteFlush through(Sites others) {
        return new SiteFlush(domains, mynetworks, others, clock);
    }

    /// True if the mail of a domain is sent on request (`fast_flush_domains`).
    boolean serves(String domain) throws TableException {
        return domains.matches(domain.toLowerCase(Locale.ROOT));
    }

    /// True for a client in `$mynetworks`.
    boolean isOurs(Client client) throws TableException {
        InetAddress address = client.address();
        return address != null && mynetworks.contains(client.name(), address);
    }

    /// Has the mail of a domain sent, if that was not done just now.
    ///
    /// @return the number of messages that waited
    /// @throws IOException qmgr is away, or was asked for too many domains
    synchronized int flush(String domain) throws IOException {
        String site = domain.toLowerCase(Locale.ROOT);
        Instant now = clock.instant();
        if (last.size() >= MANY) {
            last.values().removeIf(at -> at.plus(PAUSE).isBefore(now));
        }
        Instant before = last.get(site);
        if (before != null && before.plus(PAUSE).isAfter(now)) {
            return 0;
        }
        if (last.size() >= MANY) {
            throw new IOException("too many requests in a minute");
        }
        last.put(site, now);
        try {
            return sites.flush(site);
        } catch (IOException e) {
            last.remove(site);
            throw e;
        }
    }
}
