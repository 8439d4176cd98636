// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.dns.Dns;
import org.postino.log.EventLog;
import org.postino.routing.Networks;
import org.postino.server.Connection;
import org.postino.server.Daemon;
import org.postino.server.SessionServer;
import org.postino.server.UpstreamProxy;
import org.postino.smtp.Reply;
import org.postino.suite.PostscreenParams;
import org.postino.suite.Programs;
import org.postino.table.Maps;
import org.postino.table.MatchList;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.util.Lazy;

/// postscreen(8), an SMTP server that looks at new clients before it lets them speak with smtpd, which is in the same process. Manual page:
/// `postscreen.8`.
///
/// It holds what all connections share; [PostscreenScreening] is one connection.
public final class Postscreen implements SessionServer.Service {
    private final Services services;
    private final @Nullable UpstreamProxy proxy;
    private final PostscreenSettings settings;
    private final PostscreenAccess access;
    private final PostscreenDnsbl dnsbl;
    private final PostscreenCache cache;
    private final Networks forNewClients;
    private final MatchList forbidden;
    private final Maps hiddenByAddress;
    private final CommandFilter commandFilter;
    private final RefusalStyle style;
    private final Map<InetAddress, Integer> connections = new ConcurrentHashMap<>();
    private final AtomicLong tested = new AtomicLong();

    /// @param services of the sessions that clients come to when they have passed
    Postscreen(Services services, Config config, Lazy<Dns> dns, PostscreenCache cache) {
        this.services = services;
        this.cache = cache;
        var tables = new Tables(config);
        proxy =
                Smtpd.proxy(
                        config,
                        PostscreenParams.POSTSCREEN_UPSTREAM_PROXY_PROTOCOL,
                        PostscreenParams.POSTSCREEN_UPSTREAM_PROXY_TIMEOUT);
        settings = PostscreenSettings.of(config);
        access = new PostscreenAccess(config, tables);
        dnsbl = new PostscreenDnsbl(config, tables, dns);
        forNewClients =
                Networks.of(config.get(PostscreenParams.POSTSCREEN_ALLOWLIST_INTERFACES), tables);
        forbidden =
                MatchList.strings(
                        config.get(PostscreenParams.POSTSCREEN_FORBIDDEN_COMMANDS), tables);
        hiddenByAddress =
                tables.maps(
                        config.get(PostscreenParams.POSTSCREEN_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS));
        commandFilter =
                new CommandFilter(config, PostscreenParams.POSTSCREEN_COMMAND_FILTER, tables);
        style =
                RefusalStyle.ofPostscreen(
                        config, tables, services.clock(), services.settings().zone());
    }

    /// A server that takes everything from its daemon's configuration.
    static Postscreen of(Daemon daemon) {
        // The lines of its sessions bear the name that tools look for.
        EventLog.underItsOwnName("smtpd");
        Config config = daemon.config();
        var dns = Smtpd.dns(daemon);
        var retention = config.get(PostscreenParams.POSTSCREEN_CACHE_RETENTION_TIME);
        PostscreenCache cache =
                config.get(PostscreenParams.POSTSCREEN_CACHE_MAP).isBlank()
                        ? PostscreenCache.inMemory(retention, daemon.clock())
                        : Smtpd.anvil(daemon).cache(retention);
        return new Postscreen(Smtpd.services(daemon), config, dns, cache);
    }

    Services services() {
        return services;
    }

    PostscreenSettings settings() {
        return settings;
    }

    PostscreenAccess access() {
        return access;
    }

    PostscreenDnsbl dnsbl() {
        return dnsbl;
    }

    PostscreenCache cache() {
        return cache;
    }

    Maps hiddenByAddress() {
        return hiddenByAddress;
    }

    CommandFilter commandFilter() {
        return commandFilter;
    }

    /// The state of a session in which a client is tested. Its name is not known: nobody looks it up.
    SessionState state(Connection connection) {
        InetSocketAddress peer = Objects.requireNonNull(connection.peer());
        var client =
                new Client(
                        ClientName.nameless(ClientName.Status.NONE),
                        peer.getAddress(),
                        peer.getPort(),
                        services.settings().logPort());
        return new SessionState(client, connection.local(), connection.trace());
    }

    /// The reply as clients see it.
    Reply shown(Reply reply, SessionState state) {
        return style.shown(reply, () -> state.facts(null), PostscreenLog::warning);
    }

    Instant now() {
        return services.clock().instant();
    }

    /// True if as many clients are tested as may be, not counting the one that asks.
    boolean isBusy() {
        return tested.get() > settings.preQueueLimit();
    }

    /// True if new clients may pass at the address of ours to which this one has come.
    boolean isForNewClients(Connection connection) {
        InetSocketAddress local = connection.local();
        try {
            return local == null || forNewClients.contains(local.getAddress());
        } catch (TableException e) {
            PostscreenLog.warning(String.valueOf(e.getMessage()));
            return true;
        }
    }

    /// True if a line is no command of SMTP, but one of another protocol, or a header field.
    boolean isForbidden(ClientChannel.Line line) {
        String word = ProtocolViolations.firstWord(line);
        try {
            return word.matches("[!-9;-~]+:.*") || (!word.isEmpty() && forbidden.matches(word));
        } catch (TableException e) {
            PostscreenLog.warning(String.valueOf(e.getMessage()));
            return false;
        }
    }

    @Override
    public void serve(Connection c) throws IOException {
        Optional<String> problem = proxy == null ? Optional.empty() : proxy.problem(c);
        if (problem.isPresent()) {
            new Session(services, c).turnAway(problem.get());
            return;
        }
        InetSocketAddress peer = c.peer();
        InetSocketAddress local = c.local();
        if (peer == null || local == null) {
            new Session(services, c).run();
            return;
        }
        var log = new PostscreenLog(peer);
        log.connect(local);
        PostscreenPass pass = screened(c, log, peer.getAddress());
        if (pass != null) {
            new Session(services, c, pass).run();
        }
    }

    private @Nullable PostscreenPass screened(Connection c, PostscreenLog log, InetAddress client)
            throws IOException {
        int of = connections.merge(client, 1, Integer::sum);
        tested.incrementAndGet();
        try {
            if (settings.connectionLimit() > 0 && of > settings.connectionLimit()) {
                log.rejectConnect("too many connections");
                Reply reply =
                        shown(Reply.of(421, 4, 7, 0, "Error: too many connections"), state(c));
                c.out().write(reply.print().getBytes(StandardCharsets.UTF_8));
                c.out().flush();
                log.disconnect();
                return null;
            }
            return new PostscreenScreening(this, log, c, client).run();
        } finally {
            tested.decrementAndGet();
            connections.computeIfPresent(client, (_, n) -> n == 1 ? null : n - 1);
        }
    }

    static void main(String[] args) {
        System.exit(SessionServer.run(args, Programs.options("postscreen"), Postscreen::of));
    }
}
