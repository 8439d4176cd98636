// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.message.Address;
import org.postino.routing.Networks;
import org.postino.smtp.EnhancedStatus;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// The restrictions that smtpd knows, by name; [RestrictionList] reads lists of them.
final class Restrictions {
    private final Addressees addressees;
    private final SenderLogins logins;
    private final Networks mynetworks;
    private final Networks own;
    private final DomainChecks domains;
    private final AccessTables access;
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
            Addressees addressees,
            AccessTables access,
            Networks own,
            DomainChecks domains) {
        this.addressees = addressees;
        this.access = access;
        logins = new SenderLogins(config, tables, addressees);
        mynetworks = Networks.mynetworks(config);
        this.own = own;
        this.domains = domains;
        rejectCode = config.get(SmtpdParams.REJECT_CODE).intValue();
        deferCode = config.get(SmtpdParams.DEFER_CODE).intValue();
        nonFqdnCode = config.get(SmtpdParams.NON_FQDN_REJECT_CODE).intValue();
        invalidHostnameCode = config.get(SmtpdParams.INVALID_HOSTNAME_REJECT_CODE).intValue();
        relayCode = config.get(SmtpdParams.RELAY_DOMAINS_REJECT_CODE).intValue();
        plaintextCode = config.get(SmtpdParams.PLAINTEXT_REJECT_CODE).intValue();
        multiBounceCode = config.get(SmtpdParams.MULTI_RECIPIENT_BOUNCE_REJECT_CODE).intValue();
    }

    /// The restriction without argument of this name; null if there is none.
    @Nullable Restriction plain(String name) {
        Restriction generic = generic(name);
        if (generic != null) {
            return generic;
        }
        Restriction byAddress = byAddress(name);
        return byAddress != null ? byAddress : domains.restriction(name);
    }

    private @Nullable Restriction generic(String name) {
        return switch (name) {
            case "permit" -> (_, _) -> Verdict.PERMIT;
            case "reject" -> (_, s) -> s.refuse(rejectCode, 7, 1, "Access denied");
            case "defer" -> (_, s) -> s.refuse(deferCode, 3, 2, "Try again later");
            case "defer_if_permit" ->
                    (e, s) -> e.deferIfPermit(s.refuse(450, 7, 1, "Service unavailable"));
            case "defer_if_reject" ->
                    (e, s) -> e.deferIfReject(s.refuse(450, 7, 1, "Service unavailable"));
            case "warn_if_reject" -> Restriction.WARN_IF_REJECT;
            case "permit_mynetworks" -> (e, _) -> permitIf(isIn(mynetworks, e));
            case "permit_inet_interfaces" -> (e, _) -> permitIf(isIn(own, e));
            case "permit_sasl_authenticated" -> (e, _) -> permitIf(e.facts().login() != null);
            case "reject_plaintext_session" ->
                    (e, s) ->
                            refuseIf(
                                    !e.facts().secured(),
                                    s,
                                    plaintextCode,
                                    "Session encryption is required");
            case "reject_unauth_pipelining" ->
                    (e, s) -> e.facts().sentAhead() ? unauthPipelining(s) : Verdict.DUNNO;
            case "reject_multi_recipient_bounce" -> this::multiRecipientBounce;
            default -> null;
        };
    }

    private @Nullable Restriction byAddress(String name) {
        return switch (name) {
            case "permit_auth_destination" ->
                    (e, _) ->
                            permitIf(
                                    e.facts().recipient() != null
                                            && addressees.isAuthorizedDestination(e.facts()));
            case "reject_unauth_destination" -> (e, _) -> unauthDestination(e, relayCode);
            case "defer_unauth_destination" -> (e, _) -> unauthDestination(e, 454);
            case "reject_invalid_helo_hostname" -> this::invalidHelo;
            case "reject_non_fqdn_helo_hostname" -> this::nonFqdnHelo;
            case "reject_non_fqdn_sender" ->
                    (e, _) -> nonFqdn(e, Subject.Kind.SENDER, e.facts().sender());
            case "reject_non_fqdn_recipient" ->
                    (e, _) -> nonFqdn(e, Subject.Kind.RECIPIENT, e.facts().recipient());
            case "reject_unlisted_sender" -> (e, _) -> unlistedSender(e);
            case "reject_unlisted_recipient" -> (e, _) -> unlistedRecipient(e);
            case "reject_sender_login_mismatch" -> (e, _) -> loginMismatch(e, false);
            case "reject_authenticated_sender_login_mismatch" ->
                    (e, _) -> logins.authenticated(e, false);
            case "reject_known_sender_login_mismatch" -> (e, _) -> loginMismatch(e, true);
            case "reject_unauthenticated_sender_login_mismatch" ->
                    (e, _) -> logins.unauthenticated(e);
            default -> null;
        };
    }

    /// The restriction of this name that looks into a table; null if there is none.
    @Nullable Restriction withTable(String name, String table, RestrictionList lists) {
        return switch (name) {
            case "check_client_access" -> access.client(table, lists);
            case "check_helo_access" -> access.helo(table, lists);
            case "check_sender_access" -> access.sender(table, lists);
            case "check_recipient_access" -> access.recipient(table, lists);
            case "check_sasl_access" -> access.login(table, lists);
            default -> null;
        };
    }

    private static Verdict permitIf(boolean yes) {
        return yes ? Verdict.PERMIT : Verdict.DUNNO;
    }

    private static Verdict refuseIf(boolean yes, Subject subject, int code, String text) {
        return yes ? subject.refuse(code, 7, 1, text) : Verdict.DUNNO;
    }

    private static boolean isIn(Networks networks, Evaluation e) throws TableException {
        InetAddress address = e.facts().client().address();
        return address != null && networks.contains(e.facts().client().name(), address);
    }

    private static Verdict unauthPipelining(Subject subject) {
        return subject.refuse(503, 5, 0, "Improper use of SMTP command pipelining");
    }

    private Verdict multiRecipientBounce(Evaluation e, Subject subject) {
        Address sender = e.facts().sender();
        int before = e.facts().recipients() + (e.facts().recipient() == null ? 0 : 1);
        boolean bounce = sender != null && sender.isNull();
        return bounce && before > 1
                ? subject.refuse(multiBounceCode, 5, 3, "Multi-recipient bounce")
                : Verdict.DUNNO;
    }

    private Verdict unauthDestination(Evaluation e, int code) throws TableException {
        Address recipient = e.facts().recipient();
        return recipient == null || addressees.isAuthorizedDestination(e.facts())
                ? Verdict.DUNNO
                : Answers.relayDenied(code, recipient.toString());
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

    private Verdict nonFqdn(Evaluation e, Subject.Kind kind, @Nullable Address mailbox) {
        boolean fine =
                mailbox == null
                        || mailbox.isNull()
                        || HostSyntax.isFullyQualified(mailbox.domain());
        return fine
                ? Verdict.DUNNO
                : Subject.of(kind, e.facts())
                        .refuse(nonFqdnCode, 5, 2, "need fully-qualified address");
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
                : addressees.listed(sender, sender, Subject.of(Subject.Kind.SENDER, e.facts()));
    }

    Verdict unlistedRecipient(Evaluation e) throws TableException {
        Address recipient = e.facts().recipient();
        if (recipient == null || e.markUnlistedChecked()) {
            return Verdict.DUNNO;
        }
        return addressees.listed(
                e.facts().sender(), recipient, Subject.of(Subject.Kind.RECIPIENT, e.facts()));
    }
}
