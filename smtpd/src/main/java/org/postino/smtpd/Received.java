// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.message.MailDate;
import org.postino.tls.TlsSession;
import org.postino.util.Printable;

/// The Received: header field that marks our receipt of a message (RFC 5321, 4.4).
final class Received {
    private static final int MAX_HELO = 200;

    private final String hostname;
    private final String mailName;
    private final ZoneId zone;
    private final boolean showTls;
    private final boolean certificateAsked;
    private final boolean showLogin;
    private final boolean hide;

    Received(Settings settings) {
        hostname = settings.hostname();
        mailName = settings.mailName();
        zone = settings.zone();
        showTls = settings.tlsInHeader();
        hide = settings.hideClient();
        certificateAsked = settings.clientCertificateAsked();
        showLogin = settings.loginInHeader();
    }

    /// The field with its CRLF.
    ///
    /// @param only the recipient, if there is just one: several do not learn of each other
    String print(
            SessionState state,
            String queueId,
            boolean smtputf8,
            @Nullable Address only,
            Instant now) {
        if (hide) {
            return "Received: by "
                    + hostname
                    + " ("
                    + mailName
                    + ") id "
                    + queueId
                    + end(only, now);
        }
        var out = new StringBuilder("Received: from ");
        String helo = state.helo == null ? "unknown" : comment(state.helo);
        out.append(helo.isEmpty() ? "unknown" : helo).append(" (");
        out.append(comment(state.client.name()));
        out.append(" [").append(state.client.literal()).append("])\r\n");
        var tls = state.tls;
        if (showTls && tls != null) {
            out.append("\t(using ").append(comment(tls.toString()).replace("?", ""));
            out.append(")\r\n\t(").append(certificate(tls)).append(")\r\n");
        }
        var login = state.login;
        if (showLogin && login != null) {
            out.append("\t(Authenticated sender: ").append(comment(login.user())).append(")\r\n");
        }
        out.append("\tby ").append(hostname).append(" (").append(mailName).append(") with ");
        out.append(with(state, smtputf8));
        if (!queueId.equals(Transaction.NO_QUEUE)) {
            out.append(" id ").append(queueId);
        }
        return out.append(end(only, now)).toString();
    }

    private String end(@Nullable Address only, Instant now) {
        return (only == null ? ";\r\n\t" : "\r\n\tfor " + Printable.text(only.path()) + "; ")
                + MailDate.print(now, zone)
                + "\r\n";
    }

    /// The certificate that the client showed: `Client CN "NAME", Issuer "NAME" (verified OK)`.
    private String certificate(TlsSession tls) {
        var certificate = tls.peer().certificate();
        if (certificate != null) {
            return "Client CN \""
                    + comment(certificate.name())
                    + "\", Issuer \""
                    + comment(certificate.issuer())
                    + "\" ("
                    + (tls.trustedCertificate() == null ? "not verified" : "verified OK")
                    + ")";
        }
        return certificateAsked
                ? "Client did not present a certificate"
                : "No client certificate requested";
    }

    /// `ESMTPSA` (RFC 3848), `UTF8SMTPS` (RFC 6531, 4.3).
    private static String with(SessionState state, boolean smtputf8) {
        String base = smtputf8 ? "UTF8SMTP" : state.protocol();
        return base
                + (state.esmtp && state.secured ? "S" : "")
                + (state.esmtp && state.login != null ? "A" : "");
    }

    /// Text that cannot end the field, its comment or its line.
    private static String comment(String text) {
        return Printable.without("<>()\\\";", text, MAX_HELO);
    }
}
