// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import org.postino.server.Connection;
import org.postino.smtp.Command;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.SmtpStage;
import org.postino.smtp.Verb;
import org.postino.tls.TlsException;
import org.postino.tls.TlsServer;

/// One client's session: reads commands, checks that they come at the right time, has them carried out, replies.
///
/// The session lives on one thread, from the greeting to the log's `disconnect` line. Its parts, and what they own:
///
/// | part | owns |
/// |---|---|
/// | [ClientChannel] | the connection: lines, content, replies, time limits, TLS |
/// | [SessionState] | who the client is, what it has said; the [Transaction] under way, if there is one |
/// | [Answers] | how commands end: the figures for the log, how much patience is left, whether the session is over |
/// | [ProtocolViolations], [CommandOrder] | refusals that need no knowledge of the command's arguments, in this order |
/// | [EnvelopeCommands], [ContentCommands], [EtrnCommand], [AuthCommand], [StartTls], [XforwardCommand], [XclientCommand] | one group of commands each |
/// | [Admission] | how the session begins |
/// | [Inspectors] | everybody who may object: the restrictions of main.cf first |
///
/// A transaction begins with MAIL and ends with its content, RSET, a new HELO or the connection; [Disposition] keeps what is to become of its
/// message. Cleanup gets a [org.postino.queue.Submission] at the first accepted recipient, and the message exists when cleanup has answered at
/// its end: until then, whatever ends the session leaves nothing behind. `250 queued` is said after that, and never before.
///
/// Every command gets exactly one reply, through [Answers]. Besides, there are the greeting, the invitations to go on after DATA, AUTH and
/// STARTTLS, and last words; the channel gives all of them the form that clients see ([RefusalStyle]). A command that announces content (BDAT) must have that content read even if it is refused:
/// bytes of a message must never be taken for commands.
final class Session {
    private final Services services;
    private final Settings settings;
    private final ClientChannel channel;
    private final SessionState state;
    private final SessionLog log;
    private final Answers answers;
    private final Inspectors inspectors;
    private final EnvelopeCommands envelope;
    private final AuthCommand auth;
    private final XforwardCommand xforward;
    private final XclientCommand xclient;
    private final Admission admission;
    private final ContentCommands content;
    private final StartTls startTls;
    private final CommandOrder order;
    private final ProtocolViolations violations;

    Session(Services services, Connection connection) {
        this(services, connection, PostscreenPass.direct(services, connection));
    }

    /// @param pass the client's way past postscreen
    Session(Services services, Connection connection, PostscreenPass pass) {
        this.services = services;
        this.settings = services.settings();
        InetSocketAddress peer = connection.peer();
        Client client =
                services.client(
                        peer == null ? null : peer.getAddress(), peer == null ? 0 : peer.getPort());
        channel = pass.channel();
        state = new SessionState(client, connection.local(), connection.trace());
        state.tls = pass.tls();
        state.secured = pass.tls() != null;
        log = new SessionLog(services.log(), state);
        channel.style(reply -> services.style().shown(reply, () -> state.facts(null), log));
        inspectors = new Inspectors(services.inspectors(), state, log);
        state.atEnd = inspectors::messageEnded;
        var rates = new EventRates(services, state, log);
        envelope = new EnvelopeCommands(services, state, log, inspectors, rates);
        answers = new Answers(settings, channel, state, envelope::isOvershoot);
        auth = new AuthCommand(services, channel, state, log, rates);
        xforward = new XforwardCommand(services, state, log);
        xclient = new XclientCommand(services, state, log);
        admission = new Admission(services, state, log, inspectors, rates);
        content = new ContentCommands(services, channel, state, log, inspectors);
        startTls = new StartTls(services, channel, state, log, rates);
        order = new CommandOrder(services, state);
        violations = new ProtocolViolations(services, channel, state, log);
    }

