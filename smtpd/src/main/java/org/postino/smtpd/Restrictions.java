// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.postino.config.Config;
import org.postino.message.Address;
import org.postino.queue.ReceiveOverride;
import org.postino.routing.Networks;
import org.postino.smtp.EnhancedStatus;
import org.postino.suite.IncomingParams;
import org.postino.suite.RestrictionName;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// The code of the restrictions, one case for each row of [RestrictionName]; [RestrictionList] reads lists of them.
final class Restrictions {
    private final AddressLookup addresses;
    private final SenderLogins logins;
    private final CertificateChecks certificates;
    private final Networks mynetworks;
    private final Networks own;
    private final DomainChecks domains;
    private final VerifiedAddresses verified;
    private final AccessTables access;
    private final boolean checksRecipients;
    private final PolicyServers servers;
    private final DnsLists dnsLists;
    private final HostAccess hosts;
    private final MxBackup mxBackup;
    private final Supplier<Restriction> greylist;
    private final int rejectCode;
    private final int deferCode;
    private final int nonFqdnCode;
    private final int invalidHostnameCode;
    private final int relayCode;
    private final int plaintextCode;
    private final int multiBounceCode;

    Restrictions(
            Config config,
            Tables tables,
            AddressLookup addresses,
            AccessTables access,
            PolicyServers servers,
            DnsLists dnsLists,
            Supplier<Restriction> greylist,
            Networks own,
            DomainChecks domains,
            HostAccess hosts,
            MxBackup mxBackup,
            VerifiedAddresses verified) {
        this.addresses = addresses;
        this.access = access;
        this.servers = servers;
        this.dnsLists = dnsLists;
        this.greylist = greylist;
        logins = new SenderLogins(config, tables, addresses);
        certificates = new CertificateChecks(config, tables, access);
        mynetworks = Networks.mynetworks(config);
        this.own = own;
        this.domains = domains;
        this.hosts = hosts;
        this.mxBackup = mxBackup;
        this.verified = verified;
        checksRecipients =
                !ReceiveOverride.of(config.get(IncomingParams.RECEIVE_OVERRIDE_OPTIONS))
                        .contains(ReceiveOverride.NO_UNKNOWN_RECIPIENT_CHECKS);
        rejectCode = config.get(SmtpdParams.REJECT_CODE).intValue();
        deferCode = config.get(SmtpdParams.DEFER_CODE).intValue();
        nonFqdnCode = config.get(SmtpdParams.NON_FQDN_REJECT_CODE).intValue();
        invalidHostnameCode = config.get(SmtpdParams.INVALID_HOSTNAME_REJECT_CODE).intValue();
        relayCode = config.get(SmtpdParams.RELAY_DOMAINS_REJECT_CODE).intValue();
        plaintextCode = config.get(SmtpdParams.PLAINTEXT_REJECT_CODE).intValue();
        multiBounceCode = config.get(SmtpdParams.MULTI_RECIPIENT_BOUNCE_REJECT_CODE).intValue();
    }

