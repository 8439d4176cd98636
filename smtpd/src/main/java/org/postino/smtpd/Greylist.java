// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.ValueException;
import org.postino.message.Address;
import org.postino.message.MailDate;
import org.postino.routing.Networks;
import org.postino.suite.DnsList;
import org.postino.suite.SmtpdParams;
import org.postino.table.MatchList;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.util.Cidr;

/// Defers recipients of clients that are not known yet, as most of those that send spam do not come again: the code of `check_greylist`. Safe for use by
/// several threads.
///
/// What is remembered is anvil's. Clients in `mynetworks`, those that have logged in, and those of the exceptions are not asked about; while
/// anvil does not answer, nobody is deferred.
final class Greylist {
    private static final String SECONDS = "$seconds";

    private final AnvilClient anvil;
    private final DnsLists dnsLists;
    private final Networks mynetworks;
    private final Networks clients;
    private final MatchList recipients;
    private final List<DnsList> trusted = new ArrayList<>();
    private final int bits4;
    private final int bits6;
    private final Duration delay;
    private final Duration window;
    private final Duration lifetime;
    private final long passes;
    private final String text;
    private final boolean header;
    private final String by;
    private final Clock clock;
    private final @Nullable Steps steps;

    /// @param steps hears what would be remembered, and nothing is then; null: nobody does
    Greylist(
            Config config,
            Tables tables,
            DnsLists dnsLists,
            AnvilClient anvil,
            Clock clock,
            @Nullable Steps steps) {
        this.clock = clock;
        this.steps = steps;
        this.anvil = anvil;
        this.dnsLists = dnsLists;
        mynetworks = Networks.mynetworks(config);
        clients = Networks.of(config.get(SmtpdParams.SMTPD_GREYLIST_CLIENT_EXCEPTIONS), tables);
        recipients =
                MatchList.strings(
                        config.get(SmtpdParams.SMTPD_GREYLIST_RECIPIENT_EXCEPTIONS), tables);
        for (String site : config.get(SmtpdParams.SMTPD_GREYLIST_DNSWL_SITES)) {
            try {
                trusted.add(DnsList.parse(site));
            } catch (ValueException e) {
                throw new IllegalStateException(e); // main.cf was checked
            }
        }
        bits4 = config.get(SmtpdParams.SMTPD_GREYLIST_IPV4_PREFIX_LENGTH).intValue();
        bits6 = config.get(SmtpdParams.SMTPD_GREYLIST_IPV6_PREFIX_LENGTH).intValue();
        delay = config.get(SmtpdParams.SMTPD_GREYLIST_DELAY);
        window = config.get(SmtpdParams.SMTPD_GREYLIST_RETRY_WINDOW);
        lifetime = config.get(SmtpdParams.SMTPD_GREYLIST_LIFETIME);
        passes = config.get(SmtpdParams.SMTPD_GREYLIST_AUTO_ALLOWLIST_CLIENTS);
        text = config.get(SmtpdParams.SMTPD_GREYLIST_TEXT);
        header = config.get(SmtpdParams.SMTPD_GREYLIST_HEADER_ENABLE);
        by = "postino at " + config.get(MainParams.MYHOSTNAME);
    }

    /// `check_greylist`.
    Verdict check(Evaluation e, Subject unused) throws TableException {
        Facts facts = e.facts();
        InetAddress client = facts.client().address();
        Address recipient = facts.recipient();
        if (client == null || recipient == null || isExempt(facts, client, recipient, e)) {
            return Verdict.DUNNO;
        }
        Address sender = facts.sender();
        var question =
                new AnvilGreylist.Question(
                        network(client),
                        sender == null ? "" : sender(sender),
                        recipient.toString().toLowerCase(Locale.ROOT),
                        delay,
                        window,
                        lifetime,
                        passes,
                        steps != null);
        Optional<AnvilGreylist.Answer> answer = anvil.greylist(question);
        if (steps != null) {
            explain(steps, question, answer);
        }
        if (answer.isEmpty()) {
            return Verdict.DUNNO;
        }
        if (answer.get().left() > 0) {
            String shown = text.replace(SECONDS, Long.toString(answer.get().left()));
            return Subject.of(Subject.Kind.RECIPIENT, facts).refuse(450, 2, 0, shown);
        }
        if (answer.get().delayed() > 0 && header) {
            return e.act(new Action.Prepend(field(answer.get().delayed())));
        }
        return Verdict.DUNNO;
    }

    private static void explain(
            Steps steps, AnvilGreylist.Question question, Optional<AnvilGreylist.Answer> answer) {
        steps.remembered(
                "greylist "
                        + question.network()
                        + " <"
                        + question.sender()
                        + "> <"
                        + question.recipient()
                        + ">",
                answer.map(Greylist::text).orElse("no answer"));
    }

    private static String text(AnvilGreylist.Answer answer) {
        if (answer.left() > 0) {
            return "must come again, in " + answer.left() + " seconds";
        }
        return answer.delayed() > 0
                ? "has come again, after " + answer.delayed() + " seconds"
                : "known";
    }

    private String field(long seconds) {
        String date = MailDate.print(clock.instant(), ZoneId.systemDefault());
        return "X-Greylist: delayed " + seconds + " seconds by " + by + "; " + date;
    }

    private boolean isExempt(Facts facts, InetAddress client, Address recipient, Evaluation e)
            throws TableException {
        String name = facts.client().name();
        return facts.login() != null
                || mynetworks.contains(name, client)
                || clients.contains(name, client)
                || isExempt(recipient)
                || trusted.stream().anyMatch(list -> dnsLists.isListed(e, list));
    }

    /// True if the address, its domain or a domain above is among the exceptions.
    private boolean isExempt(Address recipient) throws TableException {
        if (recipients.matches(recipient.toString())
                || recipients.matches(recipient.localPart() + "@")) {
            return true;
        }
        String domain = recipient.domain();
        while (!domain.isEmpty()) {
            if (recipients.matches(domain)) {
                return true;
            }
            int dot = domain.indexOf('.');
            domain = dot < 0 ? "" : domain.substring(dot + 1);
        }
        return false;
    }

    private String network(InetAddress client) {
        return Cidr.of(client, client instanceof Inet4Address ? bits4 : bits6).toString();
    }

    /// A sender without what changes with each message: an extension, and numbers, for which `#` stands.
    private static String sender(Address sender) {
        String local = sender.localPart();
        int plus = local.indexOf('+');
        String user = plus > 0 ? local.substring(0, plus) : local;
        return (user.replaceAll("[0-9]+", "#") + "@" + sender.domain()).toLowerCase(Locale.ROOT);
    }
}