    /// Serves the client to the end.
    void run() throws IOException {
        log.connect(state.client.named().problem());
        try {
            Reply refusal = admission.enter();
            if (refusal != null) {
                answers.lastWords(refusal);
            } else {
                converse();
            }
        } catch (SocketTimeoutException e) {
            log.timeout(state.where, state.facts(null));
            answers.lastWords(Replies.timeout(settings.hostname()));
        } catch (TlsException e) {
            log.tlsFailed(String.valueOf(e.getMessage()));
            log.lostConnection(state.where, state.facts(null));
        } catch (IOException e) {
            if (services.draining().getAsBoolean() && e instanceof EOFException) {
                answers.lastWords(Replies.shutdown(settings.hostname()));
            } else {
                log.lostConnection(state.where, state.facts(null));
            }
        } catch (RuntimeException e) {
            answers.lastWords(Replies.internalError(settings.hostname()));
            throw e;
        } finally {
            state.endTransaction();
            inspectors.close();
            admission.leave();
            log.disconnect(answers.counters());
        }
    }

    /// Ends a session that cannot begin.
    ///
    /// @param problem for the log
    void turnAway(String problem) {
        log.warning(problem);
        log.connect(state.client.named().problem());
        if (!settings.wrapper()) {
            answers.lastWords(Replies.serverLocalError(settings.hostname()));
        }
        log.disconnect(answers.counters());
    }

    private void converse() throws IOException {
        if (settings.wrapper() && !startTls.wrap()) {
            return;
        }
        violations.exempt();
        greet();
        while (!answers.areOver()) {
            if (answers.isExhausted()) {
                log.tooManyErrors(state.where, state.facts(null));
                answers.giveLast(Replies.tooManyErrors(settings.hostname()));
                break;
            }
            step(channel.readLine());
        }
        channel.flush();
    }

    private void greet() throws IOException {
        Reply greeting = channel.reply(admission.greeting());
        answers.endIf(greeting.code() == 421);
    }

    private void step(ClientChannel.Line sent) throws IOException {
        if (sent.tooLong()) {
            log.lineTooLong(settings.lineLimit(), sent.raw());
            answers.began(Verb.UNKNOWN);
            answers.endIf(ProtocolViolations.announcesChunk(sent));
            answers.give(Verb.UNKNOWN, Replies.LINE_TOO_LONG, true);
            return;
        }
        if (violations.refusesEnd(sent)) {
            log.event("reject", state.where, "bare <LF> received", state.facts(null));
            answers.endIf(ProtocolViolations.announcesChunk(sent));
            answers.give(Verb.UNKNOWN, Replies.bareLf(settings.bareNewlineCode()), false);
            return;
        }
        ClientChannel.Line line = services.commandFilter().apply(sent, log::replaced, log::warning);
        if (line == null) {
            answers.giveLast(Replies.internalError(settings.hostname()));
            return;
        }
        // a chunk that nobody reads must not be taken for commands
        answers.endIf(
                ProtocolViolations.announcesChunk(sent)
                        && !ProtocolViolations.announcesChunk(line));
        obey(line);
    }

    private void obey(ClientChannel.Line line) throws IOException {
        Command command = Command.parse(line.text(), settings.strictPaths());
        Verb verb = command.verb();
        boolean unreadable =
                command instanceof Command.Bad(_, var reply)
                        && (reply.equals(Replies.BAD_SYNTAX) || reply.equals(Replies.BAD_UTF8));
        if (violations.isForbidden(verb, line)) {
            log.nonSmtpCommand(line.raw());
            answers.began(verb);
            answers.giveLast(Replies.FORBIDDEN_COMMAND);
            return;
        }
        answers.spend(verb);
        if (!unreadable) {
            answers.began(verb);
        }
        if (violations.sendsAhead(verb) == ProtocolViolations.Ahead.REFUSED) {
            answers.giveLast(Replies.BROKEN_SYNCHRONIZATION);
            return;
        }
        if (command instanceof Command.Bad bad) {
            log.badAddress(bad, line.raw());
        }
        answers.give(verb, perform(command, line), !unreadable);
    }

