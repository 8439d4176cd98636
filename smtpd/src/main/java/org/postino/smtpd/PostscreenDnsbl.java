// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.postino.config.Config;
import org.postino.config.ValueException;
import org.postino.dns.Answer;
import org.postino.dns.Dns;
import org.postino.suite.DnsblSite;
import org.postino.suite.PostscreenParams;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Looks clients up in the DNS lists of `postscreen_dnsbl_sites`, and adds up the weights of those that have them. Safe for use by several threads.
final class PostscreenDnsbl {
    private final Map<String, List<DnsblSite>> sites = new LinkedHashMap<>();
    private final Maps names;
    private final Duration timeout;
    private final Supplier<Dns> dns;

    PostscreenDnsbl(Config config, Tables tables, Supplier<Dns> dns) {
        this.dns = dns;
        timeout = config.get(PostscreenParams.POSTSCREEN_DNSBL_TIMEOUT);
        names = tables.maps(config.get(PostscreenParams.POSTSCREEN_DNSBL_REPLY_MAP));
        for (String text : config.get(PostscreenParams.POSTSCREEN_DNSBL_SITES)) {
            try {
                DnsblSite site = DnsblSite.parse(text);
                sites.computeIfAbsent(site.list().domain(), _ -> new ArrayList<>()).add(site);
            } catch (ValueException e) {
                throw new IllegalStateException(e); // main.cf was checked
            }
        }
    }

    /// Asks all lists at a time, each once, about an address; does not wait.
    Lookup start(InetAddress client) {
        var lookup = new Lookup(sites.size());
        for (var entry : sites.entrySet()) {
            Thread.ofVirtual()
                    .name("dnsbl")
                    .start(() -> {
                        try {
                            lookup.ask(entry.getKey(), entry.getValue(), client);
                        } finally {
                            lookup.missing.countDown();
                        }
                    });
        }
        return lookup;
    }

    /// The answers about one client so far. Safe for use by several threads.
    final class Lookup {
        private final CountDownLatch missing;
        private final Map<DnsblSite, Boolean> listed = new ConcurrentHashMap<>();
        private final Map<String, Duration> lifetimes = new ConcurrentHashMap<>();
        private final long began = System.nanoTime();

        private Lookup(int lists) {
            missing = new CountDownLatch(lists);
        }

        private void ask(String domain, List<DnsblSite> sites, InetAddress client) {
            String query = DnsLists.reversed(client) + "." + domain;
            Answer<InetAddress> answer = dns.get().addresses(query, Dns.Family.IPV4);
            if (System.nanoTime() - began > timeout.toNanos()) {
                return;
            }
            if (answer instanceof Answer.TempFail<InetAddress>(var why)) {
                PostscreenLog.warning("lookup error for DNS query " + query + ": " + why);
                return;
            }
            for (InetAddress address : answer.records()) {
                PostscreenLog.listed(Client.text(client), domain, Client.text(address));
            }
            lifetimes.put(domain, dns.get().lifetime(query, Dns.Family.IPV4));
            for (DnsblSite site : sites) {
                if (answer.records().stream().anyMatch(site.list()::counts)) {
                    listed.put(site, true);
                }
            }
        }

        /// Waits until all lists have answered, but not longer than this.
        ///
        /// @return false if some have not
        boolean await(Duration longest) {
            try {
                return missing.await(longest.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        /// True if all lists have answered.
        boolean isComplete() {
            return missing.getCount() == 0;
        }

        int score() {
            return listed.keySet().stream().mapToInt(DnsblSite::weight).sum();
        }

        /// The time for which the shortest-lived answer holds; zero if one did not come, or does not say.
        Duration lifetime() {
            return lifetimes.size() < sites.size()
                    ? Duration.ZERO
                    : lifetimes.values().stream().min(Duration::compareTo).orElse(Duration.ZERO);
        }

        /// The name of the list that weighs most, as replies may give it.
        String worst() {
            String worst = "";
            int weight = Integer.MIN_VALUE;
            for (DnsblSite site : listed.keySet()) {
                if (site.weight() > weight) {
                    weight = site.weight();
                    worst = site.list().domain();
                }
            }
            try {
                return names.find(worst).orElse(worst);
            } catch (TableException e) {
                PostscreenLog.warning(String.valueOf(e.getMessage()));
                return "a DNS list";
            }
        }
    }
}
