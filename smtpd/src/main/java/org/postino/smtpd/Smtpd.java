// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.Param;
import org.postino.dns.Dns;
import org.postino.dns.DnsClient;
import org.postino.dns.HostAddresses;
import org.postino.dns.HostsFile;
import org.postino.queue.CleanupClient;
import org.postino.queue.QueueSpace;
import org.postino.queue.ReceiveOverride;
import org.postino.queue.VerifyClient;
import org.postino.routing.Networks;
import org.postino.sasl.AuthClient;
import org.postino.sasl.AuthExchange;
import org.postino.sasl.AuthPeer;
import org.postino.sasl.OfferedMechanism;
import org.postino.server.Connection;
import org.postino.server.Daemon;
import org.postino.server.ServerDialer;
import org.postino.server.SessionServer;
import org.postino.server.UpstreamProxy;
import org.postino.suite.IncomingParams;
import org.postino.suite.Programs;
import org.postino.suite.ScannerParams;
import org.postino.suite.ServerNameTable;
import org.postino.suite.SmtpdParams;
import org.postino.table.Maps;
import org.postino.table.MatchList;
import org.postino.table.Tables;
import org.postino.tls.TlsParams;
import org.postino.tls.TlsServer;
import org.postino.util.ByteNames;
import org.postino.util.Lazy;
import org.slf4j.LoggerFactory;

/// smtpd(8), the SMTP server. Manual page: `smtpd.8`.
public final class Smtpd implements SessionServer.Service {
    private static final Duration AUTH_TIMEOUT = Duration.ofSeconds(60);

    private final Services services;

    Smtpd(Services services) {
        this.services = services;
    }

    /// A server that takes everything from its daemon's configuration.
    public static Smtpd of(Daemon daemon) {
        return new Smtpd(services(daemon));
    }

    /// The services of sessions, by a daemon's configuration.
    static Services services(Daemon daemon) {
        Config config = daemon.config();
        var cleanup =
                CleanupClient.of(
                        config,
                        daemon.queueDirectory(),
                        ReceiveOverride.of(config.get(IncomingParams.RECEIVE_OVERRIDE_OPTIONS)));
        return services(daemon, config, cleanup::open, authServer(daemon, config), null);
    }

    /// @param auth null: nobody can log in
    /// @param steps hears how requests are judged; null: nobody does
    static Services services(
            Daemon daemon,
            Config config,
            Services.Queue queue,
            Authenticator.@Nullable Server auth,
            @Nullable Steps steps) {
        var tables = new Tables(config, steps);
        var addresses = new AddressLookup(config, tables);
        var dns = new Lazy<>(() -> heard(DnsClient.of(config, daemon.clock()), steps));
        Maps passedOver = tables.maps(config.get(SmtpdParams.SMTPD_DNS_REPLY_FILTER));
        var filtered =
                passedOver.isEmpty()
                        ? dns
                        : new Lazy<>(() ->
                                heard(
                                        DnsClient.of(config, daemon.clock())
                                                .without(passedOver::ignores),
                                        steps));
        var ours = Networks.of(OwnAddresses.of(config), tables);
        var settings = Settings.of(config, ZoneId.systemDefault());
        var dialer =
                new ServerDialer(
                        daemon.queueDirectory(),
                        new HostAddresses(HostsFile.ofSystem(), dns)::find);
        var limits = new ClientLimits(config, tables, daemon.clock());
        return new Services(
                daemon.service(),
                settings,
                inspectors(
                        daemon, config, tables, addresses, ours, filtered, dialer, limits, queue,
                        steps),
                addresses,
                queue,
                steps == null ? ProxyFilter.of(config, dialer) : null,
                auth == null ? null : new Authenticator(config, tables, auth),
                tls(config),
                proxy(
                        config,
                        SmtpdParams.SMTPD_UPSTREAM_PROXY_PROTOCOL,
                        SmtpdParams.SMTPD_UPSTREAM_PROXY_TIMEOUT),
                clientNames(config, dns, daemon.clock()),
                limits,
                LocalClients.of(config, tables),
                Networks.of(config.get(SmtpdParams.SMTPD_FORBID_BARE_NEWLINE_EXCLUSIONS), tables),
                Networks.of(config.get(SmtpdParams.SMTPD_AUTHORIZED_XFORWARD_HOSTS), tables),
                Networks.of(config.get(SmtpdParams.SMTPD_AUTHORIZED_XCLIENT_HOSTS), tables),
                MatchList.strings(config.get(SmtpdParams.SMTPD_FORBIDDEN_COMMANDS), tables),
                tables.maps(config.get(SmtpdParams.SMTPD_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS)),
                SiteFlush.of(config, tables, daemon),
                RefusalStyle.ofSmtpd(config, tables, daemon.clock(), settings.zone()),
                new CommandFilter(config, SmtpdParams.SMTPD_COMMAND_FILTER, tables),
                new AliasMembers(config, tables, addresses),
                QueueSpace.of(daemon.queueDirectory(), config)::shortage,
                new Received(settings),
                daemon.clock(),
                daemon::draining,
                LoggerFactory.getLogger("smtpd"));
    }

    private static Dns heard(Dns dns, @Nullable Steps steps) {
        return steps == null ? dns : new HeardDns(dns, steps);
    }

    /// The proxy in front of a row; null if there is none.
    static @Nullable UpstreamProxy proxy(
            Config config, Param<String> protocol, Param<Duration> timeout) {
        return config.get(protocol).isEmpty() ? null : UpstreamProxy.anywhere(config.get(timeout));
    }

