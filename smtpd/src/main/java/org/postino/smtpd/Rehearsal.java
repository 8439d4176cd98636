// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.log.Trace;
import org.postino.server.Daemon;
import org.postino.smtp.Command;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.SmtpStage;
import org.postino.smtp.Verb;
import org.postino.suite.SmtpdParams;
import org.slf4j.LoggerFactory;

/// A session that nobody holds: the client's commands are judged as they would be, and no message begins.
///
/// Tables, name servers and policy servers are asked in earnest, milters where that is wished, and anvil without counting anything. Named are those who
/// would see the message: scanners, and the filter before the queue. Rates of clients are known to the daemon alone. The session ends with the first refusal that would end it, or that refuses the only recipient.
final class Rehearsal {
    /// The client and what it would say.
    ///
    /// @param client the address and port
    /// @param name confirmed by the DNS; null: it is looked up
    /// @param helo null: there is no greeting
    /// @param user who has logged in; null: nobody
    /// @param tls true if the session is encrypted
    record Script(
            InetSocketAddress client,
            @Nullable String name,
            @Nullable String helo,
            String sender,
            List<String> recipients,
            @Nullable String user,
            boolean tls) {}

    private final Script script;
    private final StepWriter out;
    private final String filter;
    private final Services services;
    private final SessionState state;
    private final Inspectors inspectors;
    private final EnvelopeCommands envelope;
    private final CommandOrder order;
    private final SessionLog log;

    /// @param service the row of master.cf
    Rehearsal(Config config, String service, Script script, StepWriter out) {
        this.script = script;
        this.out = out;
        services = Smtpd.services(new Alone(config, service), config, NoMessage::of, null, out);
        state = new SessionState(client(), null, Trace.NONE);
        log = new SessionLog(LoggerFactory.getLogger("smtpd"), state);
        filter = config.get(SmtpdParams.SMTPD_PROXY_FILTER);
        order = new CommandOrder(services, state);
        inspectors = new Inspectors(services.inspectors(), state, log);
        envelope =
                new EnvelopeCommands(
                        services, state, log, inspectors, new EventRates(services, state, log));
    }

    private Client client() {
        Client found =
                script.name() == null
                        ? services.client(script.client().getAddress(), script.client().getPort())
                        : new Client(
                                ClientName.confirmed(script.name()),
                                script.client().getAddress(),
                                script.client().getPort(),
                                false);
        out.command("connect from " + found);
        return found;
    }

    void run() {
        try {
            converse();
        } finally {
            state.endTransaction();
            inspectors.close();
        }
    }

    private void converse() {
        rate(ClientLimits.Event.CONNECTION);
        Reply denied = inspectors.client(SmtpStage.CONNECT, SmtpStage.CONNECT.word());
        if (!passes(denied, Reply.plain(220, services.settings().banner()))) {
            return;
        }
        state.secured = script.tls();
        if (script.tls()) {
            rate(ClientLimits.Event.NEW_TLS_SESSION);
        }
        String user = script.user();
        if (user != null) {
            state.login = new Login("PLAIN", user);
            rate(ClientLimits.Event.AUTH);
        }
        String helo = script.helo();
        if (helo != null) {
            out.command("EHLO " + helo);
            state.helo = helo;
            state.esmtp = true;
            Reply refusal = inspectors.client(SmtpStage.HELO, "EHLO");
            if (!passes(refusal, Reply.plain(250, services.settings().hostname()))) {
                return;
            }
        }
        if (mail() && recipients()) {
            end();
        }
    }

    private boolean mail() {
        String line = "MAIL FROM:<" + script.sender() + ">";
        out.command(line);
        Reply early = order.problem(Verb.MAIL);
        if (early == null) {
            rate(ClientLimits.Event.MESSAGE);
        }
        Reply reply =
                early != null
                        ? early
                        : switch (parsed(line)) {
                            case Command.Mail mail -> envelope.mail(mail);
                            case Command.Bad(_, var bad) -> bad;
                            default -> Replies.BAD_SYNTAX;
                        };
        say(reply);
        return reply.isPositive();
    }

    /// Says that something would count for the client, if there is a limit.
    private void rate(ClientLimits.Event event) {
        InetAddress address = script.client().getAddress();
        long limit = services.limits().limit(event, address);
        if (limit > 0) {
            out.note(
                    event.words()
                            + " rate: would count for "
                            + Client.text(address)
                            + ", limit "
                            + limit);
        }
    }

    private void say(Reply reply) {
        out.reply(services.style().shown(reply, () -> state.facts(null), log));
    }

    private Command parsed(String line) {
        var sent = new ClientChannel.Line(line.getBytes(StandardCharsets.UTF_8), false, false);
        var instead = services.commandFilter().apply(sent, log::replaced, log::warning);
        if (instead == null) {
            Reply end = Replies.internalError(services.settings().hostname());
            return new Command.Bad(Verb.UNKNOWN, end);
        }
        return Command.parse(instead.text(), services.settings().strictPaths());
    }

    private boolean recipients() {
        Transaction transaction = state.transaction;
        boolean accepted = false;
        for (String recipient : script.recipients()) {
            String line = "RCPT TO:<" + recipient + ">";
            out.command(line);
            rate(ClientLimits.Event.RECIPIENT);
            Reply reply =
                    switch (parsed(line)) {
                        case Command.Rcpt rcpt when transaction != null ->
                                envelope.rcpt(rcpt, transaction);
                        case Command.Bad(_, var bad) -> bad;
                        default -> Replies.BAD_SYNTAX;
                    };
            say(reply);
            accepted |= reply.isPositive();
            if (reply.code() == 421 || reply.code() == 521) {
                return false;
            }
        }
        return accepted;
    }

    private void end() {
        Transaction transaction = state.transaction;
        if (transaction == null) {
            return;
        }
        out.command("DATA");
        Reply refusal = inspectors.message(SmtpStage.DATA, "DATA", transaction);
        if (!passes(refusal, Replies.START_DATA)) {
            return;
        }
        out.command("end of the message");
        SmtpStage end = SmtpStage.END_OF_MESSAGE;
        Reply last = inspectors.message(end, end.word(), transaction);
        if (last == null && !filter.isEmpty()) {
            out.note("the filter before the queue, " + filter + ", would answer in our place");
        }
        passes(last, Replies.queued(transaction.queueIdText()));
    }

    /// Prints the reply, and tells if the session goes on.
    private boolean passes(@Nullable Reply refusal, Reply otherwise) {
        say(refusal == null ? otherwise : refusal);
        return refusal == null;
    }

    /// The parts of a daemon that a session without master has.
    private record Alone(Config config, String service) implements Daemon {
        @Override
        public List<String> arguments() {
            return List.of();
        }

        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }

        @Override
        public Path queueDirectory() {
            return config.get(MainParams.QUEUE_DIRECTORY);
        }

        @Override
        public boolean draining() {
            return false;
        }

        @Override
        public void onDrain(Runnable r) {}

        @Override
        public void onWakeup(Runnable r) {}

        @Override
        public Work working() {
            return () -> {};
        }
    }
}
