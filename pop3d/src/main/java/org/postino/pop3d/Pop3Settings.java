// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postino.global.config.AuthParams;
import org.postino.global.config.Config;
import org.postino.global.config.MailParams;
import org.postino.global.config.Pop3dParams;
import org.postino.global.config.TlsParams;
import org.postino.net.tls.TlsServer;

/// What pop3d takes from main.cf, read once.
///
/// @param offerTls STLS is offered where the session is in clear
/// @param demandTls no password without TLS, wherever the client is
record Pop3Settings(
        String greeting,
        boolean wrapper,
        boolean offerTls,
        boolean demandTls,
        TlsServer tls,
        Duration loginTimeout,
        Duration timeout,
        boolean flagUpdates,
        UidlFormat uidl,
        long maxUserIp,
        boolean allowCleartext,
        List<String> mechanisms) {

    static Pop3Settings of(Config config) {
        var files = new ArrayList<Path>();
        for (var name : config.get(TlsParams.SMTPD_TLS_CHAIN_FILES)) {
            files.add(Path.of(name));
        }
        if (files.isEmpty() && !config.get(TlsParams.SMTPD_TLS_CERT_FILE).isEmpty()) {
            files.add(Path.of(config.get(TlsParams.SMTPD_TLS_CERT_FILE)));
            files.add(Path.of(config.get(TlsParams.SMTPD_TLS_KEY_FILE)));
        }
        var protocols = String.join(" ", config.get(TlsParams.SMTPD_TLS_PROTOCOLS));
        var tls = new TlsServer(new TlsServer.Settings(files, protocols, config.files()));
        var level = config.get(Pop3dParams.POP3D_TLS_SECURITY_LEVEL);
        boolean wrapper = config.get(Pop3dParams.POP3D_TLS_WRAPPERMODE);
        var mechanisms = new ArrayList<String>();
        for (var name : config.get(AuthParams.AUTH_MECHANISMS)) {
            mechanisms.add(name.toUpperCase(Locale.ROOT));
        }
        return new Pop3Settings(
                config.get(MailParams.LOGIN_GREETING),
                wrapper,
                !wrapper && !level.equals("none") && tls.isConfigured(),
                level.equals("encrypt"),
                tls,
                config.get(Pop3dParams.POP3_LOGIN_TIMEOUT),
                config.get(Pop3dParams.POP3_TIMEOUT),
                !config.get(Pop3dParams.POP3_NO_FLAG_UPDATES),
                new UidlFormat(config.get(Pop3dParams.POP3_UIDL_FORMAT)),
                config.get(MailParams.MAIL_MAX_USERIP_CONNECTIONS),
                config.get(TlsParams.AUTH_ALLOW_CLEARTEXT),
                List.copyOf(mechanisms));
    }
}
