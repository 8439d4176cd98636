// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.dns.Dns;
import org.postino.message.Address;
import org.postino.queue.VerifyClient;
import org.postino.routing.Networks;
import org.postino.server.FatalException;
import org.postino.server.ServerDialer;
import org.postino.smtpd.Subject.Kind;
import org.postino.suite.RelaySafety;
import org.postino.suite.SmtpdParams;
import org.postino.table.MatchList;
import org.postino.table.Tables;
import org.postino.util.Lazy;

/// Inspects sessions by the lists of restrictions in main.cf. Safe for use by several threads.
///
/// Each list is asked until one of its restrictions permits or refuses; a permit ends its own list only, a refusal everything.
final class Policy implements Inspector.Source {
    private final List<Restriction> client;
    private final List<Restriction> helo;
    private final List<Restriction> etrn;
    private final List<Restriction> sender;
    private final List<Restriction> relay;
    private final List<Restriction> recipient;
    private final List<Restriction> data;
    private final List<Restriction> endOfData;

    /// Asked about each recipient when nobody else refuses it.
    private final List<Restriction> last;

    private final Restrictions restrictions;
    private final MatchList permits;
    private final boolean delayReject;
    private final List<Restriction> unlistedSender;
    private final List<Restriction> unlistedRecipient;
    private final boolean relayFirst;
    private final boolean checkRecipients;
    private final boolean checkSenders;

    /// @param ours the addresses of this machine
    /// @param dialer reaches policy servers
    /// @param verify null if nobody can be asked about addresses
    /// @param anvil made if a list or main.cf wants greylisting
    /// @param steps hears how requests are judged; null: nobody does
    /// @throws FatalException nothing in the lists would keep strangers from relaying
    Policy(
            Config config,
            Tables tables,
            AddressLookup addresses,
            Networks ours,
            Supplier<Dns> dns,
            ServerDialer dialer,
            @Nullable VerifyClient verify,
            Supplier<AnvilClient> anvil,
            Clock clock,
            @Nullable Steps steps) {
        var dnsLists = new DnsLists(config, tables, addresses, dns);
        Supplier<Restriction> greylist =
                new Lazy<>(() ->
                        new Greylist(config, tables, dnsLists, anvil.get(), clock, steps)::check);
        var access = new AccessTables(config, tables, addresses);
        restrictions =
                new Restrictions(
                        config,
                        tables,
                        addresses,
                        access,
                        new PolicyServers(config, access, dialer, clock, steps),
                        dnsLists,
                        greylist,
                        ours,
                        new DomainChecks(config, addresses, dns),
                        new HostAccess(access, addresses, dns),
                        new MxBackup(config, tables, addresses, ours, dns),
                        new VerifiedAddresses(config, addresses, verify, clock));
        var lists = new RestrictionList(restrictions, config, steps);
        client = lists.of(SmtpdParams.SMTPD_CLIENT_RESTRICTIONS, Kind.CLIENT);
        helo = lists.of(SmtpdParams.SMTPD_HELO_RESTRICTIONS, Kind.HELO);
        etrn = lists.of(SmtpdParams.SMTPD_ETRN_RESTRICTIONS, Kind.ETRN);
        sender = lists.of(SmtpdParams.SMTPD_SENDER_RESTRICTIONS, Kind.SENDER);
        relay = lists.of(SmtpdParams.SMTPD_RELAY_RESTRICTIONS, Kind.RECIPIENT);
        recipient = lists.of(SmtpdParams.SMTPD_RECIPIENT_RESTRICTIONS, Kind.RECIPIENT);
        data = lists.of(SmtpdParams.SMTPD_DATA_RESTRICTIONS, Kind.DATA);
        endOfData = lists.of(SmtpdParams.SMTPD_END_OF_DATA_RESTRICTIONS, Kind.END_OF_DATA);
        unlistedSender =
                lists.own(
                        SmtpdParams.SMTPD_REJECT_UNLISTED_SENDER,
                        (e, _) -> restrictions.unlistedSender(e));
        unlistedRecipient =
                lists.own(
                        SmtpdParams.SMTPD_REJECT_UNLISTED_RECIPIENT,
                        (e, _) -> restrictions.unlistedRecipient(e));
        permits =
                MatchList.strings(config.get(SmtpdParams.SMTPD_LOG_ACCESS_PERMIT_ACTIONS), tables);
        last =
                config.get(SmtpdParams.SMTPD_GREYLIST_ENABLE)
                        ? lists.own(SmtpdParams.SMTPD_GREYLIST_ENABLE, greylist.get())
                        : List.of();
        delayReject = config.get(SmtpdParams.SMTPD_DELAY_REJECT);
        relayFirst = config.get(SmtpdParams.SMTPD_RELAY_BEFORE_RECIPIENT_RESTRICTIONS);
        checkRecipients = config.get(SmtpdParams.SMTPD_REJECT_UNLISTED_RECIPIENT);
        checkSenders = config.get(SmtpdParams.SMTPD_REJECT_UNLISTED_SENDER);
        RelaySafety.problem(config).ifPresent(Policy::refuse);
    }

