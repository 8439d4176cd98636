// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.server.Connection;
import org.postino.smtp.Command;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.Verb;
import org.postino.table.Maps;
import org.postino.tls.TlsException;
import org.postino.tls.TlsServer;

/// Speaks SMTP with a client that has failed a test, or that is still tested; no mail passes here. Owned by the connection's thread.
///
/// A client that has failed hears why at each recipient, and the log says who that was. One that reaches its first recipient without a failure
/// has passed: the connection goes on to smtpd, which hears HELO, MAIL and RCPT once more and answers the last of them.
final class PostscreenDialogue {
    static final Reply PROTOCOL_ERROR = Reply.of(550, 5, 5, 1, "Protocol error");

    private static final Reply RULES =
            Reply.of(521, 5, 7, 0, "Error: I can break rules, too. Goodbye.");
    private static final Reply LATER = Reply.of(450, 4, 3, 2, "Service currently unavailable");

    /// Extensions that belong to smtpd, or that would let a client send ahead.
    private static final Set<String> HIDDEN = Set.of("PIPELINING", "AUTH", "XFORWARD", "XCLIENT");

    private final Postscreen screen;
    private final PostscreenSettings settings;
    private final PostscreenScreening screening;
    private final PostscreenLog log;
    private final ClientChannel channel;
    private final SessionState state;
    private final SessionLog sessionLog;
    private final boolean mayPass;

    /// The last lines with HELO or EHLO and with MAIL, for smtpd.
    private final Map<Verb, ClientChannel.Line> said = new EnumMap<>(Verb.class);

    private String sender = "";
    private String where = "CONNECT";
    private boolean ending;
    private @Nullable PostscreenPass pass;

    /// @param mayPass false if the client must not pass, whatever it does
    PostscreenDialogue(
            Postscreen screen,
            PostscreenScreening screening,
            PostscreenLog log,
            Connection connection,
            boolean mayPass) {
        this.screen = screen;
        this.settings = screen.settings();
        this.screening = screening;
        this.log = log;
        this.mayPass = mayPass;
        Settings smtpd = screen.services().settings();
        channel =
                new ClientChannel(
                        connection, settings.commandTime(), smtpd.minDataRate(), smtpd.lineLimit());
        state = screen.state(connection);
        channel.style(reply -> screen.shown(reply, state));
        sessionLog = new SessionLog(screen.services().log(), state);
    }

