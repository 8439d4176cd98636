// SPDX-License-Identifier: Apache-2.0

package org.postino.login;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.postino.config.Config;
import org.postino.config.Param;
import org.postino.mailstore.MailParams;
import org.postino.suite.AuthParams;
import org.postino.suite.ServerNameTable;
import org.postino.tls.TlsParams;
import org.postino.tls.TlsServer;

/// The settings in main.cf for sessions before log-in, read once.
///
/// @param wrapper TLS begins with the connection
/// @param offerTls the client may ask for TLS in a session in clear
/// @param demandTls no password without TLS, wherever the client is
/// @param timeout for all that happens before somebody has logged in
/// @param allowCleartext passwords in clear from anywhere, and not from this host alone
/// @param mechanisms names of SASL, in capitals
public record LoginSettings(
        String greeting,
        boolean wrapper,
        boolean offerTls,
        boolean demandTls,
        TlsServer tls,
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
            Param<String> tlsLevel, Param<Boolean> tlsWrapperMode, Param<Duration> loginTimeout) {}

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
                config.get(own.loginTimeout()),
                config.get(TlsParams.AUTH_ALLOW_CLEARTEXT),
                config.get(AuthParams.AUTH_MECHANISMS).stream()
                        .map(name -> name.toUpperCase(Locale.ROOT))
                        .toList());
    }
}
