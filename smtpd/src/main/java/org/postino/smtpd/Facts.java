// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.tls.TlsSession;
import org.postino.util.Printable;

/// The facts about a session at one moment, for restrictions and log lines.
///
/// @param sender null before MAIL
/// @param recipient null unless one recipient is in question
/// @param queueId or `NOQUEUE`
/// @param secured true if the session is encrypted
/// @param sentAhead true if the client has pipelined where it may not
/// @param recipients the number accepted so far
/// @param server our end of the connection; null on a Unix socket
/// @param tls null unless the session is encrypted
/// @param etrnDomain the domain given with ETRN, whose mail shall be sent; null at every other command
record Facts(
        Client client,
        @Nullable String helo,
        String protocol,
        @Nullable Address sender,
        @Nullable Address recipient,
        @Nullable Login login,
        String queueId,
        boolean secured,
        boolean sentAhead,
        int recipients,
        @Nullable InetSocketAddress server,
        @Nullable TlsSession tls,
        @Nullable String etrnDomain,
        OfMessage message) {
    /// The facts about a message that only some want to know.
    ///
    /// @param instance the same text for all requests about one message; empty before MAIL was accepted
    /// @param size in bytes: as the client says, or as it is when the content is there; 0 if nobody knows
    /// @param saslSender the user who submitted the message first, as the client says; empty if it does not
    record OfMessage(String instance, long size, String saslSender) {
        static final OfMessage NONE = new OfMessage("", 0, "");
    }

    /// The end of a `reject:` line: `; from=<S> to=<R> proto=ESMTP helo=<H>`.
    String context() {
        var out = new StringBuilder(";");
        if (sender != null) {
            out.append(" from=").append(Printable.text(sender.path()));
        }
        if (recipient != null) {
            out.append(" to=").append(Printable.text(recipient.path()));
        }
        out.append(" proto=").append(protocol);
        if (helo != null) {
            out.append(" helo=<").append(Printable.text(helo)).append('>');
        }
        if (login != null) {
            out.append(" sasl_method=").append(login.method());
            out.append(" sasl_username=").append(Printable.text(login.user()));
        }
        return out.toString();
    }
}
