// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.dns.Answer;
import org.postino.dns.Dns;
import org.postino.dns.MxHost;
import org.postino.util.Cidr;

/// Finds the hosts of a destination: its mail exchangers, best first, or the host itself (RFC 5321, 5.1).
final class HostFinder {
    private final Rules rules;
    private final Supplier<Dns> dns;
    private final Supplier<List<InetAddress>> ownAddresses;
    private final Random random;

    /// The settings of main.cf for the search.
    ///
    /// @param myHostname our own name, for sockets of this machine
    /// @param mx true if MX records are looked up at all
    /// @param lookups `dns`, `native`, in this order
    /// @param families the address families to use
    /// @param preference `any`, `ipv4` or `ipv6`
    /// @param shuffle true if hosts of equal preference are tried in random order
    /// @param ignoreMxErrors true if a failed MX lookup counts as "no MX records"
    /// @param deferWithoutAddress true if mail waits when no mail exchanger has an address
    /// @param defaultPort the port of destinations that name none
    record Rules(
            String myHostname,
            boolean mx,
            List<String> lookups,
            Dns.Family families,
            String preference,
            boolean shuffle,
            boolean ignoreMxErrors,
            boolean deferWithoutAddress,
            int defaultPort) {}

    /// The result of a search.
    sealed interface Found {
        record Hosts(List<Target> targets) implements Found {}

        record Nothing(Failure failure) implements Found {}
    }

    HostFinder(
            Rules rules,
            Supplier<Dns> dns,
            Supplier<List<InetAddress>> ownAddresses,
            Random random) {
        this.rules = rules;
        this.dns = dns;
        this.ownAddresses = ownAddresses;
        this.random = random;
    }

    Found find(Nexthop nexthop) {
        if (!nexthop.path().isEmpty()) {
            return new Found.Hosts(List.of(Target.unix(rules.myHostname(), nexthop.path())));
        }
        int port = nexthop.port() == 0 ? rules.defaultPort() : nexthop.port();
        Optional<InetAddress> numeric = Cidr.address(nexthop.host());
        if (numeric.isPresent()) {
            return withoutUs(nexthop, List.of(new Target(nexthop.host(), numeric.get(), port, 0)));
        }
        return nexthop.literal() || !rules.mx() ? host(nexthop, port) : exchangers(nexthop, port);
    }

    private Found exchangers(Nexthop nexthop, int port) {
        String domain = nexthop.host();
        return switch (dns.get().mx(domain)) {
            case Answer.Found<MxHost>(var records) when records.stream().anyMatch(MxHost::isNull) ->
                    nothing("5.1.0", "Domain " + domain + " does not accept mail (nullMX)");
            case Answer.Found<MxHost>(var records) -> addressesOf(nexthop, records, port);
            case Answer.NoData<MxHost> _, Answer.NoSuchDomain<MxHost> _ -> host(nexthop, port);
            case Answer.TempFail<MxHost> _ ->
                    rules.ignoreMxErrors()
                            ? host(nexthop, port)
                            : nothing("4.4.3", tryAgain(domain, "MX"));
        };
    }

    private Found addressesOf(Nexthop nexthop, List<MxHost> records, int port) {
        var targets = new ArrayList<Target>();
        Failure failure = null;
        int best = Integer.MAX_VALUE;
        for (MxHost mx : records) {
            best = Math.min(best, mx.preference());
            switch (lookup(mx.host())) {
                case Answer.Found<InetAddress>(var addresses) -> {
                    for (InetAddress address : addresses) {
                        targets.add(new Target(mx.host(), address, port, mx.preference()));
                    }
                }
                case Answer.TempFail<InetAddress> _ ->
                        failure = Failure.of("4.4.3", tryAgain(mx.host(), addressType()));
                case Answer.NoSuchDomain<InetAddress> _ ->
                        failure = absent(failure, notFound(mx.host()));
                case Answer.NoData<InetAddress> _ -> failure = absent(failure, noData(mx.host()));
            }
        }
        if (targets.isEmpty()) {
            return new Found.Nothing(
                    failure == null
                            ? Failure.of("4.4.3", tryAgain(nexthop.host(), "MX"))
                            : failure);
        }
        Found found = withoutUs(nexthop, ordered(targets));
        if (found instanceof Found.Nothing && failure != null && !isBest(targets, best)) {
            // We are among the exchangers, but not the best one, and the better ones can't be
            // found.
            return nothing("4.4.4", "unable to find primary relay for " + nexthop.host());
        }
        return found;
    }

