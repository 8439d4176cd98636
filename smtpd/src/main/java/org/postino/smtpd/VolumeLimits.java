// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.Param;
import org.postino.routing.Networks;
import org.postino.smtp.Reply;
import org.postino.suite.SmtpdParams;
import org.postino.table.MatchList;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.util.ClientNetwork;
import org.postino.util.Printable;

/// Bounds what a user, or a client that has not logged in, may send in an hour and a day. Safe for use by several threads.
///
/// It is asked last, so that what others refuse does not count. [AnvilUsage] has the counts, for all rows; while anvil does not answer nothing is
/// too much.
final class VolumeLimits implements Inspector.Source {
    private final AnvilClient anvil;
    private final PostmasterNotice notice;
    private final @Nullable Steps steps;
    private final List<Long> userLimits;
    private final List<Long> clientLimits;
    private final boolean holdsUsers;
    private final boolean holdsClients;
    private final MatchList freeUsers;
    private final Networks freeClients;

    /// The user or client who sends, and the rules for it.
    private record Sender(String key, String name, List<Long> limits, boolean holds) {}

    /// @param steps hears what would count, and nothing does then; null: nobody does
    VolumeLimits(
            Config config,
            Tables tables,
            AnvilClient anvil,
            PostmasterNotice notice,
            @Nullable Steps steps) {
        this.anvil = anvil;
        this.notice = notice;
        this.steps = steps;
        userLimits = limits(config, SmtpdParams.SMTPD_USER_VOLUME_LIMITS);
        clientLimits = limits(config, SmtpdParams.SMTPD_CLIENT_VOLUME_LIMITS);
        holdsUsers = config.get(SmtpdParams.SMTPD_USER_VOLUME_LIMIT_ACTION).equals("hold");
        holdsClients = config.get(SmtpdParams.SMTPD_CLIENT_VOLUME_LIMIT_ACTION).equals("hold");
        freeUsers =
                MatchList.strings(
                        config.get(SmtpdParams.SMTPD_USER_VOLUME_LIMIT_EXCEPTIONS), tables);
        freeClients =
                Networks.of(config.get(SmtpdParams.SMTPD_CLIENT_VOLUME_LIMIT_EXCEPTIONS), tables);
    }

    /// True if main.cf sets a limit.
    static boolean areSet(Config config) {
        return !config.get(SmtpdParams.SMTPD_USER_VOLUME_LIMITS).isEmpty()
                || !config.get(SmtpdParams.SMTPD_CLIENT_VOLUME_LIMITS).isEmpty();
    }

    private static List<Long> limits(Config config, Param<List<String>> param) {
        var limits = new ArrayList<Long>();
        for (String word : AnvilUsage.WORDS) {
            long limit = 0;
            for (String item : config.get(param)) {
                if (item.startsWith(word + "=")) {
                    limit = Long.parseLong(item.substring(word.length() + 1));
                }
            }
            limits.add(limit);
        }
        return List.copyOf(limits);
    }

    @Override
    public Inspector open(Client client, SessionLog log) {
        return this::inspect;
    }

    private void inspect(Inspection at) {
        switch (at.stage()) {
            case MAIL -> beforehand(at);
            case END_OF_MESSAGE -> count(at);
            case CONNECT, HELO, ETRN, RCPT, DATA, END_OF_HEADER -> {}
        }
    }

    /// Spares the content of a message that will be refused.
    private void beforehand(Inspection at) {
        Sender sender = sender(at);
        if (sender == null || sender.holds()) {
            return;
        }
        Optional<AnvilUsage.Verdict> verdict = anvil.count(message(sender, 1, 0, true));
        if (!isOver(verdict)) {
            return;
        }
        if (steps == null) {
            anvil.count(message(sender, 1, 0, false)).ifPresent(v -> tell(at, sender, v));
        } else {
            explain(steps, sender, verdict);
        }
        refuse(at, sender);
    }

    private static boolean isOver(Optional<AnvilUsage.Verdict> verdict) {
        return verdict.isPresent() && !verdict.get().over().isEmpty();
    }

    private void count(Inspection at) {
        Sender sender = sender(at);
        if (sender == null || at.isDiscarded()) {
            return;
        }
        Facts facts = at.facts();
        Optional<AnvilUsage.Verdict> verdict =
                anvil.count(
                        message(sender, facts.recipients(), facts.message().size(), steps != null));
        if (steps != null) {
            explain(steps, sender, verdict);
        }
        if (!isOver(verdict)) {
            return;
        }
        tell(at, sender, verdict.get());
        if (sender.holds()) {
            at.act(new Action.Hold(Printable.text(text(sender, verdict.get()))));
        } else {
            refuse(at, sender);
        }
    }

    private static void explain(Steps steps, Sender sender, Optional<AnvilUsage.Verdict> verdict) {
        steps.remembered(
                "volume of " + sender.name(),
                verdict.isEmpty()
                        ? "no answer"
                        : isOver(verdict) ? text(sender, verdict.get()) : "would count");
    }

    private static String text(Sender sender, AnvilUsage.Verdict verdict) {
        return "volume limit exceeded: "
                + verdict.count()
                + " "
                + verdict.over()
                + " of "
                + sender.limits().get(AnvilUsage.WORDS.indexOf(verdict.over()))
                + " from "
                + sender.name();
    }

    /// Tells the log and the postmaster, once a day.
    private void tell(Inspection at, Sender sender, AnvilUsage.Verdict verdict) {
        if (verdict.first() && steps == null) {
            String text = text(sender, verdict);
            at.warning(Printable.text(text));
            notice.send(sender.name(), text, sender.holds());
        }
    }

    private static void refuse(Inspection at, Sender sender) {
        String text = "Error: too much mail from " + Printable.text(sender.name());
        at.act(new Action.Refuse(Reply.of(450, 4, 7, 1, text)));
    }

    private static AnvilUsage.Message message(
            Sender sender, long recipients, long bytes, boolean only) {
        return new AnvilUsage.Message(
                sender.key(), recipients, bytes, sender.limits(), sender.holds(), only);
    }

    /// The user, or the client if nobody has logged in; null if there are no limits for them.
    private @Nullable Sender sender(Inspection at) {
        Login login = at.facts().login();
        InetAddress client = at.facts().client().address();
        try {
            if (login != null) {
                String user = login.user().toLowerCase(Locale.ROOT);
                return areNone(userLimits) || freeUsers.matches(user)
                        ? null
                        : new Sender("user " + user, "user " + user, userLimits, holdsUsers);
            }
            if (client == null
                    || areNone(clientLimits)
                    || freeClients.contains(at.facts().client().name(), client)) {
                return null;
            }
            String network = ClientNetwork.of(client);
            return new Sender("client " + network, network, clientLimits, holdsClients);
        } catch (TableException e) {
            at.warning(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static boolean areNone(List<Long> limits) {
        return limits.stream().allMatch(limit -> limit == 0);
    }
}
