// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.time.Duration;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.suite.IncomingParams;
import org.postino.suite.SmtpdParams;
import org.postino.tls.TlsParams;
import org.postino.tls.TlsServer;

/// The values of main.cf that a session needs, read once.
///
/// @param contentFilter `transport:nexthop`; empty if mail is not filtered
/// @param hideClient whether Received: header fields say nothing of the client
/// @param zone of the dates in header fields
record Settings(
        String hostname,
        String mailName,
        String banner,
        ZoneId zone,
        Duration timeout,
        Duration handshakeTimeout,
        long minDataRate,
        int lineLimit,
        int responseLimit,
        long messageLimit,
        String contentFilter,
        int recipientLimit,
        int recipientOvershoot,
        int softErrors,
        int hardErrors,
        int junkCommands,
        Duration errorSleep,
        boolean strictPaths,
        boolean heloRequired,
        boolean vrfyDisabled,
        boolean expn,
        boolean utf8,
        BareNewline bareNewline,
        int bareNewlineCode,
        boolean forbidSendingAhead,
        Set<String> noopCommands,
        Set<String> hiddenKeywords,
        boolean auth,
        boolean authNeedsTls,
        boolean oldAuthKeyword,
        boolean tlsRequired,
        boolean wrapper,
        boolean tlsInHeader,
        boolean clientCertificateAsked,
        boolean clientCertificateRequired,
        boolean loginInHeader,
        int tlsLogLevel,
        boolean hideClient,
        boolean requireTls,
        boolean logPort) {

    /// The treatments of lines that end in LF alone (`smtpd_forbid_bare_newline`).
    enum BareNewline {
        /// They are made CRLF.
        NORMALIZE,
        /// They are made CRLF, and logged.
        NOTE,
        REJECT
    }

    static Settings of(Config c, ZoneId zone) {
        String level = TlsServer.level(c);
        boolean wrapper = c.get(TlsParams.SMTPD_TLS_WRAPPERMODE);
        return new Settings(
                c.get(MainParams.MYHOSTNAME),
                c.get(MainParams.MAIL_NAME),
                c.get(SmtpdParams.SMTPD_BANNER),
                zone,
                c.get(SmtpdParams.SMTPD_TIMEOUT),
                c.get(SmtpdParams.SMTPD_STARTTLS_TIMEOUT),
                c.get(SmtpdParams.SMTPD_MIN_DATA_RATE),
                c.get(MainParams.LINE_LENGTH_LIMIT).intValue(),
                c.get(SmtpdParams.SMTPD_SASL_RESPONSE_LIMIT).intValue(),
                c.get(MainParams.MESSAGE_SIZE_LIMIT),
                c.get(IncomingParams.CONTENT_FILTER),
                c.get(SmtpdParams.SMTPD_RECIPIENT_LIMIT).intValue(),
                c.get(SmtpdParams.SMTPD_RECIPIENT_OVERSHOOT_LIMIT).intValue(),
                c.get(SmtpdParams.SMTPD_SOFT_ERROR_LIMIT).intValue(),
                c.get(SmtpdParams.SMTPD_HARD_ERROR_LIMIT).intValue(),
                c.get(SmtpdParams.SMTPD_JUNK_COMMAND_LIMIT).intValue(),
                c.get(SmtpdParams.SMTPD_ERROR_SLEEP_TIME),
                c.get(SmtpdParams.STRICT_RFC821_ENVELOPES),
                c.get(SmtpdParams.SMTPD_HELO_REQUIRED),
                c.get(SmtpdParams.DISABLE_VRFY_COMMAND),
                c.get(SmtpdParams.ENABLE_EXPN_COMMAND),
                c.get(SmtpdParams.SMTPUTF8_ENABLE),
                bareNewline(c.get(SmtpdParams.SMTPD_FORBID_BARE_NEWLINE)),
                c.get(SmtpdParams.SMTPD_FORBID_BARE_NEWLINE_REJECT_CODE).intValue(),
                c.get(SmtpdParams.SMTPD_FORBID_UNAUTH_PIPELINING),
                upper(c.get(SmtpdParams.SMTPD_NOOP_COMMANDS)),
                upper(c.get(SmtpdParams.SMTPD_DISCARD_EHLO_KEYWORDS)),
                c.get(SmtpdParams.SMTPD_SASL_AUTH_ENABLE),
                c.get(TlsParams.SMTPD_TLS_AUTH_ONLY) || level.equals("encrypt"),
                c.get(SmtpdParams.BROKEN_SASL_AUTH_CLIENTS),
                level.equals("encrypt"),
                wrapper,
                c.get(TlsParams.SMTPD_TLS_RECEIVED_HEADER),
                c.get(TlsParams.SMTPD_TLS_ASK_CCERT) || c.get(TlsParams.SMTPD_TLS_REQ_CCERT),
                c.get(TlsParams.SMTPD_TLS_REQ_CCERT) && (wrapper || level.equals("encrypt")),
                c.get(SmtpdParams.SMTPD_SASL_AUTHENTICATED_HEADER),
                c.get(TlsParams.SMTPD_TLS_LOGLEVEL).intValue(),
                c.get(SmtpdParams.SMTPD_HIDE_CLIENT_SESSION),
                c.get(MainParams.REQUIRETLS_ENABLE),
                c.get(SmtpdParams.SMTPD_CLIENT_PORT_LOGGING));
    }

    private static BareNewline bareNewline(String word) {
        return switch (word) {
            case "reject" -> BareNewline.REJECT;
            case "note" -> BareNewline.NOTE;
            default -> BareNewline.NORMALIZE; // "no" is no better: LF never ends a message here
        };
    }

    static Set<String> upper(List<String> words) {
        var set = new HashSet<String>();
        for (String word : words) {
            set.add(word.toUpperCase(Locale.ROOT));
        }
        return Set.copyOf(set);
    }
}
