// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.queue.Attempt;
import org.postino.queue.DeliveryJob;
import org.postino.queue.Recipient;
import org.postino.smtp.Delivery;
import org.postino.table.TableException;
import org.slf4j.Logger;

/// One delivery request. It tries destinations, hosts and sessions in turn until each recipient is settled.
///
/// A recipient that a host refuses for good is reported at once. One that it refuses for now is tried on the next host, and
/// reported when no host is left. No host is asked twice, whichever name, destination or kept connection leads to it.
final class DeliveryAttempt {
    private final Tools tools;
    private final DeliveryJob job;
    private final Map<Recipient, Tried> open = new LinkedHashMap<>();
    private final Set<String> asked = new HashSet<>();

    /// The wish of the message.
    private final TlsWish wished;

    /// The wish that main.cf makes of it for the destination that is tried now.
    private TlsWish wish;

    private boolean transacted;

    /// The objects that all errands share.
    record Tools(
            Settings settings,
            HostFinder finder,
            Handshake handshake,
            TlsPolicy policy,
            RequireTlsPolicy requireTls,
            ContentRules rules,
            SessionCache cache,
            Clock clock,
            Logger log) {}

    /// The last reason why a recipient was not delivered.
    private record Tried(Failure failure, String relay, Attempt times) {}

    DeliveryAttempt(Tools tools, DeliveryJob job) {
        this.tools = tools;
        this.job = job;
        wished = TlsWish.of(job.request(), tools.settings());
        wish = wished;
        Tried none =
                new Tried(Failure.of("4.4.1", "no host could be tried"), "none", job.attempt());
        for (Recipient r : job.recipients()) {
            open.put(r, none);
        }
    }

    void run() {
        try {
            var sites = new ArrayList<>(Nexthop.parseAll(job.request().nexthop()));
            for (String relay : tools.settings().fallbackRelays()) {
                sites.add(Nexthop.parse(relay));
            }
            for (Nexthop site : sites) {
                if (!open.isEmpty() && !job.cancelled()) {
                    visit(site);
                }
            }
        } catch (Nexthop.BadNexthopException e) {
            noteAll(Failure.of("4.3.5", e.reason()), "none", job.begun(), 1);
        }
        finish();
    }

    private void finish() {
        if (!transacted && !open.isEmpty()) {
            Tried last = open.values().iterator().next();
            if (last.failure().isTemporary()) {
                job.destinationFailed(last.failure().dsn());
            }
        }
        for (var entry : open.entrySet()) {
            Tried f = entry.getValue();
            job.report(entry.getKey(), f.failure().delivery(), f.relay(), f.times());
        }
        open.clear();
    }

    /// Returns the TLS that a destination demands, or a host of it; null after a note why nobody knows.
    private @Nullable TlsDemand demand(Nexthop site, @Nullable String host) {
        try {
            return tools.policy().demand(site, host, wish);
        } catch (TableException e) {
            String reason = "TLS policy lookup failed: " + e.getMessage();
            noteAll(Failure.of("4.3.0", reason), "none", job.begun(), 1);
        } catch (TlsPolicy.BadPolicyException e) {
            noteAll(e.failure(), "none", job.begun(), 1);
        }
        return null;
    }

    /// Finds the wish for a destination; false after a note why nobody knows.
    private boolean findWish(Nexthop site) {
        wish = wished;
        if (wished == TlsWish.REQUIRED) {
            try {
                wish = wished.under(tools.requireTls().action(site));
            } catch (TlsPolicy.BadPolicyException e) {
                tools.log().warn("{}: {}", job.request().id(), e.failure().dsn().reason());
                noteAll(e.failure(), "none", job.begun(), 1);
                return false;
            }
        }
        return true;
    }

    private void visit(Nexthop site) {
        TlsDemand tls = findWish(site) ? demand(site, null) : null;
        if (tls == null) {
            return;
        }
        var wanted = new Handshake.Wanted(site.text(), site.host(), job.request().sender(), tls);
        int sessions = reuse(wanted);
        if (open.isEmpty() || sessions >= tools.settings().sessionLimit()) {
            return;
        }
        switch (tools.finder().find(site)) {
            case HostFinder.Found.Nothing(var failure) -> noteAll(failure, "none", job.begun(), 1);
            case HostFinder.Found.Hosts(var targets) -> visit(site, targets, wanted, sessions);
        }
    }

