// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.content.LookupException;
import org.postino.queue.DeliveryJob;
import org.postino.queue.Recipient;
import org.postino.smtp.Command;
import org.postino.smtp.Delivery;
import org.postino.smtp.DotWriter;
import org.postino.smtp.Dsn;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.Reply;
import org.postino.table.TableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One message over one session: MAIL, RCPT for each recipient, DATA, and the result for each (RFC 5321, 3.3; RFC 2920; RFC
/// 2033).
final class Transaction {
    private static final Logger LOG = LoggerFactory.getLogger("smtp");
    private static final int GROUP = 100;
    private static final int CHUNK = 32 * 1024;
    private static final String XFORWARD = "sending XFORWARD name/address";
    private static final String END_OF_DATA =
            "sending end of data -- message may be sent more than once";

    private final Session session;
    private final Settings settings;
    private final ContentRules rules;
    private final DeliveryJob job;
    private final List<Recipient> recipients;
    private final EnvelopeCommands commands;
    private final Map<Recipient, Delivery> sent = new LinkedHashMap<>();
    private final Map<Recipient, Failure> failed = new LinkedHashMap<>();
    private final List<Recipient> accepted = new ArrayList<>();
    private boolean mailAccepted;
    private boolean usable = true;
    private boolean uncertain;
    private boolean begun;

    Transaction(
            Session session,
            Settings settings,
            ContentRules rules,
            DeliveryJob job,
            List<Recipient> recipients,
            boolean requireTls) {
        this.session = session;
        this.settings = settings;
        this.rules = rules;
        this.job = job;
        this.recipients = List.copyOf(recipients);
        this.commands = new EnvelopeCommands(session, job, requireTls, rules);
    }

    /// Returns the recipients for whom the server took the message.
    Map<Recipient, Delivery> sent() {
        return sent;
    }

    /// Returns all other recipients, with the reason of each.
    Map<Recipient, Failure> failed() {
        return failed;
    }

    /// True if the session may be used again.
    boolean usable() {
        return usable;
    }

    /// True once the end of the message was sent. If the connection is lost after that, the server may have taken the message, so
    /// no other host may be tried.
    boolean uncertain() {
        return uncertain;
    }

    /// True if the server has replied to MAIL, other than with 421. Otherwise the session had ended before this message began.
    boolean begun() {
        return begun;
    }

    void run() {
        Failure unfit;
        try {
            commands.mapAddresses();
            unfit = commands.unfit();
        } catch (TableException e) {
            unfit = Failure.of("4.3.0", "lookup failed: " + e.getMessage());
        }
        if (unfit != null) {
            failRest(unfit);
            return;
        }
        session.use();
        try {
            reset();
            if (job.request().isProbe()) {
                probe();
            } else if (envelope()) {
                content();
            }
        } catch (Wire.BrokenException e) {
            usable = false;
            failRest(e.failure());
        }
    }

    private void reset() throws Wire.BrokenException {
        if (session.isTransactionOpen()) {
            Reply reply =
                    session.wire().command("RSET", settings.timeouts().rset(), "sending RSET");
            if (!reply.isPositive()) {
                throw new Wire.BrokenException(
                        said(reply, "RSET command").temporary(), new IOException("RSET"));
            }
        }
        session.transactionOpen(true);
    }

    /// Sends the envelope and DATA; false if the server does not want the content.
    private boolean envelope() throws Wire.BrokenException {
        Wire wire = session.wire();
        boolean pipelining = session.features().has("PIPELINING");
        List<Command> xforward = settings.xforward() ? commands.xforward() : List.of();
        for (Command command : xforward) {
            wire.send(command.print(), XFORWARD);
            if (!pipelining) {
                xforwardReply();
            }
        }
        wire.send(commands.mail(), "sending MAIL FROM");
        if (!pipelining && !mailReply()) {
            return false;
        }
        int group = pipelining ? GROUP : 1;
        for (int from = 0; from < recipients.size(); from += group) {
            int to = Math.min(recipients.size(), from + group);
            for (Recipient r : recipients.subList(from, to)) {
                wire.send(commands.rcpt(r), "sending RCPT TO");
            }
            if (pipelining && to == recipients.size()) {
                wire.send("DATA", "sending DATA command");
            }
            if (pipelining && from == 0) {
                for (int i = 0; i < xforward.size(); i++) {
                    xforwardReply();
                }
                mailReply();
            }
            for (Recipient r : recipients.subList(from, to)) {
                rcptReply(r);
            }
        }
        if (!pipelining) {
            if (accepted.isEmpty()) {
                return false;
            }
            wire.send("DATA", "sending DATA command");
        }
        return dataReply();
    }

    /// Offers the message and does not send it: what the server says to the recipients is the result. It is asked without sending ahead, since
    /// DATA must not follow.
    private void probe() throws Wire.BrokenException {
        Wire wire = session.wire();
        wire.send(commands.mail(), "sending MAIL FROM");
        if (!mailReply()) {
            return;
        }
        for (Recipient r : recipients) {
            wire.send(commands.rcpt(r), "sending RCPT TO");
            Reply reply = rcptReply(r);
            if (reply.code() / 100 == 2) {
                sent.put(r, new Delivery.Sent(taken(reply), Delivery.Goal.RELAYED));
            }
        }
        if (settings.probesData() && !accepted.isEmpty()) {
            probeData(wire);
        } else {
            reset();
            session.transactionOpen(false);
        }
    }

    /// Asks for leave to send the content, and ends the session when it is given: there is no other way back.
    private void probeData(Wire wire) throws Wire.BrokenException {
        wire.send("DATA", "sending DATA command");
        Reply reply = wire.reply(settings.timeouts().dataInit(), "sending DATA command");
        checkStanding(reply, "DATA command");
        usable = reply.code() / 100 != 3;
        for (Recipient r : List.copyOf(accepted)) {
            if (usable) {
                sent.remove(r);
                failed.put(r, said(reply, "DATA command"));
            } else {
                sent.put(r, new Delivery.Sent(taken(reply), Delivery.Goal.RELAYED));
            }
        }
    }

    /// A server that does not want to know of the client takes its message all the same.
    private void xforwardReply() throws Wire.BrokenException {
        Reply reply = session.wire().reply(settings.timeouts().xforward(), XFORWARD);
        checkStanding(reply, "XFORWARD command");
        if (reply.code() / 100 != 2) {
            LOG.warn("{}", said(reply, "XFORWARD command").dsn().reason());
        }
    }

    private boolean mailReply() throws Wire.BrokenException {
        Reply reply = session.wire().reply(settings.timeouts().mail(), "sending MAIL FROM");
        checkStanding(reply, "MAIL FROM command");
        begun = true;
        mailAccepted = reply.code() / 100 == 2;
        if (!mailAccepted) {
            failRest(said(reply, "MAIL FROM command"));
        }
        return mailAccepted;
    }

    private Reply rcptReply(Recipient r) throws Wire.BrokenException {
        Reply reply = session.wire().reply(settings.timeouts().rcpt(), "sending RCPT TO");
        checkStanding(reply, "RCPT TO command");
        if (!mailAccepted) {
            return reply;
        }
        if (reply.code() / 100 == 2) {
            accepted.add(r);
            return reply;
        }
        Failure failure = said(reply, "RCPT TO command");
        // RFC 5321, 4.5.3.1.10: 552 means "too many recipients" to old servers.
        failed.put(r, reply.code() == 552 ? failure.temporary() : failure);
        return reply;
    }

    private boolean dataReply() throws Wire.BrokenException {
        Wire wire = session.wire();
        Reply reply = wire.reply(settings.timeouts().dataInit(), "sending DATA command");
        checkStanding(reply, "DATA command");
        if (reply.code() == 354 && accepted.isEmpty()) {
            // RFC 2920, 3.1: it asks for content although it has no recipient.
            wire.command(".", settings.timeouts().dataDone(), "sending end of data");
            session.transactionOpen(false);
            return false;
        }
        if (reply.code() != 354 && !accepted.isEmpty()) {
            failRest(said(reply, "DATA command"));
        }
        return reply.code() == 354;
    }

    private void content() throws Wire.BrokenException {
        Wire wire = session.wire();
        var dots = new DotWriter(wire.out(), settings.lineLimit());
        try (var guard = new ProgressGuard(settings.timeouts().dataTransfer(), wire::abort);
                InputStream in = job.message().content()) {
            var changed =
                    rules.isEmpty()
                            ? null
                            : new OutgoingContent(rules, job.request().id().text(), dots);
            MimeDowngrade downgrade = null;
            try {
                downgrade = downgrade(changed == null ? dots : changed);
            } catch (IOException e) {
                unreadable(e, wire);
                return;
            }
            OutputStream first = downgrade != null ? downgrade : changed != null ? changed : dots;
            if (!copy(in, first, guard, wire)) {
                return;
            }
            if (downgrade != null) {
                downgrade.finish();
            }
            if (changed != null) {
                changed.finish();
            }
            uncertain = true;
            try {
                dots.finish();
                dots.flush();
            } catch (IOException e) {
                throw wire.broken(e, END_OF_DATA);
            }
        } catch (Wire.BrokenException e) {
            throw e;
        } catch (LookupException e) {
            unchanged(e, wire);
            return;
        } catch (IOException e) {
            throw wire.broken(e, "sending message body");
        }
        finalReplies();
    }

    /// Makes the stream that turns the message into 7 bit for a server without 8BITMIME (RFC 6152, 3); null if none is needed.
    private @Nullable MimeDowngrade downgrade(OutputStream out) throws IOException {
        if (!settings.convertsMime()
                || session.features().has("8BITMIME")
                || !commands.isEightBit()) {
            return null;
        }
        try (InputStream in = job.message().content()) {
            return MimeDowngrade.of(in, out);
        }
    }

    private void unreadable(IOException e, Wire wire) {
        usable = false;
        wire.abort();
        failRest(Failure.of("4.3.0", "queue file read error: " + e.getMessage()));
    }

    /// Ends the session, as the message has begun and cannot go on as it is.
    private void unchanged(LookupException e, Wire wire) {
        usable = false;
        wire.abort();
        failRest(Failure.of("4.3.0", "lookup failed: " + e.getMessage()));
    }

    /// Copies the message; false if the queue file can't be read.
    private boolean copy(InputStream in, OutputStream out, ProgressGuard guard, Wire wire)
            throws Wire.BrokenException, LookupException {
        byte[] chunk = new byte[CHUNK];
        while (true) {
            int n;
            try {
                n = in.read(chunk, 0, chunk.length);
            } catch (IOException e) {
                unreadable(e, wire);
                return false;
            }
            if (n < 0) {
                return true;
            }
            try {
                out.write(chunk, 0, n);
            } catch (LookupException e) {
                throw e;
            } catch (IOException e) {
                throw wire.broken(e, "sending message body");
            }
            guard.progress();
        }
    }

    private void finalReplies() throws Wire.BrokenException {
        if (settings.lmtp()) {
            for (Recipient r : List.copyOf(accepted)) {
                settle(List.of(r), finalReply());
            }
        } else {
            settle(List.copyOf(accepted), finalReply());
        }
        session.transactionOpen(false);
    }

    private Reply finalReply() throws Wire.BrokenException {
        return session.wire().reply(settings.timeouts().dataDone(), END_OF_DATA);
    }

    private void settle(List<Recipient> those, Reply reply) {
        for (Recipient r : those) {
            if (reply.code() / 100 == 2) {
                sent.put(r, new Delivery.Sent(taken(reply), goal()));
            } else {
                failed.put(r, said(reply, "end of DATA command"));
            }
        }
        usable &= reply.code() != 421;
    }

    /// Returns how far a taken message has come. A server with DSN notifies the sender itself (RFC 3461, 5.2.2); an LMTP server
    /// without it has put the message into a mailbox.
    private Delivery.Goal goal() {
        return session.features().has("DSN")
                ? Delivery.Goal.PASSED_ON
                : settings.lmtp() ? Delivery.Goal.DELIVERED : Delivery.Goal.RELAYED;
    }

    private Dsn taken(Reply reply) {
        EnhancedStatus status = reply.status();
        return new Dsn(
                status == null ? new EnhancedStatus(2, 0, 0) : status,
                Failure.words(reply),
                session.target().host(),
                Failure.words(reply));
    }

    private Failure said(Reply reply, String command) {
        return Failure.replied(session.target(), "said", reply, command);
    }

    /// Ends the session at a reply of 421: with it the server closes the connection, whatever the command was.
    private void checkStanding(Reply reply, String command) throws Wire.BrokenException {
        if (reply.code() == 421) {
            throw new Wire.BrokenException(said(reply, command), new IOException("421"));
        }
    }

    private void failRest(Failure failure) {
        for (Recipient r : recipients) {
            if (!sent.containsKey(r)) {
                failed.putIfAbsent(r, failure);
            }
        }
    }
}
