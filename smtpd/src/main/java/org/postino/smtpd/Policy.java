// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.dns.Dns;
import org.postino.message.Address;
import org.postino.routing.Networks;
import org.postino.server.FatalException;
import org.postino.smtp.Reply;
import org.postino.suite.RelaySafety;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Who may do what: the lists of restrictions, in the order in which a session meets them. Safe for use by several threads.
///
/// Each list is asked until one of its restrictions permits or refuses; a permit ends its own list only, a refusal everything.
final class Policy {
    private final List<Restriction> client;
    private final List<Restriction> helo;
    private final List<Restriction> sender;
    private final List<Restriction> relay;
    private final List<Restriction> recipient;
    private final List<Restriction> data;
    private final List<Restriction> endOfData;
    private final Restrictions restrictions;
    private final Addressees addressees;
    private final boolean delayReject;
    private final boolean relayFirst;
    private final boolean checkRecipients;
    private final boolean checkSenders;

    /// @param ours the addresses of this machine
    /// @throws FatalException nothing in the lists would keep strangers from relaying
    Policy(Config config, Tables tables, Addressees addressees, Networks ours, Supplier<Dns> dns) {
        this.addressees = addressees;
        restrictions =
                new Restrictions(
                        config,
                        tables,
                        addressees,
                        new AccessTables(config, tables, addressees),
                        ours,
                        new DomainChecks(config, addressees, dns));
        var lists = new RestrictionList(restrictions, config);
        client = lists.read(config.get(SmtpdParams.SMTPD_CLIENT_RESTRICTIONS), Subject.Kind.CLIENT);
        helo = lists.read(config.get(SmtpdParams.SMTPD_HELO_RESTRICTIONS), Subject.Kind.HELO);
        sender = lists.read(config.get(SmtpdParams.SMTPD_SENDER_RESTRICTIONS), Subject.Kind.SENDER);
        relay =
                lists.read(
                        config.get(SmtpdParams.SMTPD_RELAY_RESTRICTIONS), Subject.Kind.RECIPIENT);
        recipient =
                lists.read(
                        config.get(SmtpdParams.SMTPD_RECIPIENT_RESTRICTIONS),
                        Subject.Kind.RECIPIENT);
        data = lists.read(config.get(SmtpdParams.SMTPD_DATA_RESTRICTIONS), Subject.Kind.DATA);
        endOfData =
                lists.read(
                        config.get(SmtpdParams.SMTPD_END_OF_DATA_RESTRICTIONS),
                        Subject.Kind.END_OF_DATA);
        delayReject = config.get(SmtpdParams.SMTPD_DELAY_REJECT);
        relayFirst = config.get(SmtpdParams.SMTPD_RELAY_BEFORE_RECIPIENT_RESTRICTIONS);
        checkRecipients = config.get(SmtpdParams.SMTPD_REJECT_UNLISTED_RECIPIENT);
        checkSenders = config.get(SmtpdParams.SMTPD_REJECT_UNLISTED_SENDER);
        RelaySafety.problem(config).ifPresent(Policy::refuse);
    }

    private static void refuse(String problem) {
        throw new FatalException(problem);
    }

    /// At connection; has no opinion with `smtpd_delay_reject`.
    Verdict connect(Evaluation e) {
        return delayReject ? Verdict.DUNNO : e.conclude(e.ask(client, Subject.Kind.CLIENT));
    }

    /// At HELO and EHLO; has no opinion with `smtpd_delay_reject`.
    Verdict helo(Evaluation e) {
        return delayReject ? Verdict.DUNNO : e.conclude(e.ask(helo, Subject.Kind.HELO));
    }

    /// At MAIL; has no opinion with `smtpd_delay_reject`.
    Verdict mail(Evaluation e) {
        return delayReject ? Verdict.DUNNO : e.conclude(senderLists(e));
    }

    private Verdict senderLists(Evaluation e) {
        Verdict verdict = e.ask(sender, Subject.Kind.SENDER);
        return !(verdict instanceof Verdict.Refuse) && checkSenders
                ? e.ask(List.of((ev, _) -> restrictions.unlistedSender(ev)), Subject.Kind.SENDER)
                : verdict;
    }

    /// At RCPT and VRFY.
    Verdict recipient(Evaluation e) {
        Address mailbox = e.facts().recipient();
        if (mailbox != null
                && mailbox.domain().isEmpty()
                && mailbox.localPart().equalsIgnoreCase("postmaster")) {
            return Verdict.PERMIT; // RFC 5321, 4.5.1: always
        }
        return e.conclude(recipientLists(e));
    }

    private Verdict recipientLists(Evaluation e) {
        Verdict verdict = Verdict.DUNNO;
        if (delayReject) {
            verdict = e.ask(client, Subject.Kind.CLIENT);
            if (!(verdict instanceof Verdict.Refuse)) {
                verdict = e.ask(helo, Subject.Kind.HELO);
            }
            if (!(verdict instanceof Verdict.Refuse)) {
                verdict = senderLists(e);
            }
        }
        if (!(verdict instanceof Verdict.Refuse)) {
            verdict = e.ask(relayFirst ? relay : recipient, Subject.Kind.RECIPIENT);
        }
        if (!(verdict instanceof Verdict.Refuse)) {
            verdict = e.ask(relayFirst ? recipient : relay, Subject.Kind.RECIPIENT);
        }
        if (!(verdict instanceof Verdict.Refuse) && checkRecipients) {
            verdict = e.ask(List.of(this::unlisted), Subject.Kind.RECIPIENT);
        }
        return verdict;
    }

    private Verdict unlisted(Evaluation e, Subject unused) throws TableException {
        return restrictions.unlistedRecipient(e);
    }

    Verdict data(Evaluation e) {
        return e.conclude(e.ask(data, Subject.Kind.DATA));
    }

    Verdict endOfData(Evaluation e) {
        return e.conclude(e.ask(endOfData, Subject.Kind.END_OF_DATA));
    }

    /// Whether nobody needs to be asked at the end of the content.
    boolean hasNoEndOfData() {
        return endOfData.isEmpty();
    }

    /// Whether an address, rewritten, is one at all; the null sender is.
    boolean isAddress(Address mailbox) {
        return mailbox.isNull() || addressees.isValid(mailbox);
    }

    /// The reply of a refusal; null if the verdict is none.
    static @Nullable Reply refusal(Verdict v) {
        return v instanceof Verdict.Refuse(Reply reply) ? reply : null;
    }
}
