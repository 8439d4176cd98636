// SPDX-License-Identifier: Apache-2.0

package org.postino.login;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.Param;
import org.postino.mailstore.MailParams;
import org.postino.sasl.SaslMechanisms;
import org.postino.server.Connection;
import org.postino.server.UpstreamProxy;
import org.postino.suite.AuthParams;
import org.postino.suite.ServerNameTable;
import org.postino.tls.TlsParams;
import org.postino.tls.TlsServer;

/// The settings in main.cf for sessions before log-in, read once.
///
/// @param wrapper TLS begins with the connection
/// @param offerTls the client may ask for TLS in a session in clear
/// @param demandTls no password without TLS, wherever the client is
/// @param proxy in front of us; null if clients connect themselves
/// @param timeout for all that happens before somebody has logged in
/// @param allowCleartext passwords in clear from anywhere, and not from this host alone
/// @param mechanisms names of SASL that clients may ask for, in capitals
public record LoginSettings(
        String greeting,
        boolean wrapper,
        boolean offerTls,
        boolean demandTls,
        TlsServer tls,
        @Nullable UpstreamProxy proxy,
        Duration timeout,
        boolean allowCleartext,
        List<String> mechanisms) {
    public LoginSettings {
        mechanisms = List.copyOf(mechanisms);
    }

    /// True if a session in clear is told of TLS now: not while the keys cannot be used.
    public boolean offersTls() {
        return offerTls && tls.isUsable();
    }

    /// Parameters that each program has for itself.
    ///
    /// @param tlsLevel `none`, `may` or `encrypt`
    public record Own(
            Param<String> tlsLevel,
            Param<Boolean> tlsWrapperMode,
            Param<Boolean> haproxy,
            Param<Duration> loginTimeout) {}

    private static UpstreamProxy proxy(Config config) {
        return UpstreamProxy.in(
                config.get(MailParams.HAPROXY_TRUSTED_NETWORKS),
                config.get(MailParams.HAPROXY_TIMEOUT),
                MailParams.HAPROXY_TRUSTED_NETWORKS.name());
    }

    /// True if a connection that has just begun may go on: the proxy in front of us, if there is one, has told whose it is. Else the log has
    /// a line.
    ///
    /// @throws IOException the connection broke
    public boolean admits(Connection connection, SessionLog log) throws IOException {
        UpstreamProxy inFront = proxy;
        if (inFront == null) {
            return true;
        }
        Optional<String> problem = inFront.problem(connection);
        problem.ifPresent(log::turnedAway);
        return problem.isEmpty();
    }

    public static LoginSettings of(Config config, Own own) {
        String level = config.get(own.tlsLevel());
        boolean wrapper = config.get(own.tlsWrapperMode());
        boolean demandTls = level.equals("encrypt");
        TlsServer tls = TlsServer.of(config, demandTls, ServerNameTable.of(config));
        return new LoginSettings(
                config.get(MailParams.LOGIN_GREETING),
                wrapper,
                !wrapper && !level.equals("none") && tls.isConfigured(),
                demandTls,
                tls,
                config.get(own.haproxy()) ? proxy(config) : null,
                config.get(own.loginTimeout()),
                config.get(TlsParams.AUTH_ALLOW_CLEARTEXT),
                config.get(AuthParams.AUTH_MECHANISMS).stream()
                        .map(name -> name.toUpperCase(Locale.ROOT))
                        .filter(name -> !SaslMechanisms.isPrivate(name))
                        .toList());
    }
}