    private static boolean isBest(List<Target> targets, int best) {
        return targets.stream().anyMatch(t -> t.preference() == best);
    }

    private Failure absent(@Nullable Failure before, String reason) {
        return before != null && before.isTemporary()
                ? before
                : Failure.of(rules.deferWithoutAddress() ? "4.4.4" : "5.4.4", reason);
    }

    private Found host(Nexthop nexthop, int port) {
        String host = nexthop.host();
        return switch (lookup(host)) {
            case Answer.Found<InetAddress>(var addresses) -> {
                var targets = new ArrayList<Target>();
                for (InetAddress address : addresses) {
                    targets.add(new Target(host, address, port, 0));
                }
                yield withoutUs(nexthop, ordered(targets));
            }
            case Answer.NoSuchDomain<InetAddress> _ -> nothing("5.4.4", notFound(host));
            case Answer.NoData<InetAddress> _ -> nothing("5.4.4", noData(host));
            case Answer.TempFail<InetAddress> _ -> nothing("4.4.3", tryAgain(host, addressType()));
        };
    }

    private Answer<InetAddress> lookup(String host) {
        Optional<InetAddress> numeric = Cidr.address(host);
        if (numeric.isPresent()) {
            return new Answer.Found<>(List.of(numeric.get()));
        }
        Answer<InetAddress> answer = new Answer.NoSuchDomain<>();
        for (String way : rules.lookups()) {
            answer =
                    way.equals("native")
                            ? NativeHosts.addresses(host, rules.families())
                            : dns.get().addresses(host, rules.families());
            if (answer instanceof Answer.Found<InetAddress>) {
                return answer;
            }
        }
        return answer;
    }

    private List<Target> ordered(List<Target> targets) {
        var ordered = new ArrayList<>(targets);
        if (rules.shuffle()) {
            Collections.shuffle(ordered, random);
        }
        Comparator<Target> order = Comparator.comparingInt(Target::preference);
        if (!rules.preference().equals("any")) {
            boolean four = rules.preference().equals("ipv4");
            order = order.thenComparing(t -> (t.address() instanceof Inet4Address) != four);
        }
        ordered.sort(order);
        return ordered;
    }

    /// Drops this host, and hosts no better than it, from a list that would lead back to our own port (RFC 5321, 5.1).
    private Found withoutUs(Nexthop nexthop, List<Target> targets) {
        int limit = Integer.MAX_VALUE;
        for (Target target : targets) {
            if (target.port() == rules.defaultPort()
                    && ownAddresses.get().contains(target.address())) {
                limit = Math.min(limit, target.preference());
            }
        }
        int own = limit;
        List<Target> better = targets.stream().filter(t -> t.preference() < own).toList();
        return better.isEmpty()
                ? nothing("5.4.6", "mail for " + nexthop.host() + " loops back to myself")
                : new Found.Hosts(better);
    }

    private static Found nothing(String status, String reason) {
        return new Found.Nothing(Failure.of(status, reason));
    }

    private String notFound(String name) {
        return serviceError(name, addressType()) + "Host not found";
    }

    private String noData(String name) {
        return serviceError(name, addressType())
                + "Host found but no data record of requested type";
    }

    private static String tryAgain(String name, String type) {
        return serviceError(name, type) + "Host not found, try again";
    }

    /// Returns the type of the address record that was asked for last.
    private String addressType() {
        return rules.families() == Dns.Family.IPV4 ? "A" : "AAAA";
    }

    private static String serviceError(String name, String type) {
        return "Host or domain name not found. Name service error for name="
                + name
                + " type="
                + type
                + ": ";
    }
}