    private Reply perform(Command command, ClientChannel.Line line) throws IOException {
        Reply refusal = admission.denied(command.verb());
        if (refusal == null) {
            refusal = order.problem(command.verb());
        }
        if (refusal != null && !(command instanceof Command.Bdat)) {
            return refusal;
        }
        return switch (command) {
            case Command.Helo(var name) -> helo(name, false);
            case Command.Ehlo(var name) -> helo(name, true);
            case Command.Lhlo _ -> Replies.NOT_RECOGNIZED;
            case Command.Mail mail -> envelope.mail(mail);
            case Command.Rcpt rcpt -> rcpt(rcpt);
            case Command.Bdat bdat -> content.bdat(bdat, refusal, state.transaction);
            case Command.Vrfy vrfy -> envelope.vrfy(vrfy);
            case Command.Expn expn -> envelope.expn(expn);
            case Command.Etrn etrn ->
                    new EtrnCommand(services, state, log, inspectors).run(etrn.node());
            case Command.Auth auth -> authenticate(auth);
            case Command.Xforward it -> xforward.run(it);
            case Command.Xclient it -> restart(it);
            case Command.Plain.DATA -> data();
            case Command.Plain.RSET -> reset();
            case Command.Plain.NOOP -> Replies.OK;
            case Command.Plain.HELP -> Replies.HELP;
            case Command.Plain.STARTTLS -> secure();
            case Command.Plain.QUIT -> quit();
            case Command.Bad(var verb, var reply) -> bad(verb, reply, line);
        };
    }

    /// Starts again, with the client for which the proxy speaks.
    private Reply restart(Command.Xclient command) throws IOException {
        Reply problem = xclient.run(command);
        if (problem == null) {
            answers.succeeded(Verb.XCLIENT);
            inspectors.reopen();
            violations.exempt();
            problem = admission.enter();
        }
        if (problem == null) {
            greet();
        }
        return problem == null ? Answers.GIVEN : problem;
    }

    private Reply helo(String name, boolean esmtp) {
        String before = state.helo;
        state.helo = name;
        Reply refusal = inspectors.client(SmtpStage.HELO, esmtp ? "EHLO" : "HELO");
        if (refusal != null) {
            state.helo = before; // and all else is as it was (RFC 5321, 4.1.1.1)
            return refusal;
        }
        state.endTransaction();
        state.esmtp = esmtp;
        return esmtp
                ? new EhloReply(services, state, log).make()
                : Reply.plain(250, settings.hostname());
    }

    private Reply rcpt(Command.Rcpt command) {
        Transaction transaction = state.transaction;
        return transaction == null ? Replies.NEED_MAIL : envelope.rcpt(command, transaction);
    }

    private Reply data() throws IOException {
        if (state.chunks != SessionState.Chunks.NONE) {
            return Replies.DATA_AFTER_BDAT;
        }
        Transaction transaction = state.transaction;
        if (transaction == null) {
            return Replies.NEED_RCPT;
        }
        return transaction.recipientCount() == 0
                ? Replies.NO_VALID_RECIPIENTS
                : content.data(transaction);
    }

    private Reply reset() {
        state.endTransaction();
        return Replies.OK;
    }

    private Reply quit() {
        answers.endIf(true);
        return Replies.BYE;
    }

    private Reply bad(Verb verb, Reply reply, ClientChannel.Line line) {
        answers.endIf(ProtocolViolations.announcesChunk(line));
        boolean noop =
                verb == Verb.UNKNOWN
                        && settings.noopCommands().contains(ProtocolViolations.firstWord(line));
        if (noop) {
            return Replies.OK;
        }
        Reply refusal =
                reply.equals(Replies.NOT_RECOGNIZED)
                        ? inspectors.unknown(ProtocolViolations.firstWord(line))
                        : null;
        return refusal == null ? reply : refusal;
    }

    private Reply authenticate(Command.Auth command) throws IOException {
        var address = state.client.address();
        var remote = address == null ? null : new InetSocketAddress(address, state.client.port());
        return auth.run(command, new SessionPeer(state.server, remote, state.secured, state.trace));
    }

    private Reply secure() throws IOException {
        TlsServer tls = services.tls();
        if (tls == null) {
            return Replies.NOT_IMPLEMENTED;
        }
        channel.reply(Replies.READY_FOR_TLS);
        answers.succeeded(Verb.STARTTLS);
        answers.endIf(!startTls.handshake(tls));
        return Answers.GIVEN;
    }
}