    /// A restriction ready to be asked: the code of each row of [RestrictionName].
    ///
    /// @param argument what follows the name in the list; empty if it takes none
    /// @param lists reads what access tables name
    Restriction of(RestrictionName name, String argument, RestrictionList lists) {
        return switch (name) {
            case PERMIT -> (_, _) -> Verdict.PERMIT;
            case REJECT -> (_, s) -> s.refuse(rejectCode, 7, 1, "Access denied");
            case DEFER -> (_, s) -> s.refuse(deferCode, 3, 2, "Try again later");
            case DEFER_IF_PERMIT -> (e, s) -> e.deferIfPermit(unavailable(s));
            case DEFER_IF_REJECT -> (e, s) -> e.deferIfReject(unavailable(s));
            case WARN_IF_REJECT -> Restriction.WARN_IF_REJECT;
            case PERMIT_MYNETWORKS -> (e, _) -> permitIf(isIn(mynetworks, e));
            case PERMIT_INET_INTERFACES -> (e, _) -> permitIf(isIn(own, e));
            case PERMIT_SASL_AUTHENTICATED -> (e, _) -> permitIf(e.facts().login() != null);
            case SLEEP -> (_, _) -> sleep(Long.parseLong(argument));
            case PERMIT_MX_BACKUP -> mxBackup::check;
            case PERMIT_TLS_ALL_CLIENTCERTS -> certificates.trusted();
            case PERMIT_TLS_CLIENTCERTS -> certificates.listed();
            case PERMIT_AUTH_DESTINATION -> (e, _) -> permitIf(isAuthDestination(e));
            case REJECT_UNAUTH_DESTINATION -> (e, _) -> unauthDestination(e, relayCode);
            case DEFER_UNAUTH_DESTINATION -> (e, _) -> unauthDestination(e, 454);
            case REJECT_PLAINTEXT_SESSION -> this::plaintextSession;
            case REJECT_UNAUTH_PIPELINING -> Restrictions::unauthPipelining;
            case REJECT_MULTI_RECIPIENT_BOUNCE -> this::multiRecipientBounce;
            case REJECT_INVALID_HELO_HOSTNAME -> this::invalidHelo;
            case REJECT_NON_FQDN_HELO_HOSTNAME -> this::nonFqdnHelo;
            case REJECT_NON_FQDN_SENDER -> (e, _) -> nonFqdn(e, Subject.Kind.SENDER);
            case REJECT_NON_FQDN_RECIPIENT -> (e, _) -> nonFqdn(e, Subject.Kind.RECIPIENT);
            case REJECT_UNLISTED_SENDER -> (e, _) -> unlistedSender(e);
            case REJECT_UNLISTED_RECIPIENT -> (e, _) -> unlistedRecipient(e);
            case REJECT_SENDER_LOGIN_MISMATCH -> (e, _) -> loginMismatch(e, false);
            case REJECT_KNOWN_SENDER_LOGIN_MISMATCH -> (e, _) -> loginMismatch(e, true);
            case REJECT_AUTHENTICATED_SENDER_LOGIN_MISMATCH ->
                    (e, _) -> logins.authenticated(e, false);
            case REJECT_UNAUTHENTICATED_SENDER_LOGIN_MISMATCH ->
                    (e, _) -> logins.unauthenticated(e);
            case REJECT_UNKNOWN_CLIENT_HOSTNAME -> (e, _) -> domains.client(e);
            case REJECT_UNKNOWN_REVERSE_CLIENT_HOSTNAME -> (e, _) -> domains.reverseClient(e);
            case REJECT_UNKNOWN_FORWARD_CLIENT_HOSTNAME -> (e, _) -> domains.forwardClient(e);
            case REJECT_UNKNOWN_HELO_HOSTNAME -> (e, _) -> domains.helo(e);
            case REJECT_UNKNOWN_SENDER_DOMAIN -> (e, _) -> domains.sender(e);
            case REJECT_UNKNOWN_RECIPIENT_DOMAIN -> (e, _) -> domains.recipient(e);
            case REJECT_UNVERIFIED_RECIPIENT -> (e, _) -> verified.recipient(e);
            case REJECT_UNVERIFIED_SENDER -> (e, _) -> verified.sender(e);
            case REJECT_RBL_CLIENT -> dnsLists.client(argument);
            case REJECT_MAPS_RBL -> dnsLists.oldClient();
            case REJECT_RHSBL_CLIENT ->
                    dnsLists.domain(argument, Subject.Kind.CLIENT, DnsLists::name);
            case REJECT_RHSBL_REVERSE_CLIENT ->
                    dnsLists.domain(argument, Subject.Kind.CLIENT, DnsLists::reverseName);
            case REJECT_RHSBL_HELO -> dnsLists.domain(argument, Subject.Kind.HELO, Facts::helo);
            case REJECT_RHSBL_SENDER ->
                    dnsLists.domain(argument, Subject.Kind.SENDER, DnsLists::sender);
            case REJECT_RHSBL_RECIPIENT ->
                    dnsLists.domain(argument, Subject.Kind.RECIPIENT, DnsLists::recipient);
            case PERMIT_DNSWL_CLIENT -> dnsLists.permitClient(argument);
            case PERMIT_RHSWL_CLIENT -> dnsLists.permitName(argument);
            case CHECK_CLIENT_A_ACCESS, CHECK_CLIENT_MX_ACCESS, CHECK_CLIENT_NS_ACCESS ->
                    hosts.of(name, argument, Subject.Kind.CLIENT, lists);
            case CHECK_REVERSE_CLIENT_HOSTNAME_A_ACCESS,
                    CHECK_REVERSE_CLIENT_HOSTNAME_MX_ACCESS,
                    CHECK_REVERSE_CLIENT_HOSTNAME_NS_ACCESS ->
                    hosts.of(name, argument, Subject.Kind.REVERSE_CLIENT, lists);
            case CHECK_HELO_A_ACCESS, CHECK_HELO_MX_ACCESS, CHECK_HELO_NS_ACCESS ->
                    hosts.of(name, argument, Subject.Kind.HELO, lists);
            case CHECK_SENDER_A_ACCESS, CHECK_SENDER_MX_ACCESS, CHECK_SENDER_NS_ACCESS ->
                    hosts.of(name, argument, Subject.Kind.SENDER, lists);
            case CHECK_RECIPIENT_A_ACCESS, CHECK_RECIPIENT_MX_ACCESS, CHECK_RECIPIENT_NS_ACCESS ->
                    hosts.of(name, argument, Subject.Kind.RECIPIENT, lists);
            case CHECK_REVERSE_CLIENT_HOSTNAME_ACCESS ->
                    access.reverseClient(name, argument, lists);
            case CHECK_ETRN_ACCESS -> access.etrn(argument, lists);
            case CHECK_CCERT_ACCESS -> certificates.access(argument, lists);
            case CHECK_CLIENT_ACCESS -> access.client(argument, lists);
            case CHECK_GREYLIST -> greylist.get();
            case CHECK_HELO_ACCESS -> access.helo(argument, lists);
            case CHECK_SENDER_ACCESS -> access.sender(argument, lists);
            case CHECK_POLICY_SERVICE -> servers.check(argument, lists);
            case CHECK_RECIPIENT_ACCESS -> access.recipient(argument, lists);
            case CHECK_SASL_ACCESS -> access.login(argument, lists);
        };
    }

