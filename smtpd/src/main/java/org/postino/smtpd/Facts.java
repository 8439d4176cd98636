// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.util.Printable;

/// The facts about a session at one moment, for restrictions and log lines.
///
/// @param sender null before MAIL
/// @param recipient null unless one recipient is in question
/// @param queueId or `NOQUEUE`
/// @param secured true if the session is encrypted
/// @param sentAhead true if the client has pipelined where it may not
/// @param recipients the number accepted so far
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
        int recipients) {

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
