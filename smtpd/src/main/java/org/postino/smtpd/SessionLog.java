// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.Command;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.SmtpStage;
import org.postino.tls.TlsSession;
import org.postino.util.Printable;
import org.slf4j.Logger;

/// The log lines of a session, which administrators' tools parse: all are made here, all of it is [Printable].
final class SessionLog implements RefusalStyle.Listener {
    private static final int MAX_INPUT = 100;

    private final Logger log;
    private final SessionState state;

    SessionLog(Logger log, SessionState state) {
        this.log = log;
        this.state = state;
    }

    /// @param doubt about the client's name; null if there is none
    void connect(@Nullable String doubt) {
        if (doubt != null) {
            warning(doubt);
        }
        log.info("connect from {}", state.client);
    }

    void disconnect(Counters counters) {
        log.info("disconnect from {}{}", state.client, counters);
    }

    /// A message has its queue id.
    ///
    /// @param forwarded the client that brought it to the content filter from which it comes
    void client(
            String queueId,
            @Nullable Login login,
            @Nullable String saslSender,
            @Nullable ForwardedClient forwarded) {
        var line = new StringBuilder(queueId).append(": client=").append(state.client);
        if (login != null) {
            line.append(", sasl_method=").append(login.method());
            line.append(", sasl_username=").append(Printable.text(login.user()));
        }
        if (saslSender != null) {
            line.append(", sasl_sender=").append(Printable.text(saslSender));
        }
        if (forwarded != null) {
            line.append(forwarded);
        }
        log.info("{}", line);
    }

    /// The filter before the queue has taken a message, or not.
    void filtered(Reply reply, Facts facts) {
        log.info(
                "proxy-{}: {}: {}{}",
                reply.isPositive() ? "accept" : "reject",
                SmtpStage.END_OF_MESSAGE.word(),
                Printable.text(reply.toString()),
                facts.context());
    }

    /// A refusal, one line for each: `reject: RCPT from NAME[ADDR]: 554 5.7.1 ...; from=...`.
    void reject(String stage, Reply reply, Facts facts) {
        event("reject", stage, reply.toString(), facts);
    }

    /// A refusal that `warn_if_reject` turned into a warning.
    void rejectWarning(String stage, Reply reply, Facts facts) {
        event("reject_warning", stage, reply.toString(), facts);
    }

    /// An action of an access table: `hold`, `discard`, `redirect`, `warn`, `info` ...
    void event(String what, String stage, String text, Facts facts) {
        log.info(
                "{}: {}: {} from {}: {}{}",
                facts.queueId(),
                what,
                stage,
                state.client,
                Printable.text(text),
                facts.context());
    }

    /// The client is gone: `lost connection after DATA (18 bytes) from NAME[ADDR]`.
    void lostConnection(String where, Facts facts) {
        ended("lost connection", where, facts);
    }

    void timeout(String where, Facts facts) {
        ended("timeout", where, facts);
    }

    void tooManyErrors(String where, Facts facts) {
        ended("too many errors", where, facts);
    }

    private void ended(String why, String where, Facts facts) {
        log.info("{}: {} after {} from {}", facts.queueId(), why, where, state.client);
    }

    /// The client sent ahead where it must wait.
    void improperPipelining(String where, String input) {
        log.info(
                "improper command pipelining after {} from {}: {}",
                where,
                state.client,
                input(input));
    }

    void nonSmtpCommand(String line) {
        log.warn("non-SMTP command from {}: {}", state.client, input(line));
    }

    void lineTooLong(int limit, String start) {
        log.warn(
                "{}: request longer than {}: {}...",
                state.client,
                limit,
                Printable.text(start, 30));
    }

    /// A chunk (BDAT) without content that is not the last.
    void nullChunk() {
        log.warn("null BDAT request from {}", state.client);
    }

    void chunkTooBig(String queueId) {
        log.warn("{}: BDAT request from {} exceeds message size limit", queueId, state.client);
    }

