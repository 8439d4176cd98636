// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import org.postino.tls.TlsServer;

/// Goes over to TLS: after STARTTLS (RFC 3207), or with the first byte of a connection (RFC 8314, 3).
final class StartTls {
    private final Services services;
    private final ClientChannel channel;
    private final SessionState state;
    private final SessionLog log;

    StartTls(Services services, ClientChannel channel, SessionState state, SessionLog log) {
        this.services = services;
        this.channel = channel;
        this.state = state;
        this.log = log;
    }

    /// Begins a connection to a port that knows nothing but TLS.
    ///
    /// @return false if there are no keys: such a port does not go on in clear
    boolean wrap() throws IOException {
        TlsServer tls = services.tls();
        if (tls == null || !services.offersTls()) {
            log.wrapperDropped(services.service());
            return false;
        }
        handshake(tls);
        return true;
    }

    /// After it the session knows nothing of what was said before (RFC 3207, 4.2).
    void handshake(TlsServer tls) throws IOException {
        channel.secure(
                plain -> {
                    var secured = tls.handshake(plain);
                    state.tls = secured.session();
                    return secured.socket();
                },
                services.settings().handshakeTimeout());
        state.forget();
        state.secured = true;
        var session = state.tls;
        if (session != null && services.settings().tlsLogLevel() > 0) {
            log.tlsEstablished(session.trust().toString(), session.toString());
        }
    }
}
