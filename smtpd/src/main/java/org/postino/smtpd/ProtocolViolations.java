// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.Locale;
import org.postino.smtp.Verb;
import org.postino.table.TableException;

/// Finds clients that break the protocol itself: they speak another one, send ahead where they must wait, or end lines in LF.
final class ProtocolViolations {
    /// The judgements on when a client sent a command.
    enum Ahead {
        /// It waited, or need not.
        PROPER,
        /// It did not wait, and is taken as it is.
        TOLERATED,
        /// It did not wait, and the session ends over it.
        REFUSED
    }

    private final Services services;
    private final ClientChannel channel;
    private final SessionState state;
    private final SessionLog log;

    ProtocolViolations(
            Services services, ClientChannel channel, SessionState state, SessionLog log) {
        this.services = services;
        this.channel = channel;
        this.state = state;
        this.log = log;
    }

    /// Finds out whether the client may end lines as it likes (`smtpd_forbid_bare_newline_exclusions`).
    void exempt() {
        InetAddress address = state.client.address();
        try {
            state.bareNewlineExempt =
                    address == null
                            || services.bareNewlineExempt().contains(state.client.name(), address);
        } catch (TableException e) {
            log.warning(String.valueOf(e.getMessage()));
        }
    }

    /// True if a command line is refused because it ends in LF alone.
    boolean refusesEnd(ClientChannel.Line line) {
        return line.bareLf()
                && services.settings().bareNewline() == Settings.BareNewline.REJECT
                && !state.bareNewlineExempt;
    }

    /// True if the line begins like the announcement of a chunk (RFC 3030, 2). When it is not obeyed, the chunk behind it cannot be told
    /// from commands.
    static boolean announcesChunk(ClientChannel.Line line) {
        return firstWord(line).equals(Verb.BDAT.name());
    }

    /// True if the first word is one that ends the session (`smtpd_forbidden_commands`).
    boolean isForbidden(Verb verb, ClientChannel.Line line) {
        if (verb != Verb.UNKNOWN) {
            return false;
        }
        String text = line.raw().strip();
        int blank = 0;
        while (blank < text.length() && text.charAt(blank) > ' ') {
            blank++;
        }
        // a first byte that no command has is no letter at all
        String word = blank == 0 ? text : text.substring(0, blank);
        try {
            return !word.isEmpty() && services.forbidden().matches(word);
        } catch (TableException e) {
            log.warning(String.valueOf(e.getMessage()));
            return false;
        }
    }

    /// The first word of a line in capitals.
    static String firstWord(ClientChannel.Line line) {
        String text = line.raw().strip();
        int blank = text.indexOf(' ');
        return (blank < 0 ? text : text.substring(0, blank)).toUpperCase(Locale.ROOT);
    }

    /// Notes a client that sends ahead where it must wait (RFC 2920, 3.1).
    Ahead sendsAhead(Verb verb) {
        boolean last =
                switch (verb) {
                    case HELO, EHLO, LHLO, DATA, STARTTLS, AUTH, VRFY, EXPN, NOOP -> true;
                    case MAIL, RCPT, BDAT, RSET, QUIT, ETRN, HELP, XFORWARD, XCLIENT, UNKNOWN ->
                            false;
                };
        // without EHLO the client cannot know that it may send ahead at all (RFC 5321, 4.5.4.1)
        boolean never = !state.esmtp && (verb == Verb.MAIL || verb == Verb.RCPT);
        if (!(last || never) || state.sentAhead || !channel.inputWaiting()) {
            return Ahead.PROPER;
        }
        state.sentAhead = true;
        log.improperPipelining(state.where, channel.waitingInput());
        return last && services.settings().forbidSendingAhead() ? Ahead.REFUSED : Ahead.TOLERATED;
    }
}