    private static VerifyClient verify(Daemon daemon, Config config) {
        return new VerifyClient(
                daemon.queueDirectory()
                        .resolve("private")
                        .resolve(config.get(MainParams.ADDRESS_VERIFY_SERVICE_NAME)),
                config.get(MainParams.IPC_TIMEOUT));
    }

    /// Those who are asked about messages, in this order; a scanner only if main.cf names one.
    private static List<Inspector.Source> inspectors(
            Daemon daemon,
            Config config,
            Tables tables,
            AddressLookup addresses,
            Networks ours,
            Lazy<Dns> dns,
            ServerDialer dialer,
            ClientLimits limits,
            Services.Queue queue,
            @Nullable Steps steps) {
        Clock clock = daemon.clock();
        var all = new ArrayList<Inspector.Source>();
        all.add(
                new Policy(
                        config,
                        tables,
                        addresses,
                        ours,
                        dns,
                        dialer,
                        verify(daemon, config),
                        () -> anvil(daemon),
                        clock,
                        steps));
        if (MilterSource.isWanted(config)) {
            all.add(new MilterSource(config, tables, addresses, limits, dialer, steps));
        }
        if (!config.get(ScannerParams.SMTPD_CLAMD_SERVERS).isEmpty()) {
            all.add(
                    steps == null
                            ? ClamdInspector.source(config, dialer)
                            : plan(
                                    "clamd",
                                    config,
                                    ScannerParams.SMTPD_CLAMD_SERVERS,
                                    null,
                                    steps));
        }
        if (!config.get(ScannerParams.SMTPD_SPAMD_SERVERS).isEmpty()) {
            all.add(
                    steps == null
                            ? SpamdInspector.source(config, dialer, clock)
                            : plan(
                                    "spamd",
                                    config,
                                    ScannerParams.SMTPD_SPAMD_SERVERS,
                                    Networks.mynetworks(config),
                                    steps));
        }
        if (VolumeLimits.areSet(config)) {
            var log = LoggerFactory.getLogger("smtpd");
            var notice = new PostmasterNotice(config, queue, clock, log);
            all.add(new VolumeLimits(config, tables, anvil(daemon), notice, steps));
        }
        return List.copyOf(all);
    }

    private static Inspector.Source plan(
            String name,
            Config config,
            Param<List<String>> servers,
            @Nullable Networks spared,
            Steps steps) {
        var plan = new ScannerPlan(name, config.get(servers), spared, steps);
        return (_, _) -> plan;
    }

    /// The memory of clients that all rows have in common.
    static AnvilClient anvil(Daemon daemon) {
        var log = LoggerFactory.getLogger(daemon.service());
        return new AnvilClient(
                daemon.queueDirectory(), daemon.clock(), text -> log.warn("{}", text));
    }

    /// Name servers as main.cf wants them.
    static Lazy<Dns> dns(Daemon daemon) {
        return new Lazy<>(() -> DnsClient.of(daemon.config(), daemon.clock()));
    }

    private static ClientNames clientNames(Config config, Lazy<Dns> dns, Clock clock) {
        return config.get(SmtpdParams.SMTPD_PEERNAME_LOOKUP)
                ? new DnsClientNames(HostsFile.ofSystem(), dns, clock, DnsClientNames.PATIENCE)
                : ClientNames.OFF;
    }

    private static Authenticator.@Nullable Server authServer(Daemon daemon, Config config) {
        if (!config.get(SmtpdParams.SMTPD_SASL_AUTH_ENABLE)) {
            return null;
        }
        Path socket =
                daemon.queueDirectory()
                        .resolve(ByteNames.path(config.get(SmtpdParams.SMTPD_SASL_PATH)));
        var client = AuthClient.connect(socket, AUTH_TIMEOUT);
        return new Authenticator.Server() {
            @Override
            public List<OfferedMechanism> mechanisms() throws IOException {
                return client.mechanisms();
            }

            @Override
            public AuthExchange begin(
                    String mechanism, AuthPeer peer, byte @Nullable [] initialResponse) {
                return client.begin(mechanism, peer, initialResponse);
            }
        };
    }

    /// TLS as main.cf wants it; null if it is off, or if there is no certificate.
    private static @Nullable TlsServer tls(Config config) {
        String level = TlsServer.level(config);
        boolean wanted =
                config.get(TlsParams.SMTPD_TLS_WRAPPERMODE)
                        || level.equals("may")
                        || level.equals("encrypt");
        if (!wanted) {
            return null;
        }
        boolean mandatory = config.get(TlsParams.SMTPD_TLS_WRAPPERMODE) || level.equals("encrypt");
        var server =
                TlsServer.of(config, mandatory, ServerNameTable.of(config))
                        .askingClients(config, mandatory);
        if (!server.isConfigured()) {
            LoggerFactory.getLogger("smtpd")
                    .warn("TLS is wanted, but smtpd_tls_chain_files names no certificate");
        }
        return server.isConfigured() ? server : null;
    }

    @Override
    public void serve(Connection c) throws IOException {
        UpstreamProxy proxy = services.proxy();
        Optional<String> problem = proxy == null ? Optional.empty() : proxy.problem(c);
        var session = new Session(services, c);
        if (problem.isPresent()) {
            session.turnAway(problem.get());
        } else {
            session.run();
        }
    }

    static void main(String[] args) {
        var options = Programs.options("smtpd");
        System.exit(SessionServer.run(args, options, Smtpd::of));
    }
}
