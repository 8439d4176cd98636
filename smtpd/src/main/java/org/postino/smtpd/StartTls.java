// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.tls.TlsServer;
import org.postino.tls.TlsSession;

/// Goes over to TLS: after STARTTLS (RFC 3207), or with the first byte of a connection (RFC 8314, 3).
final class StartTls {
    private final Services services;
    private final ClientChannel channel;
    private final SessionState state;
    private final SessionLog log;
    private final EventRates rates;

    StartTls(
            Services services,
            ClientChannel channel,
            SessionState state,
            SessionLog log,
            EventRates rates) {
        this.services = services;
        this.channel = channel;
        this.state = state;
        this.log = log;
        this.rates = rates;
    }

    /// Begins a connection to a port that knows nothing but TLS.
    ///
    /// @return false if the session is over: there are no keys (such a port does not go on in clear), or the client was turned away
    boolean wrap() throws IOException {
        TlsServer tls = services.tls();
        if (tls == null || !services.offersTls()) {
            log.wrapperDropped(services.service());
            return false;
        }
        return handshake(tls);
    }

    /// After it the session knows nothing of what was said before (RFC 3207, 4.2).
    ///
    /// @return false if the client was turned away, for its certificate or for too many sessions
    boolean handshake(TlsServer tls) throws IOException {
        channel.secure(
                plain -> {
                    var secured = tls.handshake(plain);
                    state.tls = secured.session();
                    return secured.socket();
                },
                services.settings().handshakeTimeout());
        state.forget();
        state.secured = true;
        TlsSession session = state.tls;
        if (session == null) {
            return true;
        }
        log.tlsEstablished(session, services.settings().tlsLogLevel());
        Reply refusal = refusal(session);
        if (refusal != null) {
            channel.reply(refusal);
            channel.flush();
        }
        return refusal == null;
    }

    private @Nullable Reply refusal(TlsSession session) {
        String hostname = services.settings().hostname();
        if (!session.resumed() && rates.isExceeded(ClientLimits.Event.NEW_TLS_SESSION)) {
            return Replies.tooManyTlsSessions(hostname, state.client.toString());
        }
        boolean trusted = session.trustedCertificate() != null;
        if (trusted || !services.settings().clientCertificateRequired()) {
            return null;
        }
        String why =
                session.peer().certificate() == null
                        ? "No client certificate presented"
                        : "Client certificate not trusted";
        log.tlsAborted(why);
        return Replies.badClientCertificate(hostname, why);
    }
}
