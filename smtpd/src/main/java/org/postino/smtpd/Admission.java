// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.SmtpStage;
import org.postino.smtp.Verb;

/// Lets a client in: its session is counted, and it is greeted or refused. Happens anew when a proxy tells that the client is another.
final class Admission {
    private final Services services;
    private final SessionState state;
    private final SessionLog log;
    private final Inspectors inspectors;
    private final EventRates rates;

    /// The address for which the session is counted; null if it is for none.
    private @Nullable InetAddress counted;

    /// The whole session was refused at its beginning.
    private boolean denied;

    Admission(
            Services services,
            SessionState state,
            SessionLog log,
            Inspectors inspectors,
            EventRates rates) {
        this.services = services;
        this.state = state;
        this.log = log;
        this.inspectors = inspectors;
        this.rates = rates;
    }

    /// Counts the session as its client's; the last words for a client that has too many, else null.
    @Nullable Reply enter() {
        leave();
        counted = state.client.address();
        long sessions = counted == null ? 0 : services.limits().entered(counted);
        if (sessions == 0) {
            return null;
        }
        log.concurrencyExceeded(sessions, services.service());
        return tooMany();
    }

    /// The session is over, or another client's from now on.
    void leave() {
        InetAddress address = counted;
        counted = null;
        if (address != null) {
            services.limits().left(address);
        }
    }

    /// The first reply: a greeting, or a refusal. With 421 the session ends.
    Reply greeting() {
        if (rates.isExceeded(ClientLimits.Event.CONNECTION)) {
            return tooMany();
        }
        Reply refusal = inspectors.client(SmtpStage.CONNECT, SmtpStage.CONNECT.word());
        denied = refusal != null;
        state.atConnect = state.standing.copy();
        return refusal != null ? refusal : Reply.plain(220, services.settings().banner());
    }

    /// The reply to a command of a client that was refused; null if it was not.
    @Nullable Reply denied(Verb verb) {
        return denied && verb != Verb.QUIT ? Replies.accessDenied(state.client.toString()) : null;
    }

    private Reply tooMany() {
        return Replies.tooManyConnections(
                services.settings().hostname(), state.client.addressText());
    }
}