    /// Greets the client, and serves it to its end, or until it has passed.
    ///
    /// @return its way to smtpd; null if the connection is over
    @Nullable PostscreenPass run() throws IOException {
        long began = System.nanoTime();
        Settings smtpd = screen.services().settings();
        try {
            channel.reply(Reply.plain(220, smtpd.banner()));
            for (long i = 0; !ending; i++) {
                ClientChannel.Line line = channel.readLine();
                if (i == settings.commandLimit()) {
                    log.violation("COMMAND COUNT LIMIT", where);
                    end(unavailable());
                } else {
                    step(line);
                }
            }
            channel.flush();
        } catch (SocketTimeoutException e) {
            log.violation("COMMAND TIME LIMIT", where);
            lastWords(Replies.timeout(smtpd.hostname()));
        } catch (TlsException e) {
            sessionLog.tlsFailed(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            log.hangup(Duration.ofNanos(System.nanoTime() - began), true);
        }
        if (pass == null) {
            log.disconnect();
        }
        return pass;
    }

    private Reply unavailable() {
        String host = screen.services().settings().hostname();
        return Reply.plain(421, host + " Service unavailable - try again later");
    }

    private void lastWords(Reply reply) {
        try {
            end(reply);
            channel.flush();
        } catch (IOException e) {
            // it has left already
        }
    }

    private void end(Reply reply) throws IOException {
        channel.reply(reply);
        ending = true;
    }

    private void step(ClientChannel.Line line) throws IOException {
        if (line.tooLong()) {
            log.violation("COMMAND LENGTH LIMIT", where);
            end(unavailable());
            return;
        }
        ClientChannel.Line instead =
                screen.commandFilter().apply(line, log::replaced, PostscreenLog::warning);
        if (instead == null) {
            end(Replies.internalError(screen.services().settings().hostname()));
            return;
        }
        Command command = Command.parse(instead.text(), false);
        Verb verb = command.verb();
        if (breaksRules(instead, verb)) {
            ending = true;
            return;
        }
        where = verb == Verb.UNKNOWN ? ProtocolViolations.firstWord(instead) : verb.name();
        Reply reply = perform(command, line); // smtpd has a filter of its own
        if (reply != null && pass == null) {
            channel.reply(reply);
        }
    }

    /// Makes the tests of a line.
    ///
    /// @return true if the connection is over
    private boolean breaksRules(ClientChannel.Line line, Verb verb) throws IOException {
        if (line.bareLf() && screening.isDue(PostscreenCheck.BARE_NEWLINE)) {
            log.violation("BARE NEWLINE", SessionLog.input(line.raw()));
            if (screening.failed(PostscreenCheck.BARE_NEWLINE, PROTOCOL_ERROR)) {
                return true;
            }
        }
        if (screening.isDue(PostscreenCheck.NON_SMTP_COMMAND)
                && verb == Verb.UNKNOWN
                && screen.isForbidden(line)) {
            log.violation("NON-SMTP COMMAND", where + ": " + SessionLog.input(line.raw()));
            if (settings.action(PostscreenCheck.NON_SMTP_COMMAND) == PostscreenCheck.Action.DROP) {
                channel.reply(RULES);
                return true;
            }
            screening.failed(PostscreenCheck.NON_SMTP_COMMAND, PROTOCOL_ERROR);
        }
        if (channel.inputWaiting() && screening.isDue(PostscreenCheck.PIPELINING)) {
            String said = verb == Verb.UNKNOWN ? ProtocolViolations.firstWord(line) : verb.name();
            String ahead = SessionLog.input(channel.waitingInput());
            log.violation("COMMAND PIPELINING", said + ": " + ahead);
            return screening.failed(PostscreenCheck.PIPELINING, PROTOCOL_ERROR);
        }
        return false;
    }

    /// @return null if that was answered already
    private @Nullable Reply perform(Command command, ClientChannel.Line line) throws IOException {
        boolean inClear = settings.tls().equals("encrypt") && !state.secured;
        return switch (command) {
            case Command.Helo(var name) -> helo(name, false, line);
            case Command.Ehlo(var name) -> helo(name, true, line);
            case Command.Mail _, Command.Rcpt _, Command.Vrfy _ when inClear ->
                    Replies.NEED_STARTTLS;
            case Command.Mail mail -> mail(mail, line);
            case Command.Rcpt rcpt -> rcpt(rcpt, line);
            case Command.Vrfy _ -> settings.vrfyDisabled() ? Replies.VRFY_DISABLED : verdict();
            case Command.Bdat _ -> content(Verb.BDAT);
            case Command.Plain.DATA -> content(Verb.DATA);
            case Command.Plain.RSET -> reset();
            case Command.Plain.NOOP -> Replies.OK;
            case Command.Plain.QUIT -> quit();
            case Command.Plain.STARTTLS -> startTls();
            case Command.Lhlo _ -> Replies.NOT_RECOGNIZED;
            case Command.Plain.HELP -> Replies.NOT_RECOGNIZED;
            case Command.Auth _, Command.Xforward _, Command.Xclient _ -> Replies.NOT_IMPLEMENTED;
            case Command.Etrn _, Command.Expn _ -> Replies.NOT_IMPLEMENTED;
            case Command.Bad(var verb, var reply) -> bad(verb, reply);
        };
    }

    private Reply helo(String name, boolean esmtp, ClientChannel.Line line) {
        state.helo = name;
        state.esmtp = esmtp;
        said.clear();
        said.put(Verb.HELO, line);
        if (!esmtp) {
            return Reply.plain(250, screen.services().settings().hostname());
        }
        var hidden = new HashSet<>(settings.hiddenKeywords());
        hidden.addAll(HIDDEN);
        if (settings.tls().equals("none")) {
            hidden.add(Verb.STARTTLS.name());
        }
        Maps byAddress = screen.hiddenByAddress();
        return new EhloReply(screen.services(), state, sessionLog, hidden, byAddress).make();
    }

    private Reply mail(Command.Mail mail, ClientChannel.Line line) {
        if (settings.heloRequired() && state.helo == null) {
            return Replies.SEND_HELO_FIRST;
        }
        if (said.containsKey(Verb.MAIL)) {
            return Replies.NESTED_MAIL;
        }
        sender = mail.sender().path();
        said.put(Verb.MAIL, line);
        return Replies.SENDER_OK;
    }

    private Reply rcpt(Command.Rcpt rcpt, ClientChannel.Line line) {
        if (!said.containsKey(Verb.MAIL)) {
            return Replies.NEED_MAIL;
        }
        if (screening.refusal() == null && mayPass) {
            passed(line);
            return Replies.OK; // smtpd will answer
        }
        Reply verdict = verdict();
        log.rejectRecipient(
                verdict,
                sender,
                rcpt.recipient().path(),
                state.protocol(),
                state.helo == null ? "" : state.helo);
        return verdict;
    }

    private Reply verdict() {
        Reply refusal = screening.refusal();
        return refusal == null ? LATER : refusal;
    }

    private void passed(ClientChannel.Line line) {
        screening.passed();
        List<ClientChannel.Line> lines = new ArrayList<>(said.values());
        lines.add(line);
        channel.handOver(screen.services().settings().timeout(), lines);
        pass = new PostscreenPass(channel, state.tls);
        ending = true;
    }

    private Reply reset() {
        said.remove(Verb.MAIL);
        return Replies.OK;
    }

    private Reply quit() {
        ending = true;
        return Replies.BYE;
    }

    /// Ends the session: what follows would be content.
    private Reply content(Verb verb) {
        log.noRecipient(verb.name());
        ending = true;
        return said.containsKey(Verb.MAIL) ? Replies.NO_VALID_RECIPIENTS : Replies.NEED_MAIL;
    }

    private Reply bad(Verb verb, Reply reply) {
        ending |= verb == Verb.BDAT;
        return reply;
    }

    private @Nullable Reply startTls() throws IOException {
        TlsServer tls = screen.services().tls();
        if (state.secured) {
            return Replies.TLS_ALREADY_ACTIVE;
        }
        if (tls == null || settings.tls().equals("none")) {
            return Replies.NOT_IMPLEMENTED;
        }
        if (!screen.services().offersTls()) {
            return Replies.TLS_UNAVAILABLE;
        }
        channel.reply(Replies.READY_FOR_TLS);
        var rates = new EventRates(screen.services(), state, sessionLog);
        ending |=
                !new StartTls(screen.services(), channel, state, sessionLog, rates).handshake(tls);
        said.clear();
        return null;
    }
}
