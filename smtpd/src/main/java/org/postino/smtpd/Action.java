// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import org.postino.smtp.Reply;

/// An answer of an [Inspector] that lets a request not just pass; [Inspection#act] carries each out.
sealed interface Action {
    /// Refuses the request with a reply of 4xx or 5xx. Nobody else is asked; 421 and 521 end the session.
    record Refuse(Reply reply) implements Action, Verdict {}

    /// Takes the message and puts it in the hold queue.
    ///
    /// @param text for the log, here and below
    record Hold(String text) implements Action {}

    /// Takes the message and throws it away.
    record Discard(String text) implements Action {}

    /// Sends the message to this address and not to its recipients.
    record Redirect(String address, String text) implements Action {}

    /// Sends the message to this address as well.
    record Bcc(String address, String text) implements Action {}

    /// Puts a header field in front of the message, `Name: text` without its line end.
    record Prepend(String field) implements Action {}

    /// Logs a line `warn: ...`.
    record Warn(String text) implements Action {}

    /// Logs a line `info: ...`.
    record Note(String text) implements Action {}
}
