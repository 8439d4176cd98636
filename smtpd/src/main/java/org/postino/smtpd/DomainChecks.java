// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.dns.Answer;
import org.postino.dns.Dns;
import org.postino.dns.MxHost;
import org.postino.message.Address;
import org.postino.routing.AddressClass;
import org.postino.routing.Resolved;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.Reply;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;

/// Restrictions that ask the domain name system: whether clients, domains and hosts exist under the names they use.
final class DomainChecks {
    private final AddressLookup addresses;
    private final Supplier<Dns> dns;
    private final int clientCode;
    private final int addressCode;
    private final int hostnameCode;
    private final boolean addressDefers;
    private final boolean hostnameDefers;

    /// The answers to whether a domain can get mail.
    private enum Existence {
        YES,
        NO,
        /// It says that it takes no mail (RFC 7505).
        NO_MAIL,
        /// No server could say.
        UNCERTAIN
    }

    DomainChecks(Config config, AddressLookup addresses, Supplier<Dns> dns) {
        this.addresses = addresses;
        this.dns = dns;
        clientCode = config.get(SmtpdParams.UNKNOWN_CLIENT_REJECT_CODE).intValue();
        addressCode = config.get(SmtpdParams.UNKNOWN_ADDRESS_REJECT_CODE).intValue();
        hostnameCode = config.get(SmtpdParams.UNKNOWN_HOSTNAME_REJECT_CODE).intValue();
        addressDefers = config.get(SmtpdParams.UNKNOWN_ADDRESS_TEMPFAIL_ACTION).equals("defer");
        hostnameDefers =
                config.get(SmtpdParams.UNKNOWN_HELO_HOSTNAME_TEMPFAIL_ACTION).equals("defer");
    }

    /// Refuses a client without a confirmed name.
    Verdict client(Evaluation e) {
        Client client = e.facts().client();
        return client(client, client.named().status(), new EnhancedStatus(4, 7, 25), "hostname");
    }

    /// Refuses a client without any name.
    Verdict reverseClient(Evaluation e) {
        Client client = e.facts().client();
        return client(
                client,
                client.named().reverseStatus(),
                new EnhancedStatus(4, 7, 1),
                "reverse hostname");
    }

    /// Refuses a client without any name, or with one that has no address.
    Verdict forwardClient(Evaluation e) {
        Client client = e.facts().client();
        ClientName named = client.named();
        ClientName.Status known = named.reverseStatus();
        if (known == ClientName.Status.OK && named.status() != ClientName.Status.OK) {
            known =
                    switch (addresses(named.reverse())) {
                        case YES, NO_MAIL -> ClientName.Status.OK;
                        case NO -> ClientName.Status.NONE;
                        case UNCERTAIN -> ClientName.Status.TEMPORARY;
                    };
        }
        return client(client, known, new EnhancedStatus(4, 7, 25), "hostname");
    }

    /// Refuses a sender in a domain that does not exist or takes no mail.
    Verdict sender(Evaluation e) throws TableException {
        return address(e, Subject.Kind.SENDER, e.facts().sender());
    }

    /// Refuses a recipient in such a domain.
    Verdict recipient(Evaluation e) throws TableException {
        return address(e, Subject.Kind.RECIPIENT, e.facts().recipient());
    }

    private Verdict client(
            Client client, ClientName.Status known, EnhancedStatus status, String what) {
        if (known == ClientName.Status.OK) {
            return Verdict.DUNNO;
        }
        int code = known == ClientName.Status.TEMPORARY ? 450 : clientCode;
        String text =
                "Client host rejected: cannot find your "
                        + what
                        + ", ["
                        + client.addressText()
                        + "]";
        return new Action.Refuse(new Reply(code, status.withSeverity(code / 100), List.of(text)));
    }

    /// Refuses a name given with HELO that does not exist.
    Verdict helo(Evaluation e) {
        String helo = e.facts().helo();
        if (helo == null || helo.startsWith("[")) {
            return Verdict.DUNNO;
        }
        var subject = Subject.of(Subject.Kind.HELO, e.facts());
        return switch (host(helo)) {
            case YES, NO_MAIL -> Verdict.DUNNO;
            case NO -> subject.refuse(hostnameCode, 7, 1, "Host not found");
            case UNCERTAIN ->
                    uncertain(e, hostnameDefers, subject.refuse(450, 7, 1, "Host not found"));
        };
    }

    private Verdict address(Evaluation e, Subject.Kind kind, @Nullable Address mailbox)
            throws TableException {
        String domain = mailbox == null ? null : foreignDomain(e, mailbox);
        if (domain == null) {
            return Verdict.DUNNO;
        }
        boolean sender = kind == Subject.Kind.SENDER;
        var subject = Subject.of(kind, e.facts());
        int detail = sender ? 8 : 2;
        return switch (mailHost(domain)) {
            case YES -> Verdict.DUNNO;
            case NO_MAIL -> noMail(subject, domain, sender);
            case NO -> subject.refuse(addressCode, 1, detail, "Domain not found");
            case UNCERTAIN ->
                    uncertain(e, addressDefers, subject.refuse(450, 1, detail, "Domain not found"));
        };
    }

    private static Verdict noMail(Subject subject, String domain, boolean sender) {
        String text = "Domain " + domain + " does not accept mail (nullMX)";
        return sender
                ? subject.refuse(550, 7, 27, text)
                : subject.refuse(556, 1, 10, text); // RFC 7505, 4.1
    }

    private static Verdict uncertain(Evaluation e, boolean defers, Verdict refusal) {
        return defers ? refusal : e.deferIfPermit(refusal);
    }

    /// The domain of an address that leads elsewhere; null for one of ours, an address literal, or none.
    private @Nullable String foreignDomain(Evaluation e, Address mailbox) throws TableException {
        if (mailbox.isNull()) {
            return null;
        }
        Resolved resolved = addresses.resolve(e.facts().sender(), mailbox);
        boolean elsewhere =
                resolved.addressClass() == AddressClass.DEFAULT
                        || resolved.addressClass() == AddressClass.RELAY;
        String address = resolved.recipient();
        String domain = address.substring(address.lastIndexOf('@') + 1);
        return elsewhere && !domain.isEmpty() && !domain.startsWith("[") ? domain : null;
    }

    private Existence mailHost(String domain) {
        return switch (dns.get().mx(domain)) {
            case Answer.Found<MxHost>(var hosts) when hosts.stream().anyMatch(MxHost::isNull) ->
                    Existence.NO_MAIL;
            case Answer.Found<MxHost> _ -> Existence.YES;
            case Answer.TempFail<MxHost> _ -> Existence.UNCERTAIN;
            case Answer.NoSuchDomain<MxHost> _ -> Existence.NO;
            case Answer.NoData<MxHost> _ -> addresses(domain);
        };
    }

    private Existence host(String name) {
        Existence byAddress = addresses(name);
        if (byAddress == Existence.YES) {
            return byAddress;
        }
        return switch (dns.get().mx(name)) {
            case Answer.Found<MxHost> _ -> Existence.YES;
            case Answer.TempFail<MxHost> _ -> Existence.UNCERTAIN;
            case Answer.NoData<MxHost> _, Answer.NoSuchDomain<MxHost> _ -> byAddress;
        };
    }

    private Existence addresses(String name) {
        return switch (dns.get().addresses(name)) {
            case Answer.Found<InetAddress> _ -> Existence.YES;
            case Answer.TempFail<InetAddress> _ -> Existence.UNCERTAIN;
            case Answer.NoData<InetAddress> _, Answer.NoSuchDomain<InetAddress> _ -> Existence.NO;
        };
    }
}