    private void visit(Nexthop site, List<Target> targets, Handshake.Wanted wanted, int reused) {
        int addresses = 0;
        int sessions = reused;
        for (Target target : targets) {
            if (asked.contains(target.place())) {
                continue;
            }
            boolean enough =
                    addresses++ >= tools.settings().addressLimit()
                            || sessions >= tools.settings().sessionLimit();
            if (open.isEmpty() || enough || job.cancelled()) {
                return;
            }
            TlsDemand tls =
                    tools.policy().dependsOnHost() ? demand(site, target.host()) : wanted.tls();
            if (tls == null) {
                continue;
            }
            try {
                Session session = tools.handshake().open(target, wanted.with(tls));
                sessions++;
                if (canPromise(session)) {
                    transact(session, wanted, tools.clock().instant());
                } else {
                    noteAll(unfit(target, "is not offered"), target.relay(), now(), 1);
                    tools.cache().leave(session);
                }
            } catch (SiteFailure e) {
                if (!e.isMatterOfPolicy()) {
                    asked.add(target.place());
                }
                String relay = e.connected() ? target.relay() : "none";
                Failure broken = broken(e, target);
                if (broken != null) {
                    noteAll(broken, relay, now(), 1); // another host may be better
                    continue;
                }
                noteAll(e.failure(), relay, now(), 1);
                if (!e.failure().isTemporary()) {
                    finish();
                } else {
                    say(e);
                }
            }
        }
    }

    /// The failure of a host that cannot do what REQUIRETLS asks for, which no other day makes better (RFC 8689, 4.2.1); null for any other.
    private @Nullable Failure broken(SiteFailure e, Target target) {
        return switch (wish) {
            case NONE, OFFERED, OPTIONAL -> null;
            case REQUIRED, ENCRYPTED ->
                    switch (e.lack()) {
                        case NONE -> null;
                        case TLS -> unfit(target, "needs TLS, which is not offered");
                        case PROOF ->
                                wish == TlsWish.REQUIRED
                                        ? Failure.of(
                                                "5.7.10",
                                                "REQUIRETLS support required: "
                                                        + e.getMessage()
                                                        + ": "
                                                        + target.name())
                                        : null;
                    };
        };
    }

    private static Failure unfit(Target target, String how) {
        return Failure.of(
                "5.7.30", "REQUIRETLS support required: " + how + " by host " + target.name());
    }

    /// True if a server may have the message because of what it offers.
    private boolean canPromise(Session session) {
        return wish != TlsWish.REQUIRED || session.offersRequireTls();
    }

    private Instant now() {
        return tools.clock().instant();
    }

    /// Logs a temporary failure. The line names the message if the host answered; an unreachable host concerns all messages.
    private void say(SiteFailure failure) {
        if (failure.connected()) {
            tools.log().info("{}: {}", job.request().id(), failure.getMessage());
        } else {
            tools.log().info("{}", failure.getMessage());
        }
    }

    /// Tries kept connections until all recipients are settled or none is left. Returns the number of those that were alive.
    private int reuse(Handshake.Wanted wanted) {
        int alive = 0;
        while (!open.isEmpty() && alive < tools.settings().sessionLimit() && !job.cancelled()) {
            Session session =
                    tools.cache()
                            .take(
                                    key(wanted),
                                    waiting ->
                                            !asked.contains(waiting.target().place())
                                                    && canPromise(waiting));
            if (session == null) {
                break;
            }
            alive += transact(session, wanted, tools.clock().instant()) ? 1 : 0;
        }
        return alive;
    }

    /// Returns the key of the cache: a kept connection can be used again only for the same destination, TLS and login.
    private String key(Handshake.Wanted wanted) {
        String sender = tools.settings().sasl().bySender() ? wanted.sender() : "";
        return wanted.nexthop().toLowerCase(Locale.ROOT) + " " + sender + " " + wanted.tls();
    }

    /// Gives the message to a server; false if the connection had died while it was kept.
    private boolean transact(Session session, Handshake.Wanted wanted, Instant ready) {
        boolean reused = session.uses() > 0;
        var transaction =
                new Transaction(
                        session,
                        tools.settings(),
                        tools.rules(),
                        job,
                        List.copyOf(open.keySet()),
                        wish.isTold(session.offersRequireTls()));
        transaction.run();
        if (reused && !transaction.usable() && !transaction.begun()) {
            session.wire().abort();
            return false;
        }
        transacted = true;
        asked.add(session.target().place());
        Attempt times = times(ready, session.uses());
        String relay = session.target().relay();
        transaction.sent().forEach((r, outcome) -> report(r, outcome, relay, times));
        for (var entry : transaction.failed().entrySet()) {
            Recipient r = entry.getKey();
            Failure failure = entry.getValue();
            if (transaction.uncertain() && !transaction.usable()) {
                report(r, failure.temporary().delivery(), relay, times);
            } else if (!failure.isTemporary()) {
                report(r, failure.delivery(), relay, times);
            } else {
                open.put(r, new Tried(failure, relay, times));
            }
        }
        if (transaction.usable()) {
            tools.cache().give(key(wanted), session);
        } else {
            session.wire().abort();
        }
        return true;
    }

    private void report(Recipient r, Delivery outcome, String relay, Attempt times) {
        open.remove(r);
        job.report(r, outcome, relay, times);
    }

    private void noteAll(Failure failure, String relay, Instant ready, int uses) {
        Attempt times = times(ready, uses);
        open.replaceAll((_, _) -> new Tried(failure, relay, times));
    }

    private Attempt times(Instant ready, int uses) {
        return new Attempt(job.begun(), ready, tools.clock().instant(), uses, null);
    }
}
