// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.dns.Answer;
import org.postino.dns.Dns;
import org.postino.dns.MxHost;
import org.postino.message.Address;
import org.postino.routing.Networks;
import org.postino.routing.Resolved;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Knows domains that have this system as a mail exchanger, but not as the first: the code of `permit_mx_backup`.
final class MxBackup {
    private static final int MAX_HOSTS = 50;

    private final AddressLookup addresses;
    private final TimedDns dns;
    private final Networks own;
    private final Networks proxies;
    private final Networks allowed;
    private final boolean anywhere;
    private final String hostname;

    /// @param own the addresses of this machine
    MxBackup(
            Config config,
            Tables tables,
            AddressLookup addresses,
            Networks own,
            Supplier<Dns> dns) {
        this.addresses = addresses;
        this.dns = new TimedDns(dns);
        this.own = own;
        proxies = Networks.of(config.get(MainParams.PROXY_INTERFACES), tables);
        List<String> networks = config.get(SmtpdParams.PERMIT_MX_BACKUP_NETWORKS);
        anywhere = networks.isEmpty();
        allowed = Networks.of(networks, tables);
        hostname = config.get(MainParams.MYHOSTNAME).toLowerCase(Locale.ROOT);
    }

    /// Permits a recipient that is ours, or in a domain for which we are a backup. Mail that its sender routed is never permitted.
    Verdict check(Evaluation e, Subject unused) throws TableException {
        Address recipient = e.facts().recipient();
        if (recipient == null) {
            return Verdict.DUNNO;
        }
        if (addresses.isAuthorizedDestination(e.facts())) {
            return Verdict.PERMIT;
        }
        Resolved resolved = addresses.resolve(e.facts().sender(), recipient);
        String domain = Address.parse(resolved.recipient()).domain();
        if (resolved.routed() || domain.isEmpty() || HostSyntax.address(domain).isPresent()) {
            return Verdict.DUNNO;
        }
        var subject = Subject.of(Subject.Kind.RECIPIENT, e.facts());
        var questions = dns.series();
        return switch (questions.ask(d -> d.mx(domain))) {
            case Answer.Found<MxHost>(var hosts)
                    when hosts.size() <= MAX_HOSTS && hosts.stream().noneMatch(MxHost::isNull) ->
                    backup(e, subject, hosts, questions);
            case Answer.TempFail<MxHost> _ ->
                    uncertain(e, subject, "information: Host not found, try again");
            case Answer.Found<MxHost> _, Answer.NoData<MxHost> _, Answer.NoSuchDomain<MxHost> _ ->
                    Verdict.DUNNO;
        };
    }

    private Verdict backup(
            Evaluation e, Subject subject, List<MxHost> hosts, TimedDns.Series questions)
            throws TableException {
        int best = hosts.stream().mapToInt(MxHost::preference).min().orElse(0);
        boolean listed = false;
        for (MxHost host : hosts) {
            boolean first = host.preference() == best;
            boolean us = host.host().equalsIgnoreCase(hostname);
            if (us && first) {
                return Verdict.DUNNO;
            }
            listed |= us;
            if (us || (listed && !first)) {
                continue;
            }
            switch (questions.ask(d -> d.addresses(host.host()))) {
                case Answer.Found<InetAddress>(var found) -> {
                    us = isOurs(found);
                    if (first && (us || !isAllowed(host.host(), found))) {
                        return Verdict.DUNNO;
                    }
                    listed |= us;
                }
                case Answer.NoSuchDomain<InetAddress> _, Answer.NoData<InetAddress> _ -> {
                    return uncertain(e, subject, lost(host, "Name or service not known"));
                }
                case Answer.TempFail<InetAddress> _ -> {
                    return uncertain(
                            e, subject, lost(host, "Temporary failure in name resolution"));
                }
            }
        }
        return listed ? Verdict.PERMIT : Verdict.DUNNO;
    }

    private boolean isOurs(List<InetAddress> found) throws TableException {
        for (InetAddress address : found) {
            if (own.contains(address) || proxies.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /// True if a domain may have all these addresses as its first mail exchanger (`permit_mx_backup_networks`).
    private boolean isAllowed(String host, List<InetAddress> found) throws TableException {
        for (InetAddress address : found) {
            if (!anywhere && !allowed.contains(host, address)) {
                return false;
            }
        }
        return true;
    }

    private static String lost(MxHost host, String why) {
        return "host " + host.host() + ": " + why;
    }

    /// Nobody can say: a refusal becomes one for now.
    private static Verdict uncertain(Evaluation e, Subject subject, String why) {
        return e.deferIfReject(
                subject.refuse(450, 4, 4, "Unable to look up mail exchanger " + why));
    }
}
