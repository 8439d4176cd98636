// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.postino.config.Config;
import org.postino.routing.Networks;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.util.Cidr;

/// Limits on what one client does at a time and within `anvil_rate_time_unit`, counted by network: the bits of an address that
/// `smtpd_client_ipv4_prefix_length` and `smtpd_client_ipv6_prefix_length` name. Safe for use by several threads.
final class ClientLimits {
    private static final int MANY = 10_000;

    /// The events that are counted, each with a limit of its own.
    enum Event {
        CONNECTION("Connection"),
        MESSAGE("Message delivery request"),
        RECIPIENT("Recipient address"),
        AUTH("AUTH command"),
        NEW_TLS_SESSION("New TLS session");

        private final String words;

        Event(String words) {
            this.words = words;
        }

        /// As the log names it.
        String words() {
            return words;
        }
    }

    private static final class Usage {
        private long windowStart;
        private int sessions;
        private final EnumMap<Event, Integer> events = new EnumMap<>(Event.class);
    }

    private final Map<Cidr, Usage> clients = new ConcurrentHashMap<>();
    private final EnumMap<Event, Long> rates = new EnumMap<>(Event.class);
    private final Networks exempt;
    private final int bits4;
    private final int bits6;
    private final long concurrency;
    private final long windowMillis;
    private final Clock clock;

    ClientLimits(Config config, Tables tables, Clock clock) {
        this.clock = clock;
        concurrency = config.get(SmtpdParams.SMTPD_CLIENT_CONNECTION_COUNT_LIMIT);
        windowMillis = config.get(SmtpdParams.ANVIL_RATE_TIME_UNIT).toMillis();
        bits4 = config.get(SmtpdParams.SMTPD_CLIENT_IPV4_PREFIX_LENGTH).intValue();
        bits6 = config.get(SmtpdParams.SMTPD_CLIENT_IPV6_PREFIX_LENGTH).intValue();
        exempt = Networks.of(config.get(SmtpdParams.SMTPD_CLIENT_EVENT_LIMIT_EXCEPTIONS), tables);
        rates.put(Event.CONNECTION, config.get(SmtpdParams.SMTPD_CLIENT_CONNECTION_RATE_LIMIT));
        rates.put(Event.MESSAGE, config.get(SmtpdParams.SMTPD_CLIENT_MESSAGE_RATE_LIMIT));
        rates.put(Event.RECIPIENT, config.get(SmtpdParams.SMTPD_CLIENT_RECIPIENT_RATE_LIMIT));
        rates.put(Event.AUTH, config.get(SmtpdParams.SMTPD_CLIENT_AUTH_RATE_LIMIT));
        rates.put(
                Event.NEW_TLS_SESSION,
                config.get(SmtpdParams.SMTPD_CLIENT_NEW_TLS_SESSION_RATE_LIMIT));
    }

    private Cidr network(InetAddress address) {
        return Cidr.of(address, address instanceof Inet4Address ? bits4 : bits6);
    }

    private boolean isExempt(InetAddress address) {
        try {
            return exempt.contains(address);
        } catch (TableException e) {
            return false;
        }
    }

    /// A session began: how many the client's network has if that is too many, else 0. [#left] must follow in any case.
    long entered(InetAddress address) {
        var now = new int[1];
        clients.compute(
                network(address),
                (_, known) -> {
                    var usage = known == null ? new Usage() : known;
                    now[0] = ++usage.sessions;
                    return usage;
                });
        return concurrency > 0 && now[0] > concurrency && !isExempt(address) ? now[0] : 0;
    }

    /// The number of sessions that the client's network has now.
    int sessions(InetAddress address) {
        Usage usage = clients.get(network(address));
        return usage == null ? 0 : usage.sessions;
    }

    void left(InetAddress address) {
        clients.computeIfPresent(
                network(address),
                (_, usage) -> {
                    usage.sessions--;
                    return usage.sessions <= 0 && usage.events.isEmpty() ? null : usage;
                });
        if (clients.size() > MANY) {
            forgetOld();
        }
    }

    /// The number of times that something may happen in a window; 0: any.
    long limit(Event event, InetAddress address) {
        long limit = rates.getOrDefault(event, 0L);
        return limit == 0 || isExempt(address) ? 0 : limit;
    }

    /// Something happened: how often in this window if that is too often, else 0.
    long counted(Event event, InetAddress address) {
        long limit = limit(event, address);
        if (limit == 0) {
            return 0;
        }
        var now = new int[1];
        clients.compute(
                network(address),
                (_, known) -> {
                    var usage = known == null ? new Usage() : known;
                    if (isOld(usage)) {
                        usage.windowStart = clock.millis();
                        usage.events.clear();
                    }
                    now[0] = usage.events.merge(event, 1, Integer::sum);
                    return usage;
                });
        return now[0] > limit ? now[0] : 0;
    }

    private boolean isOld(Usage usage) {
        return clock.millis() - usage.windowStart >= windowMillis;
    }

    private void forgetOld() {
        clients.values().removeIf(usage -> usage.sessions <= 0 && isOld(usage));
    }
}