    /// A command that was refused for the form of its address; nothing for what else may be wrong with a command.
    void badAddress(Command.Bad command, String line) {
        if (command.reply().equals(Replies.BAD_SENDER)
                || command.reply().equals(Replies.BAD_RECIPIENT)) {
            int start = Math.max(line.indexOf(':'), line.indexOf(' ')) + 1;
            badAddress(command.verb().name(), line.substring(start).strip());
        }
    }

    void badAddress(String verb, String line) {
        log.warn(
                "Illegal address syntax from {} in {} command: {}",
                state.client,
                verb.toUpperCase(Locale.ROOT),
                input(line));
    }

    /// A command in whose place another is carried out.
    void replaced(String command, String instead) {
        log.info(
                "{}: replacing command \"{}\" with \"{}\"",
                state.client,
                input(command),
                input(instead));
    }

    /// A domain given with ETRN whose mail is not sent on request.
    void etrnRejected(String domain) {
        log.warn("reject: ETRN {}... from {}", input(domain), state.client);
    }

    void authenticationFailed(String method, String reason, @Nullable String user) {
        log.warn(
                "{}: SASL {} authentication failed: {}, sasl_username={}",
                state.client,
                method,
                Printable.text(reason, MAX_INPUT),
                user == null ? "(unavailable)" : Printable.text(user, MAX_INPUT));
    }

    void authenticationAborted(String method) {
        log.warn("{}: SASL {} authentication aborted", state.client, method);
    }

    void rateExceeded(String what, long rate, String service) {
        log.warn(
                "{} rate limit exceeded: {} from {} for service {}",
                what,
                rate,
                state.client,
                service);
    }

    void concurrencyExceeded(long count, String service) {
        log.warn(
                "Connection concurrency limit exceeded: {} from {} for service {}",
                count,
                state.client,
                service);
    }

    /// @param level as in `smtpd_tls_loglevel`
    void tlsEstablished(TlsSession session, int level) {
        if (level < 1) {
            return;
        }
        String doubt = session.peer().doubt();
        if (doubt != null) {
            log.info(
                    "certificate verification failed for {}: {}",
                    state.client,
                    Printable.text(doubt, MAX_INPUT));
        }
        var certificate = session.peer().certificate();
        if (certificate != null && level > 1) {
            log.info(
                    "{}: subject_CN={}, issuer_CN={}, fingerprint={}, pkey_fingerprint={}",
                    state.client,
                    Printable.text(certificate.name()),
                    Printable.text(certificate.issuer()),
                    certificate.fingerprint(),
                    certificate.keyFingerprint());
        }
        log.info(
                "{} TLS connection established from {}{}: {}",
                session.trust(),
                state.client,
                session.serverName().isEmpty() ? "" : " to " + Printable.text(session.serverName()),
                session);
    }

    /// A client does not have the certificate that it must have.
    void tlsAborted(String why) {
        log.info("NOQUEUE: abort: TLS from {}: {}", state.client, why);
    }

    /// TLS should begin with the connection, and there are no keys for it.
    void wrapperDropped(String service) {
        log.warn(
                "Wrapper-mode request dropped from {} for service {}: TLS is not available",
                state.client,
                service);
    }

    void tlsFailed(String reason) {
        log.info("SSL_accept error from {}: {}", state.client, Printable.text(reason));
    }

    /// A refusal was replaced, and the line before has it as it was.
    @Override
    public void replaced(Reply refusal, Reply instead, Facts facts) {
        log.info("{}: reply filter in: {}", facts.queueId(), Printable.text(refusal.toString()));
        log.info("{}: reply filter out: {}", facts.queueId(), Printable.text(instead.toString()));
    }

    @Override
    public void warning(String text) {
        log.warn("{}", Printable.text(text));
    }

    /// Makes input of a client fit for a log line: control characters are written as escapes, and the first 100 characters are kept.
    static String input(String raw) {
        var out = new StringBuilder();
        for (int i = 0; i < raw.length() && out.length() < MAX_INPUT; i++) {
            char c = raw.charAt(i);
            switch (c) {
                case '\r' -> out.append("\\r");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        out.append('\\').append(octal(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return Printable.text(out.toString());
    }

    private static String octal(char c) {
        String digits = Integer.toOctalString(c);
        return "0".repeat(3 - digits.length()) + digits;
    }
}
