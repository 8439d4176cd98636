// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.dns.Answer;
import org.postino.dns.Dns;
import org.postino.dns.MxHost;
import org.postino.message.Address;
import org.postino.suite.RestrictionName;
import org.postino.table.TableException;

/// Looks up in access tables the hosts behind a name: its addresses, its mail exchangers, its name servers. The code of
/// `check_sender_mx_access` and its kin.
///
/// The first host that is found by its name, a parent domain, an address or a network decides, `DUNNO` included. What cannot be looked
/// up is passed over with a warning, and nobody is let in by these tables.
final class HostAccess {
    /// The most hosts behind a name, and the most addresses of one, that are looked up.
    private static final int MAX_HOSTS = 100;

    private final AccessTables access;
    private final AddressLookup addresses;
    private final TimedDns dns;

    /// The kinds of hosts behind a name.
    private enum Behind {
        A,
        MX,
        NS;

        /// The kind that a restriction's name says: `check_sender_mx_access`.
        static Behind of(RestrictionName name) {
            String word = name.word();
            return word.endsWith("_mx_access") ? MX : word.endsWith("_ns_access") ? NS : A;
        }
    }

    HostAccess(AccessTables access, AddressLookup addresses, Supplier<Dns> dns) {
        this.access = access;
        this.addresses = addresses;
        this.dns = new TimedDns(dns);
    }

    /// A restriction ready to be asked.
    ///
    /// @param kind whose name it is
    Restriction of(RestrictionName name, String table, Subject.Kind kind, RestrictionList lists) {
        AccessMap map = access.map(table);
        var behind = Behind.of(name);
        return access.withoutPermit(
                name,
                kind,
                (e, _) -> {
                    var subject = Subject.of(kind, e.facts());
                    String domain = domain(kind, e.facts());
                    Optional<String> found =
                            domain == null
                                    ? Optional.empty()
                                    : new Search(e, subject, behind, map).find(domain);
                    return access.apply(found, table, e, subject, lists);
                });
    }

    /// The name in question; null if there is none.
    private @Nullable String domain(Subject.Kind kind, Facts facts) throws TableException {
        return switch (kind) {
            case CLIENT -> known(facts.client().name());
            case REVERSE_CLIENT -> known(facts.client().named().reverse());
            case HELO -> facts.helo();
            case SENDER -> domain(facts.sender());
            case RECIPIENT -> domain(facts.recipient());
            case ETRN -> facts.etrnDomain();
            case CERTIFICATE, DATA, END_OF_DATA -> null;
        };
    }

    private static @Nullable String known(String name) {
        return name.equals(ClientName.UNKNOWN) ? null : name;
    }

    private @Nullable String domain(@Nullable Address mailbox) throws TableException {
        if (mailbox == null || mailbox.isNull()) {
            return null;
        }
        String domain = addresses.address(mailbox).domain();
        return domain.isEmpty() ? null : domain;
    }

    /// One walk over the hosts behind a name.
    private final class Search {
        private final Evaluation e;
        private final Subject subject;
        private final Behind behind;
        private final AccessMap map;
        private final TimedDns.Series questions = dns.series();

        Search(Evaluation e, Subject subject, Behind behind, AccessMap map) {
            this.e = e;
            this.subject = subject;
            this.behind = behind;
            this.map = map;
        }

        Optional<String> find(String domain) throws TableException {
            InetAddress literal = literal(domain);
            if (literal != null) {
                return behind == Behind.NS ? Optional.empty() : map.address(literal);
            }
            List<String> hosts =
                    switch (behind) {
                        case A -> List.of(domain);
                        case MX -> exchangers(domain);
                        case NS -> servers(domain);
                    };
            Optional<String> found = Optional.empty();
            for (String host : hosts.subList(0, Math.min(hosts.size(), MAX_HOSTS))) {
                found = found.isPresent() ? found : host(host);
            }
            return found;
        }

        private Optional<String> host(String host) throws TableException {
            Optional<String> found = map.domain(host);
            if (found.isPresent()) {
                return found;
            }
            switch (questions.ask(d -> d.addresses(host))) {
                case Answer.Found<InetAddress>(var all) -> {
                    for (var address : all.subList(0, Math.min(all.size(), MAX_HOSTS))) {
                        found = found.isPresent() ? found : map.address(address);
                    }
                }
                case Answer.NoSuchDomain<InetAddress> _ ->
                        unknown(host, "Name or service not known");
                case Answer.NoData<InetAddress> _ ->
                        unknown(host, "No address associated with hostname");
                case Answer.TempFail<InetAddress> _ ->
                        unknown(host, "Temporary failure in name resolution");
            }
            return found;
        }

        /// The mail exchangers of a domain, itself if it has none (RFC 5321, 5.1).
        private List<String> exchangers(String domain) {
            return switch (questions.ask(d -> d.mx(domain))) {
                case Answer.Found<MxHost>(var hosts) ->
                        hosts.stream().filter(h -> !h.isNull()).map(MxHost::host).toList();
                case Answer.NoSuchDomain<MxHost> _, Answer.NoData<MxHost> _ -> List.of(domain);
                case Answer.TempFail<MxHost> _ -> unknown(domain);
            };
        }

        /// The servers of the zone in which a domain is.
        private List<String> servers(String domain) {
            for (String zone = domain; ; zone = zone.substring(zone.indexOf('.') + 1)) {
                String asked = zone;
                switch (questions.ask(d -> d.ns(asked))) {
                    case Answer.Found<String>(var servers) -> {
                        return servers;
                    }
                    case Answer.TempFail<String> _ -> {
                        return unknown(zone);
                    }
                    case Answer.NoSuchDomain<String> _, Answer.NoData<String> _ -> {
                        if (zone.indexOf('.') < 0) {
                            warn("Unable to look up NS host for " + domain + ": Host not found");
                            return List.of();
                        }
                    }
                }
            }
        }

        private List<String> unknown(String domain) {
            warn(
                    "Unable to look up "
                            + behind
                            + " host for "
                            + domain
                            + ": Host not found, try again");
            return List.of();
        }

        private void unknown(String host, String why) {
            warn(
                    "Unable to look up "
                            + behind
                            + " host "
                            + host
                            + " for "
                            + subject.kind().words()
                            + " "
                            + subject.name()
                            + ": "
                            + why);
        }

        private void warn(String text) {
            e.warning(text);
        }
    }

    /// The address in a literal, or in a name given with HELO that is a bare one; null for a name.
    private static @Nullable InetAddress literal(String domain) {
        return HostSyntax.address(domain).orElse(null);
    }
}
