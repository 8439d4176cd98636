// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.queue.CleanupClient;
import org.postino.queue.Envelope;
import org.postino.smtp.Command;
import org.postino.smtp.MailParameters;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.SmtpStage;
import org.postino.table.TableException;
import org.postino.util.Printable;

/// The commands MAIL and RCPT, which make the envelope of a message, and VRFY and EXPN, which ask about addresses.
final class EnvelopeCommands {
    private final Services services;
    private final Settings settings;
    private final SessionState state;
    private final SessionLog log;
    private final Inspectors inspectors;
    private final EventRates rates;

    /// The reason for which the last message could not begin.
    private Reply openProblem = Replies.QUEUE_WRITE_ERROR;

    EnvelopeCommands(
            Services services,
            SessionState state,
            SessionLog log,
            Inspectors inspectors,
            EventRates rates) {
        this.inspectors = inspectors;
        this.rates = rates;
        this.services = services;
        this.settings = services.settings();
        this.state = state;
        this.log = log;
    }

    Reply mail(Command.Mail command) {
        if (rates.isExceeded(ClientLimits.Event.MESSAGE)) {
            return Replies.tooMuchMail(state.client.addressText());
        }
        Address sender = command.sender();
        if (!settings.utf8() && (!sender.isAscii() || command.parameters().smtputf8())) {
            return command.parameters().smtputf8()
                    ? Replies.unsupportedOption("SMTPUTF8")
                    : Replies.BAD_SENDER;
        }
        if (command.parameters().requireTls() && !(state.secured && settings.requireTls())) {
            return Replies.unsupportedOption("REQUIRETLS"); // RFC 8689, 2
        }
        if (!services.addresses().isValid(sender)) {
            log.badAddress("MAIL", sender.path());
            return Replies.BAD_SENDER;
        }
        var transaction = new Transaction(sender, command.parameters(), state.standing.copy());
        state.transaction = transaction;
        Reply refusal = sizeProblem(command.parameters().size());
        if (refusal != null) {
            log.reject("MAIL", refusal, state.facts(null));
        } else {
            refusal = inspectors.message(SmtpStage.MAIL, "MAIL", transaction);
        }
        if (refusal != null) {
            state.endTransaction();
            return refusal;
        }
        transaction.instance = state.nextInstance();
        return Replies.SENDER_OK;
    }

    private @Nullable Reply sizeProblem(long size) {
        if (size == Long.MAX_VALUE) {
            return Replies.SIZE_IMPOSSIBLE;
        }
        if (settings.messageLimit() > 0 && size > settings.messageLimit()) {
            return Replies.SIZE_EXCEEDED;
        }
        Optional<String> shortage = services.space().shortage(Math.max(size, 0));
        shortage.ifPresent(log::warning);
        return shortage.isEmpty() ? null : Replies.NO_SPACE;
    }

    Reply rcpt(Command.Rcpt command, Transaction transaction) {
        if (transaction.isFull(settings.recipientLimit())) {
            transaction.overshoot++;
            return Replies.TOO_MANY_RECIPIENTS;
        }
        if (rates.isExceeded(ClientLimits.Event.RECIPIENT)) {
            return Replies.tooManyRecipientsFrom(state.client.addressText());
        }
        Address recipient = command.recipient();
        if (!recipient.isAscii() && !transaction.parameters().smtputf8()) {
            return Replies.RECIPIENT_NEEDS_SMTPUTF8;
        }
        if (!services.addresses().isValid(recipient)) {
            log.badAddress("RCPT", recipient.path());
            return Replies.BAD_RECIPIENT;
        }
        Reply refusal =
                inspectors.recipient(
                        "RCPT", recipient, command.parameters().print(), transaction.disposition());
        if (refusal != null) {
            return refusal;
        }
        Handover handover = transaction.handover();
        if (handover == null) {
            handover = open(transaction);
            if (handover == null) {
                return openProblem;
            }
        }
        refusal = handover.recipient(command);
        if (refusal != null) {
            return refusal;
        }
        transaction.add(new Transaction.Accepted(recipient, command.parameters()));
        return Replies.RECIPIENT_OK;
    }

    /// Some recipients too many are no offence: the client sends them in another transaction.
    boolean isOvershoot(Reply reply) {
        Transaction t = state.transaction;
        return reply.equals(Replies.TOO_MANY_RECIPIENTS)
                && t != null
                && t.overshoot <= settings.recipientOvershoot();
    }