    private static Verdict sleep(long seconds) {
        try {
            Thread.sleep(Duration.ofSeconds(seconds));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the daemon leaves
        }
        return Verdict.DUNNO;
    }

    private static Verdict permitIf(boolean yes) {
        return yes ? Verdict.PERMIT : Verdict.DUNNO;
    }

    private static Verdict unavailable(Subject subject) {
        return subject.refuse(450, 7, 1, "Service unavailable");
    }

    private boolean isAuthDestination(Evaluation e) throws TableException {
        return e.facts().recipient() != null && addresses.isAuthorizedDestination(e.facts());
    }

    private Verdict plaintextSession(Evaluation e, Subject subject) {
        return e.facts().secured()
                ? Verdict.DUNNO
                : subject.refuse(plaintextCode, 7, 1, "Session encryption is required");
    }

    private static boolean isIn(Networks networks, Evaluation e) throws TableException {
        InetAddress address = e.facts().client().address();
        return address != null && networks.contains(e.facts().client().name(), address);
    }

    private static Verdict unauthPipelining(Evaluation e, Subject subject) {
        return e.facts().sentAhead()
                ? subject.refuse(503, 5, 0, "Improper use of SMTP command pipelining")
                : Verdict.DUNNO;
    }

    private Verdict multiRecipientBounce(Evaluation e, Subject subject) {
        Address sender = e.facts().sender();
        // From DATA on, the only recipient is in question although it is accepted.
        int all = e.facts().recipients() + (e.stage().equals("RCPT") ? 1 : 0);
        boolean bounce = sender != null && sender.isNull();
        return bounce && all > 1
                ? subject.refuse(multiBounceCode, 5, 3, "Multi-recipient bounce")
                : Verdict.DUNNO;
    }

    private Verdict unauthDestination(Evaluation e, int code) throws TableException {
        Address recipient = e.facts().recipient();
        return recipient == null || addresses.isAuthorizedDestination(e.facts())
                ? Verdict.DUNNO
                : StandardRefusals.relayDenied(code, recipient.toString());
    }

    private Verdict invalidHelo(Evaluation e, Subject unused) {
        String helo = e.facts().helo();
        if (helo == null) {
            return Verdict.DUNNO;
        }
        var subject = Subject.of(Subject.Kind.HELO, e.facts());
        var status = new EnhancedStatus(5, 5, 2);
        if (helo.startsWith("[")) {
            return HostSyntax.isAddress(helo)
                    ? Verdict.DUNNO
                    : subject.refuse(invalidHostnameCode, status, "invalid ip address");
        }
        return HostSyntax.isHostname(helo) || HostSyntax.isAddress(helo)
                ? Verdict.DUNNO
                : subject.refuse(invalidHostnameCode, status, "Invalid name");
    }

    private Verdict nonFqdnHelo(Evaluation e, Subject unused) {
        String helo = e.facts().helo();
        if (helo == null || helo.startsWith("[")) {
            return invalidHelo(e, unused);
        }
        return HostSyntax.isFullyQualified(helo)
                ? Verdict.DUNNO
                : Subject.of(Subject.Kind.HELO, e.facts())
                        .refuse(nonFqdnCode, 5, 2, "need fully-qualified hostname");
    }

    private Verdict nonFqdn(Evaluation e, Subject.Kind kind) {
        Facts facts = e.facts();
        Address mailbox = kind == Subject.Kind.SENDER ? facts.sender() : facts.recipient();
        boolean fine =
                mailbox == null
                        || mailbox.isNull()
                        || HostSyntax.isFullyQualified(mailbox.domain());
        return fine
                ? Verdict.DUNNO
                : Subject.of(kind, facts).refuse(nonFqdnCode, 5, 2, "need fully-qualified address");
    }

    private Verdict loginMismatch(Evaluation e, boolean knownOnly) throws TableException {
        return e.facts().login() == null
                ? logins.unauthenticated(e)
                : logins.authenticated(e, knownOnly);
    }

    Verdict unlistedSender(Evaluation e) throws TableException {
        Address sender = e.facts().sender();
        return sender == null || sender.isNull()
                ? Verdict.DUNNO
                : addresses.listed(sender, sender, Subject.of(Subject.Kind.SENDER, e.facts()));
    }

    Verdict unlistedRecipient(Evaluation e) throws TableException {
        Address recipient = e.facts().recipient();
        if (recipient == null || e.markUnlistedChecked() || !checksRecipients) {
            return Verdict.DUNNO;
        }
        return addresses.listed(
                e.facts().sender(), recipient, Subject.of(Subject.Kind.RECIPIENT, e.facts()));
    }
}