    private static void refuse(String problem) {
        throw new FatalException(problem);
    }

    /// The policy is the same for all sessions, but each remembers what DNS lists said.
    @Override
    public Inspector open(Client client, SessionLog log) {
        var memory = new DnsMemory();
        return at -> inspect(at, memory);
    }

    /// With `smtpd_delay_reject` the lists of the stages before RCPT are asked there.
    private void inspect(Inspection at, DnsMemory memory) {
        var e = new Evaluation(at, memory, permits);
        e.conclude(
                switch (at.stage()) {
                    case CONNECT -> delayReject ? Verdict.DUNNO : e.ask(client, Kind.CLIENT);
                    case HELO -> delayReject ? Verdict.DUNNO : e.ask(helo, Kind.HELO);
                    case ETRN -> etrnLists(e);
                    case MAIL -> delayReject ? Verdict.DUNNO : senderLists(e);
                    case RCPT ->
                            isPostmaster(at.facts().recipient())
                                    ? Verdict.PERMIT
                                    : recipientLists(e);
                    case DATA -> e.ask(data, Kind.DATA);
                    case END_OF_HEADER -> Verdict.DUNNO;
                    case END_OF_MESSAGE -> e.ask(endOfData, Kind.END_OF_DATA);
                });
    }

    /// True for the recipient that every server takes (RFC 5321, 4.5.1).
    private static boolean isPostmaster(@Nullable Address recipient) {
        return recipient != null
                && recipient.domain().isEmpty()
                && recipient.localPart().equalsIgnoreCase("postmaster");
    }

    private Verdict senderLists(Evaluation e) {
        Verdict verdict = e.ask(sender, Kind.SENDER);
        return !(verdict instanceof Action.Refuse) && checkSenders
                ? e.ask(unlistedSender, Kind.SENDER)
                : verdict;
    }

    private Verdict etrnLists(Evaluation e) {
        Verdict verdict = delayReject ? clientLists(e) : Verdict.DUNNO;
        return verdict instanceof Action.Refuse ? verdict : e.ask(etrn, Kind.ETRN);
    }

    /// The lists about the client that were delayed.
    private Verdict clientLists(Evaluation e) {
        Verdict verdict = e.ask(client, Kind.CLIENT);
        return verdict instanceof Action.Refuse ? verdict : e.ask(helo, Kind.HELO);
    }

    private Verdict recipientLists(Evaluation e) {
        Verdict verdict = Verdict.DUNNO;
        if (delayReject) {
            verdict = clientLists(e);
            if (!(verdict instanceof Action.Refuse)) {
                verdict = senderLists(e);
            }
        }
        if (!(verdict instanceof Action.Refuse)) {
            verdict = e.ask(relayFirst ? relay : recipient, Kind.RECIPIENT);
        }
        if (!(verdict instanceof Action.Refuse)) {
            verdict = e.ask(relayFirst ? recipient : relay, Kind.RECIPIENT);
        }
        if (!(verdict instanceof Action.Refuse) && checkRecipients) {
            verdict = e.ask(unlistedRecipient, Kind.RECIPIENT);
        }
        if (!(verdict instanceof Action.Refuse) && !last.isEmpty()) {
            verdict = e.ask(last, Kind.RECIPIENT);
        }
        return verdict;
    }
}
