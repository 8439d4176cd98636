// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

/// The moments of an SMTP session at which a server asks whether it may go on, in the order in which a session meets them.
///
/// A stage says what is known by then: the client at `CONNECT`, its name at `HELO` (and EHLO), the domain whose mail
/// is asked for at `ETRN`, which has nothing to do with a message, the sender at `MAIL`, one recipient
/// at `RCPT` (and VRFY), all of them at `DATA` (and BDAT), the header fields at `END_OF_HEADER`, everything at `END_OF_MESSAGE`.
public enum SmtpStage {
    CONNECT,
    HELO,
    ETRN,
    MAIL,
    RCPT,
    DATA,
    END_OF_HEADER,
    END_OF_MESSAGE;

    /// The stage as log lines and manual pages name it: `END-OF-MESSAGE`.
    public String word() {
        return name().replace('_', '-');
    }
}
