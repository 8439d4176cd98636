// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.OwnNetworks;
import org.postino.dns.Dns;
import org.postino.dns.DnsClient;
import org.postino.queue.Agent;
import org.postino.queue.DeliveryJob;
import org.postino.queue.DeliveryServer;
import org.postino.server.Daemon;
import org.postino.suite.Programs;
import org.postino.suite.SmtpParams;
import org.postino.table.Maps;
import org.postino.table.Tables;
import org.postino.tls.ClientConfig;
import org.postino.tls.TlsClient;
import org.postino.util.Cidr;
import org.postino.util.Lazy;
import org.slf4j.LoggerFactory;

/// smtp(8), delivery to other hosts. Manual page: `smtp.8`.
final class Smtp implements Agent {
    private final DeliveryAttempt.Tools tools;

    private Smtp(DeliveryAttempt.Tools tools) {
        this.tools = tools;
    }

    static Smtp start(Daemon daemon) {
        return start(daemon, false);
    }

    static Smtp start(Daemon daemon, boolean lmtp) {
        Config config = daemon.config();
        var settings = Settings.of(config, lmtp);
        var log = LoggerFactory.getLogger(lmtp ? "lmtp" : "smtp");
        var tables = new Tables(config);
        Maps passedOver =
                tables.maps(ClientConfig.of(config, lmtp).get(SmtpParams.SMTP_DNS_REPLY_FILTER));
        var cache =
                new SessionCache(
                        settings.cache(),
                        settings.skipQuitResponse() ? Duration.ZERO : settings.timeouts().quit(),
                        daemon.clock());
        daemon.onDrain(cache::close);
        var handshake =
                new Handshake(
                        settings,
                        new Dialer(settings),
                        new Lazy<>(() -> TlsClient.of(config, lmtp)),
                        new SaslLogin(settings, tables.maps(settings.sasl().passwordMaps())),
                        daemon.clock(),
                        log);
        return new Smtp(
                new DeliveryAttempt.Tools(
                        settings,
                        new HostFinder(
                                settings.rules(config),
                                new Lazy<Dns>(() -> dns(config, daemon, passedOver)),
                                new Lazy<>(() -> ownAddresses(config)),
                                new Random()),
                        handshake,
                        TlsPolicy.of(
                                ClientConfig.of(config, lmtp),
                                tables.maps(settings.tls().policyMaps()),
                                new TlsPerSite(tables.maps(settings.tls().perSite()))),
                        new RequireTlsPolicy(settings.tls().requireTlsPolicy(), tables),
                        ContentRules.of(config, tables, lmtp, log),
                        cache,
                        daemon.clock(),
                        log));
    }

    private static Dns dns(Config config, Daemon daemon, Maps passedOver) {
        var dns = DnsClient.of(config, daemon.clock());
        return passedOver.isEmpty() ? dns : dns.without(passedOver::ignores);
    }

    @Override
    public void deliver(DeliveryJob job) throws IOException {
        new DeliveryAttempt(tools, job).run();
    }

    private static List<InetAddress> ownAddresses(Config config) {
        var addresses = new ArrayList<>(OwnNetworks.addresses(config));
        for (String text : config.get(MainParams.PROXY_INTERFACES)) {
            Cidr.address(text).ifPresent(addresses::add);
        }
        return List.copyOf(addresses);
    }

    static void main(String[] args) {
        System.exit(DeliveryServer.run(args, Programs.options("smtp"), Smtp::start));
    }
}
