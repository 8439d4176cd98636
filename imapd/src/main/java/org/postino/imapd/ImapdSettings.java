// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postino.global.config.AuthParams;
import org.postino.global.config.Config;
import org.postino.global.config.ImapdParams;
import org.postino.global.config.MailParams;
import org.postino.global.config.TlsParams;
import org.postino.mailstore.MailPlaces;
import org.postino.net.tls.TlsServer;

/// What imapd takes from main.cf, read once.
///
/// @param appendLimit octets of an APPEND, 0 for no limit
/// @param specialUse attributes by mailbox name
record ImapdSettings(
        String greeting,
        boolean wrapper,
        boolean offerTls,
        boolean demandTls,
        TlsServer tls,
        Duration loginTimeout,
        Duration timeout,
        Duration idleNotify,
        int maxLine,
        long appendLimit,
        long maxUserIp,
        boolean allowCleartext,
        List<String> mechanisms,
        MailPlaces places,
        long firstValidUid,
        Map<String, String> specialUse) {

    static ImapdSettings of(Config config) {
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
        var level = config.get(ImapdParams.IMAPD_TLS_SECURITY_LEVEL);
        boolean wrapper = config.get(ImapdParams.IMAPD_TLS_WRAPPERMODE);
        return new ImapdSettings(
                config.get(MailParams.LOGIN_GREETING),
                wrapper,
                !wrapper && !level.equals("none") && tls.isConfigured(),
                level.equals("encrypt"),
                tls,
                config.get(ImapdParams.IMAP_LOGIN_TIMEOUT),
                config.get(ImapdParams.IMAP_TIMEOUT),
                config.get(ImapdParams.IMAP_IDLE_NOTIFY_INTERVAL),
                Math.toIntExact(config.get(ImapdParams.IMAP_MAX_LINE_LENGTH)),
                config.get(ImapdParams.IMAP_APPEND_LIMIT),
                config.get(MailParams.MAIL_MAX_USERIP_CONNECTIONS),
                config.get(TlsParams.AUTH_ALLOW_CLEARTEXT),
                upper(config.get(AuthParams.AUTH_MECHANISMS)),
                MailPlaces.of(config),
                config.get(MailParams.FIRST_VALID_UID),
                specialUse(config.get(ImapdParams.IMAP_SPECIAL_USE)));
    }

    private static List<String> upper(List<String> words) {
        var upper = new ArrayList<String>();
        for (var word : words) {
            upper.add(word.toUpperCase(Locale.ROOT));
        }
        return upper;
    }

    /// Items `\Sent=Sent`, as many as wanted.
    private static Map<String, String> specialUse(List<String> items) {
        var found = new LinkedHashMap<String, String>();
        for (var item : items) {
            int equals = item.indexOf('=');
            if (equals > 1) {
                found.put(item.substring(equals + 1), item.substring(0, equals));
            }
        }
        return found;
    }
}
