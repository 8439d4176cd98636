// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.routing.Networks;
import org.postino.sasl.AuthExchange;
import org.postino.sasl.AuthPeer;
import org.postino.sasl.OfferedMechanism;
import org.postino.sasl.SaslMechanisms;
import org.postino.sasl.SaslOptions;
import org.postino.sasl.SaslProperty;
import org.postino.suite.SmtpdParams;
import org.postino.table.MatchList;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.tls.TlsParams;

/// Decides which clients are offered AUTH, and with which mechanisms. The exchange itself is the work of auth(8). Safe for use by several threads.
final class Authenticator {
    /// The part of `AuthClient` that is used here.
    interface Server {
        List<OfferedMechanism> mechanisms() throws IOException;

        AuthExchange begin(String mechanism, AuthPeer peer, byte @Nullable [] initialResponse);
    }

    private final Server server;
    private final String service;
    private final MatchList filter;
    private final Networks exceptions;
    private final boolean cleartext;
    private final SaslOptions options;
    private final SaslOptions optionsWithTls;

    Authenticator(Config config, Tables tables, Server server) {
        this.server = server;
        service = config.get(SmtpdParams.SMTPD_SASL_SERVICE);
        filter = MatchList.strings(config.get(SmtpdParams.SMTPD_SASL_MECHANISM_FILTER), tables);
        exceptions = Networks.of(config.get(SmtpdParams.SMTPD_SASL_EXCEPTIONS_NETWORKS), tables);
        cleartext = config.get(TlsParams.AUTH_ALLOW_CLEARTEXT);
        options = SaslOptions.of(config.get(SmtpdParams.SMTPD_SASL_SECURITY_OPTIONS));
        optionsWithTls = SaslOptions.of(config.get(SmtpdParams.SMTPD_SASL_TLS_SECURITY_OPTIONS));
    }

    /// True if AUTH exists for this client: it is not in `smtpd_sasl_exceptions_networks`.
    boolean serves(Client client) {
        InetAddress address = client.address();
        try {
            return address == null || !exceptions.contains(client.name(), address);
        } catch (TableException e) {
            return false;
        }
    }

    /// True if the mechanism would send a password in clear, so that this client must begin TLS first. Clients on this machine need not.
    boolean needsTls(String mechanism, Client client, boolean secured) {
        return SaslMechanisms.isPlaintext(mechanism) && !mayShowPassword(client, secured);
    }

    private boolean mayShowPassword(Client client, boolean secured) {
        InetAddress address = client.address();
        return secured || cleartext || address == null || address.isLoopbackAddress();
    }

    /// Returns the names of the mechanisms to announce.
    ///
    /// @throws IOException auth(8) cannot be reached
    List<String> mechanisms(Client client, boolean secured) throws IOException {
        var offered = new ArrayList<String>();
        boolean mayShowPassword = mayShowPassword(client, secured);
        for (OfferedMechanism mechanism : server.mechanisms()) {
            boolean shown = mechanism.has(SaslProperty.PLAINTEXT);
            if (isAllowed(mechanism, secured) && (mayShowPassword || !shown)) {
                offered.add(mechanism.name());
            }
        }
        return offered;
    }

    private boolean isAllowed(OfferedMechanism mechanism, boolean secured) {
        if (!(secured ? optionsWithTls : options).allow(mechanism.properties())) {
            return false;
        }
        try {
            return !mechanism.has(SaslProperty.ANONYMOUS)
                    && filter.matches(mechanism.name().toLowerCase(Locale.ROOT));
        } catch (TableException e) {
            return false;
        }
    }

    AuthExchange begin(String mechanism, SessionPeer peer, byte @Nullable [] initialResponse) {
        return server.begin(
                mechanism,
                new AuthPeer(service, peer.local(), peer.remote(), peer.secured(), peer.trace()),
                initialResponse);
    }
}