    Reply vrfy(Command.Vrfy command) {
        if (!services.addresses().isValid(command.mailbox())) {
            log.badAddress("VRFY", command.mailbox().path());
            return Replies.BAD_RECIPIENT;
        }
        Reply refusal = inspectors.recipient("VRFY", command.mailbox(), "", new Disposition());
        return refusal != null
                ? refusal
                : Replies.verified(Printable.text(command.mailbox().toString()));
    }

    Reply expn(Command.Expn command) {
        try {
            if (!services.aliases().serves(state.client)) {
                return Replies.NOT_IMPLEMENTED;
            }
            if (!services.addresses().isValid(command.mailbox())) {
                log.badAddress("EXPN", command.mailbox().path());
                return Replies.BAD_RECIPIENT;
            }
            Reply refusal = inspectors.recipient("EXPN", command.mailbox(), "", new Disposition());
            return refusal != null ? refusal : services.aliases().reply(command.mailbox());
        } catch (TableException e) {
            log.warning(String.valueOf(e.getMessage()));
            return StandardRefusals.LOOKUP_FAILURE;
        }
    }

    /// Begins the message, at cleanup or at the filter before it; null if that cannot be done, and `openProblem` says why.
    private @Nullable Handover open(Transaction transaction) {
        Handover handover = begin(transaction);
        if (handover != null) {
            transaction.opened(handover);
            log.client(
                    handover.queueIdText(),
                    state.login,
                    state.login == null ? null : transaction.saslSender(),
                    state.forwarded);
        }
        return handover;
    }

    private @Nullable Handover begin(Transaction transaction) {
        Envelope envelope = envelope(transaction);
        ProxyFilter filter = services.filter();
        if (filter != null) {
            var mail = new Command.Mail(transaction.sender(), transaction.parameters());
            var handover =
                    new FilterHandover(
                            filter, log, envelope.attributes(), mail, state.forwarded != null);
            Reply problem = handover.open();
            openProblem = problem == null ? Replies.QUEUE_WRITE_ERROR : problem;
            return problem == null ? handover : null;
        }
        try {
            return new CleanupHandover(
                    services.queue().open(envelope), settings.contentFilter(), log);
        } catch (CleanupClient.RefusedException e) {
            log.warning("cleanup refuses a message: " + e.getMessage());
            openProblem = e.result().reply();
            return null;
        } catch (IOException e) {
            log.warning("cannot reach cleanup: " + e.getMessage());
            openProblem = Replies.QUEUE_WRITE_ERROR;
            return null;
        }
    }

    private Envelope envelope(Transaction transaction) {
        var parameters = transaction.parameters();
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put(Envelope.CLIENT_NAME, state.client.name());
        attributes.put(Envelope.CLIENT_ADDRESS, state.client.addressText());
        attributes.put(Envelope.CLIENT_PORT, Integer.toString(state.client.port()));
        attributes.put(Envelope.PROTOCOL_NAME, state.protocol());
        put(attributes, Envelope.HELO_NAME, state.helo);
        var login = state.login;
        if (login != null) {
            attributes.put(Envelope.SASL_METHOD, login.method());
            attributes.put(Envelope.SASL_USERNAME, login.user());
            put(attributes, Envelope.SASL_SENDER, transaction.saslSender());
        }
        var body = parameters.body();
        if (body != null) {
            boolean eight = body == MailParameters.Body.EIGHTBITMIME;
            attributes.put(Envelope.ENCODING, eight ? "8bit" : "7bit");
        }
        if (parameters.smtputf8()) {
            attributes.put(Envelope.SMTPUTF8, Envelope.YES);
        }
        if (parameters.requireTls()) {
            attributes.put(Envelope.REQUIRETLS, Envelope.YES);
        }
        put(attributes, Envelope.ENVID, parameters.envid());
        var ret = parameters.ret();
        put(attributes, Envelope.RET, ret == null ? null : ret.name());
        var forwarded = state.forwarded;
        if (forwarded != null) {
            forwarded.addTo(attributes);
        }
        Boolean local = forwarded == null ? null : forwarded.isLocal();
        if (local == null ? isOurs() : local) {
            attributes.put(Envelope.REWRITE, Envelope.LOCAL);
        }
        return new Envelope(
                transaction.sender().toString(),
                services.clock().instant(),
                state.trace,
                attributes);
    }

    private static void put(Map<String, String> attributes, String name, @Nullable String value) {
        if (value != null) {
            attributes.put(name, value);
        }
    }

    /// True if the client is one of our own, so that we may complete its header fields.
    private boolean isOurs() {
        try {
            return services.localClients()
                    .contains(state.client.address(), state.login != null, state.tls);
        } catch (TableException e) {
            return false;
        }
    }
}
