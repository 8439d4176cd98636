// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.ValueException;
import org.postino.dns.Answer;
import org.postino.dns.Dns;
import org.postino.message.Address;
import org.postino.suite.DnsList;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Looks up clients, names and domains in lists in the DNS (RFC 5782): the code of `reject_rbl_client` and its kin.
///
/// A list that does not answer refuses nobody. Who would be permitted by one that does not answer shall come again.
final class DnsLists {
    private final TimedDns dns;
    private final AddressLookup addresses;
    private final DnsListReply reply;
    private final List<String> old;

    /// The results of looking something up.
    private enum Listing {
        YES,
        NO,
        /// No server could say.
        UNCERTAIN
    }

    /// Something that may be listed.
    ///
    /// @param what its name in the reply
    /// @param label stands in front of the list's domain
    private record Entry(String what, String label) {
        String in(DnsList list) {
            return label + "." + list.domain();
        }
    }

    DnsLists(Config config, Tables tables, AddressLookup addresses, Supplier<Dns> dns) {
        this.dns = new TimedDns(dns);
        this.addresses = addresses;
        reply = new DnsListReply(config, tables);
        old = config.get(SmtpdParams.MAPS_RBL_DOMAINS);
    }

    /// `reject_rbl_client`: refuses a client whose address is listed.
    Restriction client(String argument) {
        return with(argument, list -> (e, _) -> refuse(e, list, Subject.Kind.CLIENT, address(e)));
    }

    /// `reject_maps_rbl`: the same with the lists of `maps_rbl_domains`.
    Restriction oldClient() {
        return (e, subject) -> {
            e.warning(
                    "support for restriction \"reject_maps_rbl\" will be removed; use"
                            + " \"reject_rbl_client domain-name\" instead");
            Verdict verdict = Verdict.DUNNO;
            for (String list : old) {
                if (verdict.equals(Verdict.DUNNO)) {
                    verdict = client(list).check(e, subject);
                }
            }
            return verdict;
        };
    }

    /// `reject_rhsbl_client`, `reject_rhsbl_helo` and so on: refuses what has a listed domain.
    ///
    /// @param what gives the name, or the address whose domain is looked up; null if there is none
    Restriction domain(String argument, Subject.Kind kind, Function<Facts, @Nullable String> what) {
        return with(
                argument, list -> (e, _) -> refuse(e, list, kind, domainOf(what.apply(e.facts()))));
    }

    /// `permit_dnswl_client`: permits a client whose address is listed, for recipients that are ours.
    Restriction permitClient(String argument) {
        return with(argument, list -> (e, _) -> permit(e, list, address(e)));
    }

    /// `permit_rhswl_client`: the same by the client's name.
    Restriction permitName(String argument) {
        return with(argument, list -> (e, _) -> permit(e, list, domainOf(name(e.facts()))));
    }

    /// True if a list has the client's address; one that does not answer has not.
    boolean isListed(Evaluation e, DnsList list) {
        Entry entry = address(e);
        return entry != null && listing(e, list, entry.in(list)) == Listing.YES;
    }

    static @Nullable String name(Facts facts) {
        return known(facts.client().name());
    }

    static @Nullable String reverseName(Facts facts) {
        return known(facts.client().named().reverse());
    }

    static @Nullable String sender(Facts facts) {
        return text(facts.sender());
    }

    static @Nullable String recipient(Facts facts) {
        return text(facts.recipient());
    }

    private static @Nullable String known(String name) {
        return name.equals(ClientName.UNKNOWN) ? null : name;
    }

    private static @Nullable String text(@Nullable Address address) {
        return address == null || address.isNull() ? null : address.toString();
    }

    private static @Nullable Entry address(Evaluation e) {
        InetAddress address = e.facts().client().address();
        return address == null ? null : new Entry(Client.text(address), reversed(address));
    }

    private static Restriction with(String argument, Function<DnsList, Restriction> make) {
        try {
            return make.apply(DnsList.parse(argument));
        } catch (ValueException bad) {
            return (e, _) -> {
                e.warning(String.valueOf(bad.getMessage()));
                return StandardRefusals.CONFIGURATION_ERROR;
            };
        }
    }

    private Verdict refuse(Evaluation e, DnsList list, Subject.Kind kind, @Nullable Entry entry)
            throws TableException {
        if (entry == null || listing(e, list, entry.in(list)) != Listing.YES) {
            return Verdict.DUNNO;
        }
        return reply.of(e, list, kind, entry.what(), reason(entry.in(list)));
    }

    private Verdict permit(Evaluation e, DnsList list, @Nullable Entry entry)
            throws TableException {
        Facts facts = e.facts();
        if (facts.recipient() == null || !addresses.isAuthorizedDestination(facts)) {
            return Verdict.DUNNO; // it must not open the way to others
        }
        if (entry == null) {
            return Verdict.DUNNO;
        }
        return switch (listing(e, list, entry.in(list))) {
            case YES -> Verdict.PERMIT;
            case NO -> Verdict.DUNNO;
            case UNCERTAIN ->
                    e.deferIfReject(
                            new Subject(Subject.Kind.CLIENT, entry.what())
                                    .refuse(450, 7, 1, "Service unavailable"));
        };
    }

    /// The domain of an address, or a name itself; null if it is none that can be asked for.
    private static @Nullable Entry domainOf(@Nullable String what) {
        if (what == null) {
            return null;
        }
        String domain = what.substring(what.lastIndexOf('@') + 1);
        return HostSyntax.isHostname(domain) && !domain.matches("[0-9.]*")
                ? new Entry(what, domain)
                : null;
    }

    /// The bytes of an IPv4 address, or the nibbles of an IPv6 address, last first (RFC 5782, 2.1 and 2.4).
    static String reversed(InetAddress address) {
        var out = new StringBuilder();
        byte[] bytes = address.getAddress();
        for (int i = bytes.length - 1; i >= 0; i--) {
            int b = bytes[i] & 0xff;
            out.append(out.isEmpty() ? "" : ".");
            if (address instanceof Inet4Address) {
                out.append(b);
            } else {
                out.append(Integer.toHexString(b & 0xf)).append('.');
                out.append(Integer.toHexString(b >> 4));
            }
        }
        return out.toString();
    }

    private Listing listing(Evaluation e, DnsList list, String query) {
        String key = query.toLowerCase(Locale.ROOT);
        return switch (e.memory()
                .get(key, () -> asked(e, query, d -> d.addresses(query, Dns.Family.IPV4)))) {
            case Answer.Found<InetAddress>(var found) ->
                    found.stream().anyMatch(list::counts) ? Listing.YES : Listing.NO;
            case Answer.NoData<InetAddress> _, Answer.NoSuchDomain<InetAddress> _ -> Listing.NO;
            case Answer.TempFail<InetAddress> _ -> Listing.UNCERTAIN;
        };
    }

    /// The text that a list has about a name; empty if it has none or does not say.
    private String reason(String query) {
        return dns.ask(d -> d.txt(query)) instanceof Answer.Found<String>(var texts)
                ? String.join(" / ", texts)
                : "";
    }

    private Answer<InetAddress> asked(
            Evaluation e, String query, Function<Dns, Answer<InetAddress>> question) {
        Answer<InetAddress> answer = dns.ask(question);
        if (answer instanceof Answer.TempFail<InetAddress>(var why)) {
            e.warning(query + ": RBL lookup error: " + why);
        }
        return answer;
    }
}
